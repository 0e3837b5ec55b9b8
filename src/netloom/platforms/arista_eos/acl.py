"""Access lists."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.acl import Acl, AclEntry, AclState
from netloom.model.config import Config, Line, Tree
from netloom.platforms.acl_text import Dialect, canonical_rule, read_rule, write_rule
from netloom.platforms.arista_eos import show_access_lists
from netloom.platforms.arista_eos.change import change
from netloom.platforms.refusals import refuse

READ = show_access_lists.READ

_HEADER = re.compile(r"(ip|ipv6) access-list (standard )?(\S+)")
_ENTRY = re.compile(r"(\d+) (.*)")
_DIALECT = Dialect()


def configured(config: Config) -> list[Acl]:
    """Lists of both families, standard and extended."""
    return [
        _acl(match, below)
        for header, below in config.tree.items()
        if " access-list " in header and (match := _HEADER.fullmatch(header))
    ]


def lines(record: Acl, config: Config) -> list[Line]:
    """Its section; entries spelled as the configuration does where they mean the same."""
    shown = canonical(record)
    words = "ip access-list" if record.family == "ipv4" else "ipv6 access-list"
    header = f"{words} {'standard ' if record.type == 'standard' else ''}{record.name}"
    present = {_read(match, shown): match[0] for text in config.section(header) if (match := _ENTRY.fullmatch(text))}
    found = [Line(header)]
    for entry in shown.entries:
        text = present.get(entry) or f"{entry.sequence} {write_rule(entry, _kind(shown), _DIALECT)}"
        found.append(Line(text, (header,)))
    return found


def render(have: Acl | None, want: Acl | None, config: Config) -> list[Line]:
    """The least change; an entry that changes goes before it comes again under its number."""
    for entry in want.entries if want is not None else ():
        refuse(entry, ("name",), f"acl, entry {entry.sequence}", "EOS' rules have no", hint="a remark may tell it")
        if want is not None and want.type == "standard" and (entry.destination or entry.source_ports):
            place = f"acl {want.name}, entry {entry.sequence}"
            raise Unsupported(f"{place}: a standard list looks at sources only", device="", hint="type: extended")
    return change(have, want, config, lines)


def canonical(record: Acl) -> Acl:
    """Entries by their numbers, in the one spelling that a rule read has."""
    entries = (canonical_rule(entry, _kind(record)) for entry in record.entries)
    return replace(record, entries=tuple(sorted(entries, key=lambda entry: entry.sequence)))


def _acl(match: re.Match[str], below: Tree) -> Acl:
    found = Acl(match[3], "ipv4" if match[1] == "ip" else "ipv6", "standard" if match[2] else "extended")
    entries = (_read(entry, found) for text in below if (entry := _ENTRY.fullmatch(text)))
    return replace(found, entries=tuple(sorted(entries, key=lambda entry: entry.sequence)))


def _read(match: re.Match[str], acl: Acl) -> AclEntry:
    return canonical_rule(read_rule(match[2], int(match[1]), _kind(acl)), _kind(acl))


def _kind(acl: Acl) -> Acl:
    """A standard list's rules have one grammar in both families."""
    return replace(acl, family="ipv4", entries=()) if acl.type == "standard" else replace(acl, entries=())


def observed(*outputs: str) -> list[AclState]:
    """Every access list, as eAPI or the command line tells."""
    return show_access_lists.acls(outputs)
