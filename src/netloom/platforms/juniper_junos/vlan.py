"""VLANs of switches, and bridge domains of routers."""

from __future__ import annotations

from netloom.model.vlan import VlanState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_vlan
from netloom.platforms.juniper_junos.outputs import Forms

READ = Read("show vlans | display xml | no-more", rpc="<get-vlan-information/>")

_FORMS: Forms[VlanState] = Forms(
    dict.fromkeys(
        ("vlan-information", "l2ng-l2ald-vlan-instance-information", "l2ald-bridge-instance-information"),
        show_vlan.vlans,
    ),
    show_vlan.SCREENS,
)


def observed(*outputs: str) -> list[VlanState]:
    """`show vlans` of switches old and new, `show bridge domain`."""
    return _FORMS.observed(outputs)
