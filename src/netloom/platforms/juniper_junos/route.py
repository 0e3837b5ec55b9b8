"""The routing tables of all instances."""

from __future__ import annotations

from netloom.model.route import RouteState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_route
from netloom.platforms.juniper_junos.outputs import Forms

READ = Read("show route | display xml | no-more", rpc="<get-route-information/>")

_FORMS: Forms[RouteState] = Forms({"route-information": show_route.routes}, show_route.SCREENS)


def observed(*outputs: str) -> list[RouteState]:
    """`show route`, brief to extensive."""
    return _FORMS.observed(outputs)
