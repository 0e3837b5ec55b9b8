"""Aggregates that speak LACP."""

from __future__ import annotations

from netloom.model.lag import LagState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_lacp
from netloom.platforms.juniper_junos.outputs import Forms

READ = Read("show lacp interfaces | display xml | no-more", rpc="<get-lacp-interface-information/>")

_FORMS: Forms[LagState] = Forms(
    dict.fromkeys(("lacp-interface-information-list", "lacp-interface-information"), show_lacp.lags),
    show_lacp.SCREENS,
)


def observed(*outputs: str) -> list[LagState]:
    """`show lacp interfaces`."""
    return _FORMS.observed(outputs)
