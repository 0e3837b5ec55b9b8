"""The interfaces of a Junos device, physical and logical."""

from __future__ import annotations

from netloom.model.interface import InterfaceState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_instance, show_interface, show_interface_screen
from netloom.platforms.juniper_junos.outputs import Forms

READ = (
    Read(
        "show interfaces extensive | display xml | no-more",
        rpc="<get-interface-information><extensive/></get-interface-information>",
    ),
    show_instance.READ,
)

_FORMS: Forms[InterfaceState] = Forms(
    {
        "interface-information": show_interface.interfaces,
        "instance-information": show_instance.interface_vrfs,
    },
    show_interface_screen.SCREENS,
)


def observed(*outputs: str) -> list[InterfaceState]:
    """`show interfaces` in any depth, and the VRFs of logical interfaces from `show route instance detail`."""
    return _FORMS.observed(outputs)
