"""What an EOS device says of its services: time, SNMP, access lists, logging, its API."""

from __future__ import annotations

import re
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.arista_eos.shell import EosShell
from netloom.model.ntp import Ntp, NtpServer
from netloom.model.snmp_server import SnmpServer

_LIST = re.compile(r"(?P<family>ip|ipv6) access-list (?P<standard>standard )?(?P<name>\S+)")
_RULE = re.compile(r"(?P<number>\d+) (?P<text>.*)")
_POLL_S, _UNSYNCHRONISED = 64, 16


def _servers(device: Device) -> list[NtpServer]:
    return [server for record in device.records("ntp") if isinstance(record, Ntp) for server in record.servers]


def _associations(shell: EosShell) -> Answer:
    """Servers as configured; a simulated device never asks one."""
    listed = _servers(shell.device)
    if not listed:
        return Answer("NTP is disabled.\n", {"peers": {}})
    text = (
        "     remote           refid      st t when poll reach   delay   offset  jitter\n"
        "==============================================================================\n"
    )
    data = {}
    for server in listed:
        kind = "s" if server.peer else "u"
        text += f" {server.address:<15} {'.INIT.':<15} {_UNSYNCHRONISED:>2} {kind}    - {_POLL_S:>4}"
        text += "    0    0.000    0.000   0.000\n"
        data[server.address] = {
            "condition": "reject",
            "peerIpAddr": server.address,
            "refid": ".INIT.",
            "stratumLevel": _UNSYNCHRONISED,
            "peerType": "symmetric" if server.peer else "unicast",
            "pollInterval": _POLL_S,
            "reachabilityHistory": [False] * 8,
            "delay": 0.0,
            "offset": 0.0,
            "jitter": 0.0,
        }
    return Answer(text, {"peers": data})


def _ntp_status(shell: EosShell) -> Answer:
    if not _servers(shell.device):
        return Answer("NTP is disabled.\n", {"status": "disabled"})
    text = f"unsynchronised\n   time server re-starting\n   polling server every {_POLL_S} s\n"
    return Answer(text, {"status": "unsynchronised"})


def _snmp(shell: EosShell) -> SnmpServer | None:
    found = (record for record in shell.device.records("snmp_server") if isinstance(record, SnmpServer))
    return next(found, None)


def _chassis(shell: EosShell) -> Answer:
    return Answer(f"Chassis: {shell.device.serial}\n", {"chassisId": shell.device.serial})


def _location(shell: EosShell) -> Answer:
    own = _snmp(shell)
    said = (own.location if own is not None else None) or ""
    return Answer(f"Location: {said}\n", {"location": said})


def _contact(shell: EosShell) -> Answer:
    own = _snmp(shell)
    said = (own.contact if own is not None else None) or ""
    return Answer(f"Contact: {said}\n", {"contact": said})


def _access_lists(shell: EosShell, family: str) -> Answer:
    text, listed = "", []
    for header, below in shell.device.config.sections(f"{family} access-list "):
        head = _LIST.fullmatch(header)
        if head is None:
            continue
        rules = [match for line in below if (match := _RULE.fullmatch(line))]
        kind = "Standard " if head["standard"] else ""
        text += f"{kind}{'IP' if family == 'ip' else 'IPv6'} Access List {head['name']}\n"
        text += "".join(f"        {rule[0]}\n" for rule in rules) + "\n"
        sequence: list[dict[str, Any]] = [
            {"sequenceNumber": int(rule["number"]), "text": rule["text"], "counterData": {}} for rule in rules
        ]
        listed.append(
            {
                "name": head["name"],
                "type": "Ip4Acl" if family == "ip" else "Ip6Acl",
                "standard": bool(head["standard"]),
                "readonly": False,
                "dynamic": False,
                "staged": False,
                "countersEnabled": False,
                "sequence": sequence,
            }
        )
    return Answer(text, {"aclList": listed})


def _api(shell: EosShell) -> Answer:
    ports = shell.device.spec.ports
    said = "Enabled:            Yes\n" if "https" in ports or not ports else "Enabled:            No\n"
    text = f"{said}HTTPS server:       running, set to use port 443\nHTTP server:        shutdown, set to use port 80\n"
    return Answer(text, {"enabled": said.endswith("Yes\n"), "httpsServer": {"running": True, "port": 443}})


def _logging(shell: EosShell) -> Answer:
    """The commands that it carried out, as a device that accounts for them says."""
    rows = (f"simulated ConfigAgent: %ACCOUNTING-6-CMD: {command}\n" for command in shell.device.log[-50:])
    return Answer(f"Syslog logging: enabled\n\nLog Buffer:\n{''.join(rows)}")


COMMANDS = (
    Command("show ntp associations", _associations),
    Command("show ntp status", _ntp_status),
    Command("show snmp chassis", _chassis),
    Command("show snmp v2-mib chassis", _chassis),
    Command("show snmp location", _location),
    Command("show snmp v2-mib location", _location),
    Command("show snmp contact", _contact),
    Command("show snmp v2-mib contact", _contact),
    Command("show ip access-lists", lambda shell: _access_lists(shell, "ip")),
    Command("show ipv6 access-lists", lambda shell: _access_lists(shell, "ipv6")),
    Command("show management api http-commands", _api),
    Command("show logging", _logging),
)
