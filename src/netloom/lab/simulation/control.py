"""What can be asked of simulated devices from outside: pull a cable, put in a fault, start one anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from netloom.errors import LabError
from netloom.lab.simulation.faults import Fault, Kind
from netloom.lab.simulation.vendor import load_vendor

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device

FOR_EVER = 1 << 30
"""Times that a fault strikes which stays until it is healed."""
KINDS: tuple[str, ...] = get_args(Kind)


def answer(request: Mapping[str, Any], world: Mapping[str, Device]) -> dict[str, Any]:
    """What came of a request; raises LabError, KeyError."""
    device = world.get(request["node"])
    if device is None:
        raise LabError(f"no device {request['node']!r} is simulated here")
    operations: Mapping[str, Callable[[Device, Mapping[str, Any]], dict[str, Any]]] = {
        "link": _link,
        "fault": _fault,
        "heal": _heal,
        "latency": _latency,
        "reboot": _reboot,
        "erase": _erase,
        "status": _status,
        "memory": _memory,
    }
    if request["op"] not in operations:
        raise LabError(f"unknown request {request['op']!r}")
    return operations[request["op"]](device, request)


def _link(device: Device, request: Mapping[str, Any]) -> dict[str, Any]:
    if request["down"]:
        device.links_down.add(request["interface"])
    else:
        device.links_down.discard(request["interface"])
    return {}


def _fault(device: Device, request: Mapping[str, Any]) -> dict[str, Any]:
    kind: Kind = request["kind"]
    if kind not in KINDS:
        raise LabError(f"unknown fault {kind!r}", hint=f"expected one of {', '.join(KINDS)}")
    fault = Fault(
        kind, request.get("command", ""), times=request.get("times", FOR_EVER), seconds=request.get("seconds", 1.0)
    )
    device.faults.waiting.append(fault)
    return {}


def _heal(device: Device, request: Mapping[str, Any]) -> dict[str, Any]:
    device.faults.waiting[:] = [fault for fault in device.faults.waiting if fault.kind != request["kind"]]
    return {}


def _latency(device: Device, request: Mapping[str, Any]) -> dict[str, Any]:
    device.spec = replace(device.spec, latency_s=float(request["seconds"]))
    return {}


def _reboot(device: Device, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - as the others
    device.reboot()
    return {}


def _erase(device: Device, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - as the others
    device.erase()
    return {}


def _memory(device: Device, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - as the others
    """Both configurations, and what changes that came to no end have left."""
    candidates = [found.name for found in device.candidates.values() if found.state.startswith("pending")]
    own = load_vendor(device.spec.platform).unfinished
    return {
        "running": device.text(),
        "startup": device.text(device.startup),
        "reachable": device.reachable,
        "unfinished": [
            *(f"timer {name}" for name in device.timers()),
            *(f"session {name}" for name in candidates),
            *(f"lock {name}" for name in device.locks),
            *(own(device) if own is not None else ()),
        ],
    }


def _status(device: Device, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - as the others
    return {
        "boots": device.boots,
        "saved": device.startup == device.config,
        "timers": dict(device.timers()),
        "commands": len(device.log),
    }
