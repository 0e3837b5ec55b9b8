"""`show interface`: everything that one interface does, on the screen and as a structured reply."""

from __future__ import annotations

import re
from typing import Any

from netloom.model.interface import InterfaceState
from netloom.platforms.cisco_nxos import screens
from netloom.platforms.cisco_nxos.screens import age, long_name, number, sections, value
from netloom.platforms.cisco_nxos.speeds import bits_per_second

KNOWS = re.compile(r"^([A-Za-z][\w/.:-]*\d) is (?:administratively )?(?:up|down)\b(?![^\n]*:$)", re.MULTILINE)

_HEADING = re.compile(
    r"^([A-Za-z][\w/.:-]*\d) is ((?:administratively )?(?:up|down|\w+))\b[ \t]*(?:\(([^\n]*?)\))?"
    r"(?:,[ \t]*line protocol is (\w+))?(?:[ \t]*\(([^\n]*?)\))?([^\n]*)$",
    re.MULTILINE,
)
_ADMIN = re.compile(r"^\s*admin state(?: is|:) (\w+)", re.MULTILINE | re.IGNORECASE)
_HARDWARE = re.compile(r"^\s*Hardware(?::| is)\s*([^,\n]+)", re.MULTILINE)
_MAC = re.compile(r"\baddress(?::| is)\s+(\w{4}\.\w{4}\.\w{4})")
_DESCRIPTION = re.compile(
    r"^\s*Description:[ \t]*(.*?)[ \t]*(?:[ \t]{2}(?:Internet Address is|MTU)\b.*)?$", re.MULTILINE
)
"""SVIs print their address, or their MTU, on the same line."""
_ADDRESS = re.compile(r"\bInternet Address is (\d[\d.]+/\d+)", re.IGNORECASE)
_MTU = re.compile(r"\bMTU (\d+) bytes")
_BANDWIDTH = re.compile(r"\bBW (\d+) Kbit")
_DUPLEX = re.compile(r"^\s*(full|half|auto)-duplex", re.MULTILINE)
_SPEED = re.compile(r"^\s*\w+-duplex,\s*([\d.]+ [KMG]b/s)", re.MULTILINE)
_FLAP = re.compile(r"Last link flapped[ \t]+(\S.*?)[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"Encapsulation 802\.1Q Virtual LAN, Vlan ID (\d+)")
_RATES = {"in_bps": re.compile(r"input rate (\d+) bits/sec"), "out_bps": re.compile(r"output rate (\d+) bits/sec")}
_RECEIVED = re.compile(r"^\s*R[Xx]\s*$(.*?)(?=^\s*T[Xx]\s*$|\Z)", re.MULTILINE | re.DOTALL)
_SENT = re.compile(r"^\s*T[Xx]\s*$(.*)", re.MULTILINE | re.DOTALL)
_COUNTS_IN = {
    "in_octets": re.compile(r"\b(\d+) bytes"),
    "in_packets": re.compile(r"\b(\d+) (?:input packets|packets input)"),
    "in_unicast_packets": re.compile(r"\b(\d+) unicast packets"),
    "in_multicast_packets": re.compile(r"\b(\d+) multicast (?:packets|frames)"),
    "in_broadcast_packets": re.compile(r"\b(\d+) broadcast packets"),
    "in_errors": re.compile(r"\b(\d+) input errors?"),
    "in_crc_errors": re.compile(r"\b(\d+) CRC"),
    "in_discards": re.compile(r"\b(\d+) input discard"),
}
_COUNTS_OUT = {
    "out_octets": re.compile(r"\b(\d+) bytes"),
    "out_packets": re.compile(r"\b(\d+) (?:output packets|packets output)"),
    "out_unicast_packets": re.compile(r"\b(\d+) unicast packets"),
    "out_multicast_packets": re.compile(r"\b(\d+) multicast (?:packets|frames)"),
    "out_broadcast_packets": re.compile(r"\b(\d+) broadcast packets"),
    "out_errors": re.compile(r"\b(\d+) output errors?"),
    "out_discards": re.compile(r"\b(\d+) output discard"),
}
_COUNTS_ANYWHERE = {
    "in_packets": re.compile(r"\b(\d+) packets input"),
    "out_packets": re.compile(r"\b(\d+) packets output"),
    "in_errors": re.compile(r"\b(\d+) input errors"),
    "out_errors": re.compile(r"\b(\d+) output errors"),
}
"""Loopbacks and tunnels print no RX and TX."""
_ADMIN_DOWN = re.compile("administratively down", re.IGNORECASE)


def interfaces(output: str) -> list[InterfaceState]:
    """Every interface of the screen."""
    return [_interface(heading, body) for heading, body in sections(output, _HEADING)]


def bandwidths(output: str) -> dict[str, int]:
    """The bandwidth in kbit/s, which metrics are computed from, by interface."""
    found = {long_name(heading[1]): number(value(body, _BANDWIDTH)) for heading, body in sections(output, _HEADING)}
    return {name: kbit for name, kbit in found.items() if kbit is not None}


def _interface(heading: re.Match[str], body: str) -> InterfaceState:
    name, state, reason, protocol, protocol_reason, _ = heading.groups()
    admin = value(body, _ADMIN) or ("down" if _ADMIN_DOWN.search(heading[0]) else "up")
    mac = value(body, _MAC)
    speed = bits_per_second(value(body, _SPEED))
    bandwidth = number(value(body, _BANDWIDTH))
    flap = value(body, _FLAP)
    oper = protocol or state.split()[-1]
    oper = "up" if oper == "trunking" else oper
    return InterfaceState(
        name=long_name(name),
        description=value(body, _DESCRIPTION),
        type=value(body, _HARDWARE),
        admin_status=admin.lower(),
        oper_status=oper,
        reason=reason or protocol_reason,
        mtu=number(value(body, _MTU)),
        speed_bps=speed if speed is not None or bandwidth is None else bandwidth * 1000,
        duplex=value(body, _DUPLEX),
        mac_address=screens.mac(mac) if mac else None,
        vlan=number(value(body, _TAG)),
        addresses=tuple(_ADDRESS.findall(body)),
        last_flap_s=age(flap),
        **_counts(body),
    )


def _counts(body: str) -> dict[str, Any]:
    received, sent = _RECEIVED.search(body), _SENT.search(body)
    tables = [
        (_COUNTS_IN, received[1] if received else ""),
        (_COUNTS_OUT, sent[1] if sent else ""),
        (_RATES, body),
        (_COUNTS_ANYWHERE, body),
    ]
    found: dict[str, Any] = {}
    for table, text in tables:
        for field, label in table.items():
            if field not in found and (match := label.search(text)):
                found[field] = int(match[1])
    return found
