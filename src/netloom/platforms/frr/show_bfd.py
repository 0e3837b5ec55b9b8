"""`show bfd peers json`: every VRF's sessions, whoever asked for them."""

from __future__ import annotations

from netloom.model.bfd_peer import BfdPeerState
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, elements, flag, integer, text

READ = Read("show bfd peers json")

_STATES = {"up": "up", "down": "down", "init": "init", "shutdown": "adminDown"}


def peers(output: str) -> list[BfdPeerState]:
    """One session a peer."""
    return [_peer(values) for values in elements(output) if text(values, "peer")]


def _peer(values: Object) -> BfdPeerState:
    state = text(values, "status") or "down"
    diagnostic = text(values, "diagnostic")
    return BfdPeerState(
        peer=text(values, "peer") or "",
        local_address=text(values, "local"),
        interface=text(values, "interface"),
        vrf=text(values, "vrf") or "default",
        multihop=flag(values, "multihop"),
        state=_STATES.get(state, state),
        uptime_s=integer(values, "uptime"),
        diagnostic=diagnostic if diagnostic != "ok" else None,
    )
