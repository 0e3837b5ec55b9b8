"""`show access-lists`: the rules of each list and how often they decided."""

from __future__ import annotations

import re
from typing import Literal

from netloom.model.acl import Acl, AclEntry, AclEntryState, AclState
from netloom.platforms.acl_text import read_rule, rule_state
from netloom.platforms.cisco_nxos.screens import sections
from netloom.platforms.cisco_nxos.tables import everywhere, holds, number, replies, rows, word
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object

READ = (Read("show ip access-lists"), Read("show ipv6 access-lists"))
KNOWS_REPLY = holds(r"TABLE_ip_ipv6_mac|op_ip_ipv6_mac|TABLE_seqno")
KNOWS = re.compile(
    r"^\s*(?:IPv4 ACL|IPv6 ACL|(?:IP|IPv6|IPV4|IPV6|MAC)\s+access[ -]list)\s+\S+", re.MULTILINE | re.IGNORECASE
)

_FAMILIES = {"ip": "ipv4", "ipv4": "ipv4", "ipv6": "ipv6", "mac": "mac"}
_IP = {"ipv4": "ip", "ipv6": "ipv6"}
_FLAGS = ("established", "ack", "fin", "psh", "rst", "syn", "urg", "fragments", "log")
_LIST = re.compile(r"^\s*(IPv6|IPv4|IP|MAC)\s+(?:access[ -]list|ACL)\s+(\S+)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_MAC = r"any|(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4} (?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}"
_MAC_RULE = re.compile(
    rf"(?P<action>permit|deny)\s+(?P<source>{_MAC})\s+(?P<destination>{_MAC})(?:\s+(?P<rest>\S.*?))?"
)
_RULE = re.compile(r"^\s*(\d+)\s+((?:permit|deny|remark)\b.*?)[ \t]*(?:\[match=(\d+)\])?[ \t]*$", re.MULTILINE)


def lists(output: str) -> list[AclState]:
    """Every list of the screen."""
    return [
        _list(_FAMILIES[heading[1].lower()], heading[2], _RULE.findall(body))
        for heading, body in sections(output, _LIST)
    ]


def _list(family: str, name: str, rules: list[tuple[str, str, str]]) -> AclState:
    acl = Acl(name, "ipv6" if family == "ipv6" else "ipv4")
    return AclState(
        name=name,
        family=family,
        type="extended",
        entries=tuple(
            _entry(_rule(text, int(sequence), acl, family), int(matches) if matches else None)
            for sequence, text, matches in rules
        ),
    )


def _rule(text: str, sequence: int, acl: Acl, family: str) -> AclEntry:
    """A rule of any family; those over MAC addresses have no protocol before their ends."""
    if family != "mac" or (match := _MAC_RULE.fullmatch(text)) is None:
        return read_rule(text, sequence, acl)
    action: Literal["permit", "deny"] = "permit" if match["action"] == "permit" else "deny"
    return AclEntry(sequence, action, source=match["source"], destination=match["destination"], options=match["rest"])


def _entry(rule: AclEntry, matches: int | None) -> AclEntryState:
    extras = [
        rule.icmp_type,
        "established" if rule.established else None,
        *rule.tcp_flags,
        f"dscp {rule.dscp}" if rule.dscp else None,
        "fragments" if rule.fragments else None,
        "log" if rule.log else None,
        rule.options,
    ]
    return rule_state(rule, extras, matches)


def list_replies(output: str) -> list[AclState]:
    """Every list of the replies."""
    return [
        AclState(
            name=name,
            family=family,
            type="extended",
            entries=tuple(_entry_reply(family, rule) for rule in rows(row, "seqno")),
        )
        for reply in replies(output)
        for row in everywhere(reply, "ip_ipv6_mac")
        if (name := word(row, "acl_name")) and (family := _FAMILIES.get(word(row, "op_ip_ipv6_mac") or "ip")) in _IP
    ]


def _entry_reply(family: str, row: Object) -> AclEntryState:
    """The members of a rule, put together as the screen has them and read alike."""
    if remark := word(row, "remark"):
        text = f"remark {remark}"
    else:
        said = [word(row, "permitdeny"), word(row, "proto_str", "proto") or _IP[family], *_side(row, "src")]
        said += [*_side(row, "dest"), word(row, "icmp_str", "icmpv6_str"), *(word(row, flag) for flag in _FLAGS)]
        said += [f"dscp {dscp}" if (dscp := word(row, "dscp_str", "dscp")) else None]
        text = " ".join(each for each in said if each)
    acl = Acl("", "ipv6" if family == "ipv6" else "ipv4")
    return _entry(read_rule(text, number(row, "seqno") or 0, acl), number(row, "match_count"))


def _side(row: Object, side: str) -> list[str]:
    """An end of a rule: its address, and its ports by their operator."""
    host, prefix = (
        word(row, f"{side}_ip_addr", f"{side}_ipv6_addr"),
        word(row, f"{side}_ip_prefix", f"{side}_ipv6_prefix"),
    )
    mask = word(row, f"{side}_ip_mask", f"{side}_ipv6_mask")
    group = word(row, f"{side}_addrgrp")
    address = (
        f"addrgroup {group}" if group else prefix or (f"{host} {mask}" if mask else f"host {host}" if host else "any")
    )
    operator, ports = word(row, f"{side}_port_op"), []
    if operator:
        ports = [word(row, f"{side}_port{at}_str", f"{side}_port{at}_num") or "" for at in ("1", "2")]
    return [address, operator or "", *ports]
