"""OSPF neighbors, of OSPFv2 and OSPFv3."""

from __future__ import annotations

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_ospf
from netloom.platforms.juniper_junos.outputs import Forms

READ = (
    Read(
        "show ospf neighbor instance all detail | display xml | no-more",
        rpc="<get-ospf-neighbor-information><instance>all</instance><detail/></get-ospf-neighbor-information>",
    ),
    Read(
        "show ospf3 neighbor instance all detail | display xml | no-more",
        rpc="<get-ospf3-neighbor-information><instance>all</instance><detail/></get-ospf3-neighbor-information>",
    ),
)
COMPLEMENT = True

_FORMS: Forms[OspfNeighborState] = Forms(
    dict.fromkeys(
        (
            "ospf-neighbor-information",
            "ospf3-neighbor-information",
            "ospf-neighbor-information-all",
            "ospf3-neighbor-information-all",
        ),
        show_ospf.neighbors,
    ),
    show_ospf.SCREENS,
)


def observed(*outputs: str) -> list[OspfNeighborState]:
    """`show ospf neighbor` and `show ospf3 neighbor`, brief or in detail."""
    return _FORMS.observed(outputs)
