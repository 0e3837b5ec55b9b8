"""NTP, accounts, access lists, SNMP and logging of a simulated Nexus."""

from __future__ import annotations

import re
from typing import Any

from netloom.lab.simulation.device import Command
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell
from netloom.model.ntp import Ntp, NtpServer
from netloom.model.user import User

_STARTED = "Nov 20 10:00"
_ANY = "0.0.0.0"  # noqa: S104 - as shown


def _servers(shell: NxosShell) -> list[NtpServer]:
    return [server for record in shell.device.records("ntp") if isinstance(record, Ntp) for server in record.servers]


def _ntp_peers(shell: NxosShell) -> Answer:
    found = _servers(shell)
    rule = "-" * 50 + "\n"
    text = f"{rule}  Peer IP Address               Serv/Peer          \n{rule}"
    rows = [(server.address, "Peer" if server.peer else "Server") for server in found]
    text += "".join(f"  {address:<30}  {kind} (configured)  \n" for address, kind in rows)
    data = ({"PeerIPAddress": address, "serv_peer": kind, "conf_flag": "(configured)"} for address, kind in rows)
    return Answer(text, table("peers", data))


def _ntp_status(shell: NxosShell) -> Answer:
    found = _servers(shell)
    text = (
        f"Total peers : {len(found)}\n* - selected for sync, + -  peer mode(active),\n"
        "- - peer mode(passive), = - polled in client mode\n"
        "remote                                 local                                   st   poll   reach delay   vrf\n"
        f"{'-' * 120}\n"
    )
    rows: list[dict[str, Any]] = []
    for at, server in enumerate(found):
        mark = "*" if at == 0 else "="
        text += f"{mark}{server.address:<38} {_ANY:<38} {2:>3} {64:>6} {377:>7} 0.00105 {server.vrf}\n"
        rows.append(
            {
                "syncmode": mark,
                "remote": server.address,
                "local": _ANY,
                "st": 2,
                "poll": 64,
                "reach": "377",
                "delay": "0.00105",
                "vrf": server.vrf,
            }
        )
    return Answer(text, {"total_peers": str(len(found)), **table("peersstatus", rows)} if rows else {})


def _accounts(shell: NxosShell) -> Answer:
    device = shell.device
    found = {device.spec.username: User(device.spec.username, roles=("network-admin",))}
    found |= {record.name: record for record in device.records("user") if isinstance(record, User)}
    text, rows = "", []
    for user in found.values():
        roles = user.roles or ("network-operator",)
        key = str(user.ssh_keys[0]) if user.ssh_keys else ""
        text += f"user:{user.name}\n        this user account has no expiry date\n        roles:{' '.join(roles)} \n"
        text += f"        ssh public key: {key}\n" if key else ""
        rows.append(
            {
                "usr_name": user.name,
                "expire_date": "this user account has no expiry date",
                **table("role", ({"role": role} for role in roles)),
                "sshkey_info": key or None,
            }
        )
    return Answer(text, table("template", rows))


def _sessions(shell: NxosShell) -> Answer:
    address = "127.0.0.1"
    text = "NAME     LINE         TIME         IDLE          PID COMMENT\n"
    text += f"{shell.user:<8} pts/0        {_STARTED}   .            4711 ({address}) session=ssh *\n"
    row = {
        "p_name": shell.user,
        "line": "pts/0",
        "time": _STARTED,
        "idle": ".",
        "pid": "4711",
        "comment": f"({address}) session=ssh *",
    }
    return Answer(text, table("sessions", [row]))


def _access_lists(shell: NxosShell, family: str) -> Answer:
    """The lists as they are configured; nothing has matched a rule that says `statistics`."""
    title = "IP" if family == "ip" else "IPv6"
    text, rows = "", []
    for header, below in shell.device.config.tree.items():
        match = re.fullmatch(rf"{family} access-list (\S+)", header)
        if match is None:
            continue
        rules = [rule for rule in below if rule.split()[0].isdigit()]
        counted = "statistics per-entry" in below
        text += f"\n{title} access list {match[1]}\n"
        text += "        statistics per-entry \n" if counted else ""
        text += "".join(
            f"        {rule} {'[match=0] ' if counted else ''}\n"
            for rule in sorted(rules, key=lambda rule: int(rule.split()[0]))
        )
        rows.append(
            {"op_ip_ipv6_mac": family, "acl_name": match[1], **table("seqno", (_rule_row(rule) for rule in rules))}
        )
    return Answer(text, table("ip_ipv6_mac", rows))


def _rule_row(rule: str) -> dict[str, Any]:
    number, action, *rest = rule.split()
    if action == "remark":
        return {"seqno": number, "remark": " ".join(rest)}
    return {"seqno": number, "permitdeny": action, "proto_str": rest[0] if rest else None, "rule": " ".join(rest)}


def _logging(shell: NxosShell) -> Answer:
    del shell
    return Answer(
        "Logging console:                enabled (Severity: critical)\n"
        "Logging monitor:                enabled (Severity: notifications)\n"
    )


COMMANDS = (
    Command("show ntp peers", _ntp_peers),
    Command("show ntp peer-status", _ntp_status),
    Command("show user-account", _accounts),
    Command("show users", _sessions),
    Command("show ip access-lists", lambda shell: _access_lists(shell, "ip")),
    Command("show ipv6 access-lists", lambda shell: _access_lists(shell, "ipv6")),
    Command("show logging info", _logging),
)
