"""OSPFv2 adjacencies as FRR reports them."""

from __future__ import annotations

from collections.abc import Iterator

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.contract import Read
from netloom.platforms.frr.uptime import seconds
from netloom.platforms.json_output import Object, integer, items, members, objects, text

READ = Read("show ip ospf vrf all neighbor detail json")


def observed(output: str) -> list[OspfNeighborState]:
    """One adjacency a neighbor and interface."""
    return [
        _neighbor(vrf, neighbor_id, values)
        for document in objects(output)
        for vrf, neighbors in _instances(document)
        for neighbor_id, adjacencies in neighbors.items()
        for values in items(adjacencies)
    ]


def _instances(document: Object) -> Iterator[tuple[str, Object]]:
    """VRF and router id → adjacencies; without `vrf all`, and before FRR 5, the neighbors stand at the top."""
    nested = [(vrf, value) for vrf, value in members(document) if "vrfName" in value or "neighbors" in value]
    if nested:
        yield from ((text(value, "vrfName") or vrf, _neighbors(value)) for vrf, value in nested)
    else:
        yield text(document, "vrfName") or "default", _neighbors(document)


def _neighbors(instance: Object) -> Object:
    listed = instance.get("neighbors", instance)
    return (
        {name: value for name, value in listed.items() if isinstance(value, list | dict)}
        if isinstance(listed, dict)
        else {}
    )


def _neighbor(vrf: str, neighbor_id: str, values: Object) -> OspfNeighborState:
    state, _, role = (text(values, "nbrState", "state") or "Down").replace("\\/", "/").partition("/")
    changed_ms = integer(values, "lastPrgrsvChangeMsec", "upTimeInMsec")
    return OspfNeighborState(
        neighbor_id=neighbor_id,
        # before FRR 7 the name is followed by the local address: swp1:10.0.0.1
        interface=(text(values, "ifaceName") or "").partition(":")[0],
        address=text(values, "ifaceAddress", "address"),
        vrf=vrf,
        state=state,
        role=role if role not in ("", "-") else None,
        priority=integer(values, "nbrPriority", "priority"),
        uptime_s=_uptime(changed_ms, values),
    )


def _uptime(changed_ms: int | None, values: Object) -> int | None:
    return changed_ms // 1000 if changed_ms is not None else seconds(text(values, "upTime"))
