"""`show access-lists`, `show ip access-lists` and `show ipv6 access-list`: rules and how often they matched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.model.acl import Acl, AclEntry, AclEntryState, AclState
from netloom.platforms.acl_text import option_words, read_rule, rule_state
from netloom.platforms.cisco_ios import screen
from netloom.platforms.replies import Reader

_HEADER = re.compile(
    r"(?m)^ *(?:(?P<type>Standard|Extended|Reflexive|Role-based) )?(?P<family>IP|IPv6|MAC)(?:v4)? access[ -]list "
    r"(?P<name>\S+)[^\n]*$"
)
_ROW = re.compile(
    r"^\s*(?:sequence )?(?P<sequence>\d+)?\s*(?P<rule>(?:permit|deny|remark|Dynamic|evaluate)\b.*?)"
    r"(?: sequence (?P<after>\d+))?\s*$"
)
_MATCHES = re.compile(r"\s*\((?:[^()]*?, )?(?P<count>\d+) match(?:es)?(?:\s*\(?s\)?)?[^()]*\)")
_TAG = re.compile(r"\s*\(tag = [^)]*\)")
_WILDCARD = re.compile(r", wildcard bits ")
_SERVICE = re.compile(r"(?P<action>permit|deny) object-group (?P<name>\S+) (?P<rest>.*)")
_FAMILIES = {"IP": "ipv4", "IPv6": "ipv6", "MAC": "mac"}


def _lists(text: str) -> Iterator[AclState]:
    for head, block in screen.blocks(text, _HEADER):
        kind = (head["type"] or ("extended" if head["family"] != "IP" else "")).lower() or None
        entries = [entry for line in block.splitlines()[1:] if (entry := _entry(line, head["family"], kind))]
        yield AclState(name=head["name"], family=_FAMILIES[head["family"]], type=kind, entries=tuple(entries))


def _entry(line: str, family: str, kind: str | None) -> AclEntryState | None:
    words = _TAG.sub("", line)
    matches = _MATCHES.search(words)
    row = _ROW.match(_MATCHES.sub("", words))
    if row is None:
        if re.match(r"^\s*\d+\s+\w", line):
            raise ValueError(f"expected a rule of an access list, got {line.strip()[:100]!r}")
        return None
    rule = _read(_WILDCARD.sub(" ", row["rule"]), family, kind)
    rule = replace(rule, sequence=screen.integer(row["sequence"] or row["after"]) or 0)
    return rule_state(rule, option_words(rule), int(matches["count"]) if matches else None)


def _read(text: str, family: str, kind: str | None) -> AclEntry:
    """The rule; one with a group of services in the place of its protocol, or an extended one in a standard list."""
    acl = Acl("", "ipv6" if family == "IPv6" else "ipv4", "standard" if kind == "standard" else "extended")
    if service := _SERVICE.match(text):
        rule = read_rule(f"{service['action']} ip {service['rest']}", 0, acl)
        return _with_protocol(rule, f"group {service['name']}") if rule.source else read_rule(text, 0, acl)
    rule = read_rule(text, 0, acl)
    if rule.source is None and acl.type == "standard":
        return read_rule(text, 0, Acl("", acl.family, "extended"))
    return rule


def _with_protocol(rule: AclEntry, protocol: str) -> AclEntry:
    return AclEntry(
        rule.sequence,
        rule.action,
        protocol=protocol,
        source=rule.source,
        destination=rule.destination,
        log=rule.log,
        options=rule.options,
    )


READERS = (Reader(_HEADER, _lists),)
