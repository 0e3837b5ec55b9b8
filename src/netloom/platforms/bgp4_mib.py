"""BGP sessions through BGP4-MIB (RFC 4273): peers with IPv4 addresses only."""

from __future__ import annotations

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms import smi
from netloom.platforms.contract import Columns

_LOCAL_AS, _IDENTIFIER = "1.3.6.1.2.1.15.2", "1.3.6.1.2.1.15.4"
_STATE, _REMOTE_AS, _TRANSITIONS, _SECONDS = (f"1.3.6.1.2.1.15.3.1.{at}" for at in (2, 9, 15, 16))

COLUMNS = (_LOCAL_AS, _IDENTIFIER, _STATE, _REMOTE_AS, _TRANSITIONS, _SECONDS)

_STATES = {1: "Idle", 2: "Connect", 3: "Active", 4: "OpenSent", 5: "OpenConfirm", 6: "Established"}


def sessions(columns: Columns) -> list[BgpSessionState]:
    """One IPv4 unicast session a row of bgpPeerTable; the MIB knows neither VRFs nor prefix counts."""
    return [_session(columns, peer) for peer in columns.get(_STATE, {})]


def _session(columns: Columns, peer: str) -> BgpSessionState:
    state = _STATES.get(smi.number(columns, _STATE, peer) or 0, "Idle")
    established = state == "Established"
    transitions = smi.number(columns, _TRANSITIONS, peer)
    return BgpSessionState(
        peer=peer,
        state=state,
        asn=smi.number(columns, _LOCAL_AS),
        peer_asn=smi.number(columns, _REMOTE_AS, peer),
        router_id=smi.address(smi.octets(columns, _IDENTIFIER)),
        uptime_s=smi.number(columns, _SECONDS, peer) if established else None,
        # the MIB counts entries into Established, the model exits from it
        flaps=max(0, transitions - established) if transitions is not None else None,
    )
