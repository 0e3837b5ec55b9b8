"""Access lists of an IOS device."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from netloom.errors import Unsupported
from netloom.model.acl import Acl, AclEntry, AclState
from netloom.model.config import Config, Line
from netloom.platforms.acl_text import Dialect, canonical_rule, read_rule, write_rule
from netloom.platforms.cisco_ios import acl_numbers, screen, show_access_lists
from netloom.platforms.cisco_ios.acl_numbers import NAMED, NAMED6
from netloom.platforms.cisco_ios.acl_wish import as_wished
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.contract import Read

READ = (Read("show ip access-lists"), Read("show ipv6 access-list"))
COMPLEMENT = True
DIALECT = Dialect(wildcards=True, bare_host=True, upper=True, protocols={"icmpv6": "icmp"})


def configured(config: Config) -> list[Acl]:
    """Every list of both families, its rules by their numbers."""
    found = []
    for header, below in config.tree.items():
        if (empty := _list(header)) is not None:
            rules = acl_numbers.rules(below)
            found.append(replace(empty, entries=tuple(read_rule(text, number, empty) for number, text in rules)))
    return found


def lines(record: Acl, config: Config) -> list[Line]:
    """Its section; where the configuration spells a rule otherwise, as it does."""
    header = _header(record)
    present: dict[AclEntry, str] = {}
    for number, words in acl_numbers.rules(config.section(header)):
        present[read_rule(words, number, record)] = words
    found = [Line(header)]
    for entry in canonical(record).entries:
        words = present.get(entry) or write_rule(entry, record, DIALECT)
        found.append(Line(acl_numbers.with_number(header, entry.sequence, words), (header,)))
    return found


def render(have: Acl | None, want: Acl | None, config: Config) -> list[Line]:
    """The least change; where rules have no printed numbers, their order counts and their numbers do not."""
    if want is not None:
        want = as_wished(have, want, config.marks)
        if have is not None and have.type != want.type:
            raise Unsupported(
                f"access list {want.name}: IOS cannot turn a {have.type} list into a {want.type} one",
                device="",
                hint="use another name",
            )
    return change(have, want, config, lines)


def unsure(config: Config) -> str | None:
    """Releases that print no numbers count rules by their place, which moves with every change."""
    if acl_numbers.UNNUMBERED not in config.marks:
        return None
    return "this release of IOS prints no numbers of rules, and so another rule has it after each change"


def canonical(record: Acl) -> Acl:
    """Rules by their numbers, in one spelling."""
    if record.family == "ipv6":
        record = replace(record, type="extended")
    entries = sorted(record.entries, key=lambda entry: entry.sequence)
    return replace(record, entries=tuple(canonical_rule(entry, record) for entry in entries))


def _list(header: str) -> Acl | None:
    if match := NAMED.fullmatch(header):
        return Acl(match[2], type=cast("Literal['standard', 'extended']", match[1]))
    if match := NAMED6.fullmatch(header):
        return Acl(match[1], family="ipv6")
    return None


def _header(record: Acl) -> str:
    if record.family == "ipv6":
        return f"ipv6 access-list {record.name}"
    return f"ip access-list {record.type} {record.name}"


def observed(*outputs: str) -> list[AclState]:
    """Every list, its rules and how often they matched."""
    return screen.records(outputs, show_access_lists.READERS)
