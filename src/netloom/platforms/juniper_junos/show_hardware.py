"""`show chassis hardware`: the chassis, its cards and transceivers, as XML, JSON or a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from netloom.model.device import DeviceState
from netloom.model.optics import OpticsState
from netloom.platforms.xml_output import text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

HEADING = re.compile(r"^Item\s+Version\s+Part number\s+Serial number\s+Description", re.MULTILINE)
_BUILT_IN = frozenset({"", "BUILTIN"})
_SLOT = re.compile(r"(\d+)$")


class Module(NamedTuple):
    """A line of the inventory."""

    name: str
    part_number: str
    serial_number: str
    description: str
    parents: tuple[str, ...] = ()
    """The modules that it sits in, outermost first."""


def modules(shown: str) -> list[Module]:
    """The table, its indentation read as nesting; a column that is empty is known by its place."""
    found: list[Module] = []
    around: list[tuple[int, str]] = []
    columns: tuple[int, ...] = ()
    for line in shown.expandtabs().splitlines():
        if HEADING.match(line):
            columns = tuple(line.index(word) for word in ("Version", "Part number", "Serial number", "Description"))
            continue
        if not columns or not line.strip() or line.startswith(("{", "Hardware inventory", "---")):
            continue
        depth = len(line) - len(line.lstrip())
        while around and around[-1][0] >= depth:
            around.pop()
        module = _module(line, columns)
        found.append(module._replace(parents=tuple(name for _, name in around)))
        around.append((depth, module.name))
    return found


def _module(line: str, columns: tuple[int, ...]) -> Module:
    version, part, serial, description = columns
    # a serial number may be longer than its column: the description then begins later
    rest = line[serial:]
    if not line[serial : serial + 1].strip():
        number, text_ = "", line[description:].strip()
    else:
        number, _, text_ = rest.partition(" ")
    return Module(line[:version].strip(), line[part:serial].strip(), number.strip(), text_.strip())


def devices(reply: Element) -> Iterator[DeviceState]:
    """The chassis itself."""
    for chassis in reply.iter("chassis"):
        yield DeviceState(
            hostname="",
            model=text(chassis, "description"),
            serial_number=text(chassis, "serial-number"),
            vendor="Juniper",
        )
        return


def device_screen(shown: str) -> list[DeviceState]:
    """The chassis itself."""
    return [
        DeviceState(
            hostname="",
            model=module.description or None,
            serial_number=module.serial_number or None,
            vendor="Juniper",
        )
        for module in modules(shown)
        if module.name == "Chassis"
    ][:1]


def transceivers(reply: Element) -> Iterator[OpticsState]:
    """Every transceiver, named by its place."""
    for element in reply.iter():
        name = text(element, "name") or ""
        if name.startswith("Xcvr"):
            around = [text(parent, "name") or "" for parent in element.iterancestors()]
            module = Module(
                name,
                text(element, "part-number") or "",
                text(element, "serial-number") or "",
                text(element, "description") or "",
                tuple(reversed([parent for parent in around if parent])),
            )
            yield _optics(module)


def transceiver_screen(shown: str) -> list[OpticsState]:
    """Every transceiver, named by its place."""
    return [_optics(module) for module in modules(shown) if module.name.startswith("Xcvr")]


def _optics(module: Module) -> OpticsState:
    return OpticsState(
        interface=f"{kind_of(module.description)}-{place(module)}",
        type=module.description or None,
        part_number=module.part_number if module.part_number not in ("NON-JNPR", *_BUILT_IN) else None,
        serial_number=module.serial_number or None,
    )


def place(module: Module) -> str:
    """FPC, PIC and port: 0/0/48."""
    numbers = {"FPC": "0", "PIC": "0"}
    for parent in module.parents:
        if match := _SLOT.search(parent):
            numbers[parent.split(" ")[0]] = match[1]
    port = _SLOT.search(module.name)
    return f"{numbers['FPC']}/{numbers['PIC']}/{port[1] if port else 0}"


def kind_of(transceiver: str) -> str:
    """What Junos calls an interface with such a transceiver: ge up to 1 Gbit/s, xe for 10, et beyond."""
    if re.search(r"QSFP|CFP|OSFP|SFP28|SFP56|(?<!\d)(?:25|40|50|100|200|400|800)G", transceiver):
        return "et"
    return "xe" if re.search(r"XFP|SFPP|SFP\+|10G", transceiver) else "ge"
