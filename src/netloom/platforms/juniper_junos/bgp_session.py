"""BGP sessions of all routing instances."""

from __future__ import annotations

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms import bgp4_mib
from netloom.platforms.contract import Columns, Read
from netloom.platforms.juniper_junos import show_bgp, show_bgp_screen
from netloom.platforms.juniper_junos.outputs import Forms

READ = (
    Read("show bgp neighbor | display xml | no-more", rpc="<get-bgp-neighbor-information/>"),
    Read("show bgp summary | display xml | no-more", rpc="<get-bgp-summary-information/>"),
)
WALK = bgp4_mib.COLUMNS

_FORMS: Forms[BgpSessionState] = Forms({"bgp-information": show_bgp.sessions}, show_bgp_screen.SCREENS)


def observed(*outputs: str) -> list[BgpSessionState]:
    """`show bgp neighbor`, completed from `show bgp summary`, which alone tells how long a session is up."""
    details: list[BgpSessionState] = []
    summary: list[BgpSessionState] = []
    for sessions in _FORMS.pieces(outputs):
        in_full = any(session.local_router_id or session.local_address or session.asn for session in sessions)
        (details if in_full else summary).extend(sessions)
    return show_bgp.combined(details, summary) if details else summary


def walked(columns: Columns) -> list[BgpSessionState]:
    """The IPv4-numbered peers, of no VRF: BGP4-MIB knows no others."""
    return bgp4_mib.sessions(columns)
