"""LLDP neighbors."""

from __future__ import annotations

from netloom.model.neighbor import NeighborState
from netloom.platforms import lldp
from netloom.platforms.contract import Columns, Read
from netloom.platforms.juniper_junos import show_lldp
from netloom.platforms.juniper_junos.outputs import Forms

READ = Read("show lldp neighbors | display xml | no-more", rpc="<get-lldp-neighbors-information/>")
WALK = lldp.COLUMNS

_FORMS: Forms[NeighborState] = Forms({"lldp-neighbors-information": show_lldp.neighbors}, show_lldp.SCREENS)


def observed(*outputs: str) -> list[NeighborState]:
    """`show lldp neighbors`, in brief or of an interface."""
    return _FORMS.observed(outputs)


def walked(columns: Columns) -> list[NeighborState]:
    """Neighbors from LLDP-MIB."""
    return lldp.neighbors(columns)
