"""MAC tables of switches, and of routers that bridge."""

from __future__ import annotations

from netloom.model.mac import MacState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_mac
from netloom.platforms.juniper_junos.outputs import Forms

READ = (
    Read("show ethernet-switching table | display xml | no-more", rpc="<get-ethernet-switching-table-information/>"),
    Read("show bridge mac-table | display xml | no-more", rpc="<get-bridge-mac-table/>"),
)
COMPLEMENT = True

_FORMS: Forms[MacState] = Forms(
    dict.fromkeys(("ethernet-switching-table-information", "l2ng-l2ald-rtb-macdb", "l2ald-rtb-macdb"), show_mac.macs),
    show_mac.SCREENS,
)


def observed(*outputs: str) -> list[MacState]:
    """`show ethernet-switching table` of switches old and new, `show bridge mac-table`."""
    return _FORMS.observed(outputs)
