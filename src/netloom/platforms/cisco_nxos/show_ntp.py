"""`show ntp peers` and `show ntp peer-status`: where the time comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netloom.model.ntp import NtpState
from netloom.platforms.cisco_nxos.tables import decimal, everywhere, holds, number, replies, word
from netloom.platforms.complement import filled
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object

READ = (Read("show ntp peer-status | json"), Read("show ntp peers | json"))
KNOWS_REPLY = holds(r"TABLE_peers\w*|PeerIPAddress|syncmode|total_peers")
KNOWS = re.compile(r"Peer IP Address\s+Serv/Peer|^Total peers\s*:|remote\s+local\s+st\s+poll\s+reach", re.MULTILINE)

_MARKS = {"*": "synchronized", "+": "candidate", "-": "candidate", "=": "candidate"}
"""The legend: * selected for sync, + and - active and passive peers, = polled in client mode."""
_PEER = re.compile(r"^[ \t]*(\w[\w.:-]*)[ \t]+(Server|Peer)\b[ \t]*(?:\((\w+)\))?", re.MULTILINE)
_STATUS = re.compile(
    r"^([*+=\- ]?)([0-9a-fA-F:.]+)\s+([0-9a-fA-F:.]+)\s+(\d+)[ \t]+(\d+)[ \t]+(\d+)[ \t]+"
    r"(-?[\d.]+)(?:[ \t]+(\S+))?[ \t]*$",
    re.MULTILINE,
)


def associations(output: str) -> list[NtpState]:
    """Every server and peer."""
    if "Serv/Peer" in output:
        return [_peer(address, kind, flag) for address, kind, flag in _PEER.findall(output)]
    return [
        NtpState(
            address=remote,
            vrf=vrf or "default",
            state=_MARKS.get(mark),
            stratum=int(stratum),
            poll_s=int(poll),
            reachability=int(reach, 8) if not set(reach) & set("89") else int(reach),
            delay_ms=_milliseconds(float(delay)),
        )
        for mark, remote, _, stratum, poll, reach, delay, vrf in _STATUS.findall(output)
    ]


def joined(apart: Sequence[Sequence[NtpState]]) -> list[NtpState]:
    """A record an association: the list of peers, which knows no VRF, completes the peers' status."""
    measured = [state for states in apart for state in states if state.stratum is not None]
    listed = [state for states in apart for state in states if state.stratum is None]
    known = {state.address for state in measured}
    others = {state.address: state for state in listed}
    return [
        *(filled(state, others.get(state.address)) for state in measured),
        *(state for state in listed if state.address not in known),
    ]


def association_replies(output: str) -> list[NtpState]:
    """Every server and peer of the replies."""
    found = []
    for reply in replies(output):
        found += [
            _peer(address, word(row, "serv_peer") or "", word(row, "conf_flag") or "")
            for row in everywhere(reply, "peers")
            if (address := word(row, "PeerIPAddress"))
        ]
        found += [_status(remote, row) for row in everywhere(reply, "peersstatus") if (remote := word(row, "remote"))]
    return found


def _peer(address: str, kind: str, flag: str) -> NtpState:
    state = flag.strip("() ") or None
    return NtpState(address=address, type=kind.strip().lower() or None, state=state)


def _status(remote: str, row: Object) -> NtpState:
    reach, delay = word(row, "reach") or "", decimal(row, "delay")
    return NtpState(
        address=remote,
        vrf=word(row, "vrf") or "default",
        state=_MARKS.get(word(row, "syncmode") or ""),
        stratum=number(row, "st"),
        poll_s=number(row, "poll"),
        reachability=int(reach, 8) if re.fullmatch(r"[0-7]+", reach) else None,
        delay_ms=None if delay is None else _milliseconds(delay),
    )


def _milliseconds(seconds: float) -> float:
    """The device counts the delay in seconds."""
    return round(seconds * 1000, 3)
