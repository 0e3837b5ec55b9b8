"""Names in Junos' firewall filters: protocols, ports and ICMP types, to and from the records' own."""

from __future__ import annotations

from collections.abc import Mapping

from netloom.platforms.acl_names import ICMP, ICMPV6, PORT_NUMBERS, PROTOCOL_NAMES, PROTOCOLS

_PROTOCOLS = {"ahp": "ah", "ipinip": "ipip", "icmpv6": "icmp6"}
"""The record's name → Junos' own."""

_PORTS: Mapping[str, int] = {
    "afs": 1483, "bgp": 179, "biff": 512, "bootpc": 68, "bootps": 67, "cmd": 514, "cvspserver": 2401, "dhcp": 67,
    "domain": 53, "eklogin": 2105, "ekshell": 2106, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20, "http": 80,
    "https": 443, "ident": 113, "imap": 143, "kerberos-sec": 88, "klogin": 543, "kpasswd": 761, "krb-prop": 754,
    "krbupdate": 760, "kshell": 544, "ldap": 389, "ldp": 646, "login": 513, "mobileip-agent": 434, "mobilip-mn": 435,
    "msdp": 639, "netbios-dgm": 138, "netbios-ns": 137, "netbios-ssn": 139, "nfsd": 2049, "nntp": 119, "ntalk": 518,
    "ntp": 123, "pop3": 110, "pptp": 1723, "printer": 515, "radacct": 1813, "radius": 1812, "rip": 520, "rkinit": 2108,
    "smtp": 25, "snmp": 161, "snmptrap": 162, "snpp": 444, "socks": 1080, "ssh": 22, "sunrpc": 111, "syslog": 514,
    "tacacs": 49, "tacacs-ds": 65, "talk": 517, "telnet": 23, "tftp": 69, "timed": 525, "twamp": 862, "who": 513,
    "xdmcp": 177, "zephyr-clt": 2103, "zephyr-hm": 2104,
}  # fmt: skip
"""Junos' names → number (firewall filter match conditions in its documentation)."""

_ICMP_TYPES = {
    "echo-reply": "0", "unreachable": "3", "source-quench": "4", "redirect": "5", "echo-request": "8",
    "router-advertisement": "9", "router-solicit": "10", "time-exceeded": "11", "parameter-problem": "12",
    "timestamp": "13", "timestamp-reply": "14", "info-request": "15", "info-reply": "16", "mask-request": "17",
    "mask-reply": "18",
}  # fmt: skip
_ICMPV6_TYPES = {
    "destination-unreachable": "1", "packet-too-big": "2", "time-exceeded": "3", "parameter-problem": "4",
    "echo-request": "128", "echo-reply": "129", "membership-query": "130", "membership-report": "131",
    "membership-termination": "132", "router-solicit": "133", "router-advertisement": "134", "neighbor-solicit": "135",
    "neighbor-advertisement": "136", "redirect": "137", "router-renumbering": "138",
}  # fmt: skip
_ICMP_CODES = {
    "3": {
        "network-unreachable": "0", "host-unreachable": "1", "protocol-unreachable": "2", "port-unreachable": "3",
        "fragmentation-needed": "4", "source-route-failed": "5", "destination-network-unknown": "6",
        "destination-host-unknown": "7", "source-host-isolated": "8", "destination-network-prohibited": "9",
        "destination-host-prohibited": "10", "network-unreachable-for-TOS": "11", "host-unreachable-for-TOS": "12",
        "communication-prohibited-by-filtering": "13", "host-precedence-violation": "14",
        "precedence-cutoff-in-effect": "15",
    },
    "5": {
        "redirect-for-network": "0", "redirect-for-host": "1", "redirect-for-tos-and-net": "2",
        "redirect-for-tos-and-host": "3",
    },
    "11": {"ttl-eq-zero-during-transit": "0", "ttl-eq-zero-during-reassembly": "1"},
    "12": {"ip-header-bad": "0", "required-option-missing": "1"},
}  # fmt: skip


def protocol(text: str) -> str:
    """A record's name of a protocol."""
    return PROTOCOLS.get(int(text), text) if text.isdigit() else PROTOCOL_NAMES.get(text, text)


def shown_protocol(name: str) -> str:
    """Junos' name of a protocol."""
    return _PROTOCOLS.get(name, name)


def port(text: str) -> int | None:
    """A port's number, by number or by any name; None for what is none."""
    if text.isdigit():
        return int(text)
    return _PORTS.get(text, PORT_NUMBERS["tcp"].get(text, PORT_NUMBERS["udp"].get(text)))


def icmp(kind: str, code: str | None, family: str) -> str | None:
    """A record's name of an ICMP type and code; None where Junos names what no record knows."""
    types = _ICMPV6_TYPES if family == "ipv6" else _ICMP_TYPES
    number = kind if kind.isdigit() else types.get(kind)
    codes = _ICMP_CODES.get(number or "", {}) if family == "ipv4" else {}
    if number is None or (code is not None and not code.isdigit() and code not in codes):
        return None
    text = number if code is None else f"{number}/{codes.get(code, code)}"
    return (ICMPV6 if family == "ipv6" else ICMP).get(text, text)


def icmp_numbers(name: str, family: str) -> tuple[str, str | None]:
    """Type and code of a record's name, as numbers; raises ValueError."""
    known = {text: number for number, text in (ICMPV6 if family == "ipv6" else ICMP).items()}
    types = _ICMPV6_TYPES if family == "ipv6" else _ICMP_TYPES
    number = known.get(name) or types.get(name, name)
    kind, _, code = number.partition("/")
    if not kind.isdigit():
        raise ValueError(f"expected an ICMP type such as echo or 8/0, got {name!r}")
    return kind, code or None


def shown_icmp(kind: str, family: str) -> str:
    """Junos' name of an ICMP type, its number where it has none."""
    names = {number: text for text, number in (_ICMPV6_TYPES if family == "ipv6" else _ICMP_TYPES).items()}
    return names.get(kind, kind)


def canonical_icmp(name: str, family: str) -> str:
    """The one spelling of a record's ICMP type."""
    kind, code = icmp_numbers(name, family)
    return icmp(kind, code, family) or name
