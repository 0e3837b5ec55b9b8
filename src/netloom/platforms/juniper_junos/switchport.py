"""How a switch's ports switch."""

from __future__ import annotations

from netloom.model.switchport import SwitchportState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_switchport
from netloom.platforms.juniper_junos.outputs import Forms

READ = Read(
    "show ethernet-switching interface | display xml | no-more", rpc="<get-ethernet-switching-interface-information/>"
)

_FORMS: Forms[SwitchportState] = Forms(
    dict.fromkeys(
        ("switching-interface-information", "l2ng-l2ald-iff-interface-information"), show_switchport.switchports
    ),
    show_switchport.SCREENS,
)


def observed(*outputs: str) -> list[SwitchportState]:
    """`show ethernet-switching interface` of switches old and new."""
    return _FORMS.observed(outputs)
