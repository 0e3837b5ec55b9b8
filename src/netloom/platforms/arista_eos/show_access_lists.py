"""Access lists at work, as `show ip access-lists` and `show ipv6 access-lists` tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.model.acl import Acl, AclEntryState, AclState
from netloom.platforms.acl_text import option_words, read_rule, rule_state
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, items, text
from netloom.platforms.replies import Reader

READ = (Read("show ip access-lists | json"), Read("show ipv6 access-lists | json"))

_HEAD = re.compile(
    r"^(?P<standard>Standard )?(?P<family>IP|IPV6|IPv6|MAC) Access List (?P<name>\S+)",
    re.MULTILINE,
)
_RULE = re.compile(
    r" +(?:(?P<sequence>\d+) +)?(?P<rule>(?:permit|deny|remark)\b.*?)(?: +\[match(?:es)? (?P<matches>\d+)[^\]]*\])?\s*"
)


def acls(outputs: tuple[str, ...]) -> list[AclState]:
    """Every list with its rules; lists of MAC addresses have no place here."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[AclState]:
    if "aclList" not in document:
        raise ValueError(f"expected a reply about access lists, got members {', '.join(document)[:80]!r}")
    for told in items(document["aclList"]):
        kind = (text(told, "type") or "Ip4Acl").lower()
        if kind.startswith("mac"):
            continue
        standard = told.get("standard") is True or "std" in kind or "standard" in kind
        whole = _empty(str(told["name"]), ipv6="ip6" in kind, standard=standard)
        rules = [_json_rule(whole, rule) for rule in items(told.get("sequence"))]
        yield replace(whole, entries=tuple(rules))


def _json_rule(whole: AclState, rule: Object) -> AclEntryState:
    counted = rule.get("counterData")
    packets = integer(counted, "packetCount") if isinstance(counted, dict) else None
    return _rule(whole, integer(rule, "sequenceNumber"), text(rule, "text") or "", packets)


def _empty(name: str, *, ipv6: bool, standard: bool) -> AclState:
    return AclState(name, "ipv6" if ipv6 else "ipv4", "standard" if standard else "extended")


def _rule(whole: AclState, sequence: int | None, rule: str, matches: int | None) -> AclEntryState:
    """One rule; the words that no field holds, in their order, are its options."""
    entry = read_rule(
        rule,
        sequence or 0,
        Acl(
            whole.name,
            family="ipv6" if whole.family == "ipv6" else "ipv4",
            type="standard" if whole.type == "standard" else "extended",
        ),
    )
    return rule_state(entry, option_words(entry), matches)


def _screen(output: str) -> Iterator[AclState]:
    for head, body in reply.sections(_HEAD, output):
        if head["family"] == "MAC":
            continue
        whole = _empty(head["name"], ipv6=head["family"].lower() == "ipv6", standard=bool(head["standard"]))
        rules = (_RULE.fullmatch(line) for line in body.splitlines())
        entries = [
            _rule(whole, reply.integer(rule["sequence"]), rule["rule"], reply.integer(rule["matches"]))
            for rule in rules
            if rule
        ]
        yield replace(whole, entries=tuple(entries))


READERS = (reply.json_reader(_json), Reader(_HEAD, lambda output: list(_screen(output))))
