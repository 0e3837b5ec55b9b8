"""`show chassis environment`, `routing-engine`, `temperature-thresholds`, `power` and `fan`, in XML or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from netloom.model.environment import EnvironmentState
from netloom.platforms import xml_output
from netloom.platforms.juniper_junos import notation
from netloom.platforms.xml_output import decimal, every, integer, number_of, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_KINDS = {"temp": "temperature", "fans": "fan", "fan": "fan", "power": "power"}
_SPEED = re.compile(r"(\d+) ?RPM", re.IGNORECASE)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_CELSIUS = re.compile(r"(-?\d+(?:\.\d+)?) degrees C")
GOOD = frozenset({"ok", "online", "present", "check"})
ABSENT = frozenset({"absent", "empty", "not present"})


def parts(reply: Element) -> Iterator[EnvironmentState]:
    """`show chassis environment`: an item without a class is of the class before it."""
    kind = ""
    for item in every(reply, "environment-item"):
        kind = (text(item, "class") or kind).lower()
        known = _KINDS.get(kind)
        name = text(item, "name")
        if known is None or name is None:
            continue
        celsius = number_of(item, "temperature", "celsius")
        yield part(
            known,
            _named(item, name),
            text(item, "status"),
            text(item, "comment", "temperature"),
            None if celsius is None else float(celsius),
        )


def part(kind: str, name: str, status: str | None, measured: str | None, celsius: float | None) -> EnvironmentState:
    """One line of the environment; a measurement is a temperature, a speed or words."""
    shown = measured or ""
    speed, percent, degrees = _SPEED.search(shown), _PERCENT.search(shown), _CELSIUS.search(shown)
    heat = celsius if celsius is not None else float(degrees[1]) if degrees else None
    return EnvironmentState(
        kind=kind,
        name=name,
        ok=judged(status),
        status=status,
        temperature_c=heat,
        speed_rpm=int(speed[1]) if speed and kind == "fan" else None,
        speed_percent=float(percent[1]) if percent and kind == "fan" else None,
    )


def judged(status: str | None) -> bool | None:
    """Whether a status is good; None where there is nothing to judge."""
    if status is None or status.lower() in ABSENT:
        return None
    return status.lower() in GOOD


def _named(element: Element, name: str) -> str:
    """A part's name, with the chassis's member before it where there are several."""
    member = xml_output.engine(element)
    return f"{member} {name}" if member else name


def engines(reply: Element) -> Iterator[EnvironmentState]:
    """`show chassis routing-engine`: each one's processor, memory and temperatures."""
    for at, engine in enumerate(every(reply, "route-engine")):
        slot = text(engine, "slot")
        place = _named(engine, slot if slot is not None else str(at))
        model, status = text(engine, "model"), text(engine, "status")
        idle = decimal(engine, "cpu-idle")
        if idle is not None:
            yield EnvironmentState(
                "cpu", place, ok=judged(status), status=status, usage_percent=100.0 - idle, model=model
            )
        yield from memory(
            place,
            notation.octets((text(engine, "memory-system-total", "memory-dram-size") or "").split(" (")[0]),
            decimal(engine, "memory-system-total-util", "memory-buffer-utilization"),
        )
        for path, title in (("temperature", ""), ("cpu-temperature", " CPU")):
            celsius = number_of(engine, path, "celsius")
            if celsius is not None:
                named = _named(engine, f"Routing Engine {slot if slot is not None else at}{title}")
                yield EnvironmentState("temperature", named, temperature_c=float(celsius))


def memory(place: str, total: int | None, percent: float | None) -> Iterator[EnvironmentState]:
    """A routing engine's memory, of which Junos tells the size and how much per cent are in use."""
    if total is not None:
        used = None if percent is None else int(total * percent / 100)
        free = None if used is None else total - used
        yield EnvironmentState(
            "memory", place, total_bytes=total, used_bytes=used, available_bytes=free, usage_percent=percent
        )


def thresholds(reply: Element) -> Iterator[EnvironmentState]:
    """`show chassis temperature-thresholds`: from where the device warns."""
    for entry in every(reply, "temperature-threshold"):
        name = text(entry, "name")
        if name and name.lower() != "chassis default":
            yield EnvironmentState(
                "temperature",
                _named(entry, name),
                warning_c=decimal(entry, "yellow-alarm"),
                critical_c=decimal(entry, "red-alarm"),
            )


def supplies(reply: Element) -> Iterator[EnvironmentState]:
    """`show chassis power`: what each supply can give and gives."""
    for item in every(reply, "power-usage-item"):
        state = text(item, "state")
        yield EnvironmentState(
            "power",
            _named(item, text(item, "name") or ""),
            ok=judged(state),
            status=state,
            capacity_w=decimal(item, "pem-capacity-detail/capacity-actual", "pem-capacity-detail/capacity-max"),
            output_w=decimal(item, "dc-output-detail/dc-power", "dc-output-detail2/dc-power"),
            input_w=decimal(item, "ac-input-detail/ac-power", "dc-input-detail/dc-power"),
        )


def fans(reply: Element) -> Iterator[EnvironmentState]:
    """`show chassis fan`."""
    for item in every(reply, "fan-information-rpm-item"):
        status = text(item, "status")
        speed = integer(item, "rpm")
        yield EnvironmentState(
            "fan",
            _named(item, text(item, "name") or ""),
            ok=judged(status),
            status=status,
            speed_rpm=speed,
            speed_percent=decimal(item, "rpm-percent"),
        )


def inventory(reply: Element) -> Iterator[EnvironmentState]:
    """`show chassis hardware`: supplies, fans and cards; transceivers are optics."""
    for module in reply.iter("chassis-module", "chassis-sub-module", "chassis-sub-sub-module"):
        name = text(module, "name") or ""
        if name and not name.startswith("Xcvr"):
            around = [text(each, "name") for each in module.iterancestors() if each.tag != "chassis"]
            path = " ".join(part for part in (*reversed(around), name) if part)
            told = (text(module, "description"), text(module, "serial-number"))
            yield replaceable(name, _named(module, path), *told)


def replaceable(name: str, path: str, description: str | None, serial_number: str | None) -> EnvironmentState:
    """A part of the inventory, of the kind that its own name tells, named by its place."""
    known = None if serial_number in ("", "BUILTIN") else serial_number
    return EnvironmentState(kind_of(name), path, model=description or None, serial_number=known)


def kind_of(module: str) -> str:
    """power, fan or module, by its name."""
    if re.match(r"(?:PEM|Power Supply|PSU|PSM)\b", module):
        return "power"
    return "fan" if re.match(r"Fan\b", module) else "module"


def applied(found: list[EnvironmentState]) -> list[EnvironmentState]:
    """Sensors with the thresholds of their card (`FPC 2` for `FPC 2 Intake`), and no thresholds without a sensor."""
    limits = {each.name: each for each in found if _is_threshold(each)}
    sensors = []
    for each in found:
        if _is_threshold(each):
            continue
        limit = next((limits[name] for name in _cards(each.name) if name in limits), None)
        if limit is not None and each.kind == "temperature" and each.warning_c is None:
            sensors.append(replace(each, warning_c=limit.warning_c, critical_c=limit.critical_c))
        else:
            sensors.append(each)
    return sensors


def _is_threshold(each: EnvironmentState) -> bool:
    bare = replace(each, warning_c=None, critical_c=None)
    return each.warning_c is not None and bare == EnvironmentState(each.kind, each.name)


def _cards(name: str) -> Iterator[str]:
    words_of = name.split(" ")
    yield from (" ".join(words_of[:count]) for count in range(len(words_of), 0, -1))
