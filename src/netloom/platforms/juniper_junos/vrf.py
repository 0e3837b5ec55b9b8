"""Routing instances."""

from __future__ import annotations

from netloom.model.vrf import VrfState
from netloom.platforms.juniper_junos import show_instance
from netloom.platforms.juniper_junos.outputs import Forms

READ = show_instance.READ

_FORMS: Forms[VrfState] = Forms({"instance-information": show_instance.vrfs}, show_instance.SCREENS)


def observed(*outputs: str) -> list[VrfState]:
    """`show route instance`, brief or in detail."""
    return _FORMS.observed(outputs)
