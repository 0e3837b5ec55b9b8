"""`show access-lists`: the rules of each list and how often they decided."""

from __future__ import annotations

import re

from netloom.model.acl import Acl, AclEntry, AclEntryState, AclState
from netloom.platforms.acl_text import read_rule
from netloom.platforms.cisco_nxos.screens import sections
from netloom.platforms.cisco_nxos.tables import everywhere, holds, number, replies, rows, word
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object

READ = (Read("show ip access-lists"), Read("show ipv6 access-lists"))
KNOWS_REPLY = holds(r"TABLE_ip_ipv6_mac|op_ip_ipv6_mac|TABLE_seqno")
KNOWS = re.compile(
    r"^\s*(?:IPv4 ACL|IPv6 ACL|(?:IP|IPv6|IPV4|IPV6|MAC)\s+access[ -]list)\s+\S+", re.MULTILINE | re.IGNORECASE
)

_LIST = re.compile(r"^\s*(IPv6|IPv4|IP|MAC)\s+(?:access[ -]list|ACL)\s+(\S+)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_RULE = re.compile(r"^\s*(\d+)\s+((?:permit|deny|remark)\b.*?)[ \t]*(?:\[match=(\d+)\])?[ \t]*$", re.MULTILINE)


def lists(output: str) -> list[AclState]:
    """Every IPv4 and IPv6 list of the screen; those over MAC addresses are another matter."""
    return [
        _list("ipv6" if heading[1].lower() == "ipv6" else "ipv4", heading[2], _RULE.findall(body))
        for heading, body in sections(output, _LIST)
        if heading[1].lower() != "mac"
    ]


def _list(family: str, name: str, rules: list[tuple[str, str, str]]) -> AclState:
    acl = Acl(name, "ipv6" if family == "ipv6" else "ipv4")
    return AclState(
        name=name,
        family=family,
        type="extended",
        entries=tuple(
            _entry(read_rule(text, int(sequence), acl), int(matches) if matches else None)
            for sequence, text, matches in rules
        ),
    )


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
    return AclEntryState(
        sequence=rule.sequence,
        action=rule.action,
        remark=rule.remark,
        protocol=rule.protocol,
        source=rule.source,
        source_ports=rule.source_ports,
        destination=rule.destination,
        destination_ports=rule.destination_ports,
        options=" ".join(extra for extra in extras if extra) or None,
        matches=matches,
    )


def list_replies(output: str) -> list[AclState]:
    """Every list of the replies."""
    return [
        AclState(
            name=name,
            family="ipv6" if word(row, "op_ip_ipv6_mac") == "ipv6" else "ipv4",
            type="extended",
            entries=tuple(_entry_reply(rule) for rule in rows(row, "seqno")),
        )
        for reply in replies(output)
        for row in everywhere(reply, "ip_ipv6_mac")
        if (name := word(row, "acl_name")) and word(row, "op_ip_ipv6_mac") != "mac"
    ]


def _entry_reply(row: Object) -> AclEntryState:
    return AclEntryState(
        sequence=number(row, "seqno"),
        action=word(row, "permitdeny"),
        remark=word(row, "remark"),
        protocol=word(row, "proto_str", "proto", "ip", "ipv6"),
        source=_address(row, "src"),
        source_ports=_ports(row, "src"),
        destination=_address(row, "dest"),
        destination_ports=_ports(row, "dest"),
        matches=number(row, "match_num", "matchcount", "match"),
    )


def _address(row: Object, side: str) -> str | None:
    if word(row, f"{side}_any"):
        return "any"
    if group := word(row, f"{side}_addrgrp", f"{side}_addr_group"):
        return f"group {group}"
    return word(row, f"{side}_ip_prefix", f"{side}_ipv6_prefix", f"{side}_ip_host", f"{side}_ip")


def _ports(row: Object, side: str) -> str | None:
    operator = word(row, f"{side}_port_op")
    ports = [port for at in ("1", "2") if (port := word(row, f"{side}_port{at}_num", f"{side}_port{at}_str"))]
    return " ".join((operator, *ports)) if operator and ports else None
