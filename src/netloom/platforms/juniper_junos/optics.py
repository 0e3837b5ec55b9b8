"""Transceivers."""

from __future__ import annotations

from netloom.model.optics import OpticsState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_hardware, show_optics
from netloom.platforms.juniper_junos.outputs import Forms

READ = (
    Read(
        "show interfaces diagnostics optics | display xml | no-more",
        rpc="<get-interface-optics-diagnostics-information/>",
    ),
    Read("show chassis hardware | display xml | no-more", rpc="<get-chassis-inventory/>"),
)
COMPLEMENT = True

_FORMS: Forms[OpticsState] = Forms(
    {"interface-information": show_optics.optics, "chassis-inventory": show_hardware.transceivers},
    show_optics.SCREENS,
)


def observed(*outputs: str) -> list[OpticsState]:
    """`show interfaces diagnostics optics`, with what `show chassis hardware` says of the transceivers."""
    return show_optics.named(_FORMS.observed(outputs))
