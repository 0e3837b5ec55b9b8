"""`show interfaces`: terse, in descriptions and in full."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_interface

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendors.juniper_junos.database import database_of
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el, listed
from netloom.lab.simulation.vendors.juniper_junos.ports import Port, Unit, named
from netloom.lab.simulation.vendors.juniper_junos.shows import (
    NotShown,
    Options,
    Show,
    columns,
    moment,
    seconds_of,
    span,
    told,
)

_PRIVATE = "__juniper_private1__"
_STATE = {True: "up", False: "down"}


def _wanted(device: Device, options: Options) -> list[Port]:
    pattern = options.get("interface-name")
    found = named(device, pattern)
    if pattern and not found and not set(pattern) & set("*[?"):
        raise NotShown(f"device {pattern} not found", pattern)
    return found


def _families(unit: Unit) -> dict[str, list[str]]:
    """Address family → addresses."""
    found: dict[str, list[str]] = {}
    for address in unit.record.addresses:
        found.setdefault("inet6" if ":" in address else "inet", []).append(address)
    if unit.switches:
        found["eth-switch"] = []
    if unit.aggregate:
        found["aenet"] = []
    return found


def _interfaces(device: Device, options: Options) -> Element:
    if options.get("routing-instance") == _PRIVATE:
        return _private()
    if "descriptions" in options:
        shown = [_described(each) for each in _with_text(device, options)]
        return listed("interface-information", shown, {"junos:style": "description"})
    if "terse" in options:
        shown = [_terse(port) for port in _wanted(device, options)]
        return told("interface-information", "interface", *shown)
    return told("interface-information", "interface", *(_full(device, port) for port in _wanted(device, options)))


def _private() -> Element:
    address = el("interface-address", el("ifa-local", "128.0.0.1/2"))
    family = el("address-family", el("address-family-name", "inet"), address)
    unit = el("logical-interface", el("name", "em1.0"), el("admin-status", "up"), el("oper-status", "up"), family)
    port = el("physical-interface", el("name", "em1"), el("admin-status", "up"), el("oper-status", "up"), unit)
    return told("interface-information", "interface", port)


def _with_text(device: Device, options: Options) -> Iterator[Port | Unit]:
    for port in _wanted(device, options):
        every: tuple[Port | Unit, ...] = (port, *port.units)
        yield from (each for each in every if each.record.description is not None)


def _described(each: Port | Unit) -> Element:
    tag = "logical-interface" if isinstance(each, Unit) else "physical-interface"
    return el(
        tag,
        el("name", each.name),
        el("admin-status", _STATE[each.record.enabled]),
        el("oper-status", _STATE[each.up]),
        el("description", each.record.description),
    )


def _terse(port: Port) -> Element:
    units = []
    for unit in port.units:
        families = [
            listed(
                "address-family",
                [el("interface-address", el("ifa-local", address, {"junos:emit": "emit"})) for address in addresses],
                el("address-family-name", family, {"junos:emit": "emit"}),
                el("ae-bundle-name", unit.aggregate) if family == "aenet" else None,
            )
            for family, addresses in _families(unit).items()
        ]
        units.append(
            listed(
                "logical-interface",
                families,
                el("name", unit.name),
                el("admin-status", _STATE[unit.record.enabled]),
                el("oper-status", _STATE[unit.up]),
            )
        )
    return listed(
        "physical-interface",
        units,
        el("name", port.name),
        el("admin-status", _STATE[port.record.enabled]),
        el("oper-status", _STATE[port.up]),
    )


def _full(device: Device, port: Port) -> Element:
    moved = device.traffic(port.name)
    up_s = device.uptime_s
    flapped = moment(database_of(device).clock - up_s)
    autonegotiation = el("ethernet-autonegotiation", el("link-partner-speed", port.speed)) if port.speed else None
    return el(
        "physical-interface",
        el("name", port.name),
        el(
            "admin-status",
            _STATE[port.record.enabled],
            {"junos:format": "Enabled" if port.record.enabled else "Disabled"},
        ),
        el("oper-status", _STATE[port.up]),
        el("local-index", port.index % 500),
        el("snmp-index", port.index),
        el("description", port.record.description) if port.record.description is not None else None,
        el("if-type", "Loopback") if port.kind == "Loopback" else None,
        el("link-level-type", port.kind) if port.kind != "Loopback" else None,
        el("mtu", port.mtu or "Unlimited"),
        el("link-mode", "Full-duplex") if port.speed else None,
        el("speed", port.speed) if port.speed else None,
        el("current-physical-address", device.mac) if port.kind == "Ethernet" else None,
        el("hardware-physical-address", device.mac) if port.kind == "Ethernet" else None,
        el("interface-flapped", f"{flapped} ({span(up_s)} ago)", seconds_of(up_s)),
        _statistics(moved.octets, moved.packets),
        _errors("input", ("input-errors", "input-drops", "input-discards", "framing-errors")) if port.speed else None,
        _errors("output", ("carrier-transitions", "output-errors", "output-drops")) if port.speed else None,
        _ethernet(moved.octets, moved.packets) if port.speed else None,
        autonegotiation,
        *(_unit(device, unit, port) for unit in port.units),
    )


def _statistics(octets: int, packets: int) -> Element:
    return el(
        "traffic-statistics",
        el("input-bytes", octets),
        el("input-bps", 8000 if octets else 0),
        el("output-bytes", octets),
        el("output-bps", 8000 if octets else 0),
        el("input-packets", packets),
        el("input-pps", 2 if octets else 0),
        el("output-packets", packets),
        el("output-pps", 2 if octets else 0),
    )


def _errors(way: str, names: tuple[str, ...]) -> Element:
    return el(f"{way}-error-list", *(el(name, 0) for name in names))


def _ethernet(octets: int, packets: int) -> Element:
    counts = (("bytes", octets), ("packets", packets), ("unicasts", packets), ("broadcasts", 0), ("multicasts", 0))
    found = [el(f"{way}-{name}", count) for name, count in counts for way in ("input", "output")]
    return listed("ethernet-mac-statistics", [*found, el("input-crc-errors", 0), el("output-crc-errors", 0)])


def _unit(device: Device, unit: Unit, port: Port) -> Element:
    flags = [el("iff-up")] if unit.record.enabled else [el("iff-down")]
    moved = device.traffic(unit.name)
    families = [
        listed(
            "address-family",
            [_address(address) for address in addresses],
            el("address-family-name", family),
            el("mtu", _mtu(unit, port, family)),
            el("ae-bundle-name", unit.aggregate) if family == "aenet" else None,
        )
        for family, addresses in _families(unit).items()
    ]
    vlan = unit.record.vlan
    return el(
        "logical-interface",
        el("name", unit.name),
        el("local-index", unit.index % 500),
        el("snmp-index", unit.index),
        el("description", unit.record.description) if unit.record.description is not None else None,
        listed("if-config-flags", [*flags, el("iff-snmp-traps")]),
        el("link-address", f"[ 0x8100.{vlan} ] ") if vlan is not None else None,
        el("encapsulation", "Unspecified" if port.kind == "Loopback" else "ENET2"),
        _statistics(moved.octets, moved.packets),
        *families,
    )


def _mtu(unit: Unit, port: Port, family: str) -> str | int:
    if port.mtu is None:
        return "Unlimited"
    return unit.record.mtu if unit.record.mtu and family == "inet" else port.mtu - 14


def _address(address: str) -> Element:
    network = ip_interface(address).network
    return el(
        "interface-address",
        el("ifa-flags", el("ifaf-current-preferred"), el("ifaf-current-primary")),
        el("ifa-destination", str(network)) if network.num_addresses > 1 else None,
        el("ifa-local", address.partition("/")[0]),
        el("ifa-broadcast", str(network.broadcast_address))
        if network.version == 4 and network.num_addresses > 2
        else None,
    )


# ---- screens ------------------------------------------------------------------------------------------


def _screen(device: Device, options: Options) -> str:
    if "descriptions" in options:
        rows = [("Interface", "Admin", "Link", "Description")]
        rows += [
            (each.name, _STATE[each.record.enabled], _STATE[each.up], each.record.description or "")
            for each in _with_text(device, options)
        ]
        return columns(rows, (16, 6, 5)) if len(rows) > 1 else ""
    if "terse" in options:
        return _terse_screen(device, options)
    return "\n".join(_paragraph(device, port) for port in _wanted(device, options))


def _terse_screen(device: Device, options: Options) -> str:
    rows = [("Interface", "Admin", "Link", "Proto", "Local                 Remote")]
    for port in _wanted(device, options):
        rows.append((port.name, _STATE[port.record.enabled], _STATE[port.up], "", ""))
        for unit in port.units:
            cells = list(_cells(unit)) or [("", "")]
            rows.append((unit.name, _STATE[unit.record.enabled], _STATE[unit.up], *cells[0]))
            rows += [("", "", "", *more) for more in cells[1:]]
    return columns(rows, (24, 6, 5, 9))


def _cells(unit: Unit) -> Iterator[tuple[str, str]]:
    """Family and address of each line; a family is told once."""
    for family, addresses in _families(unit).items():
        for at, address in enumerate(addresses or [f"--> {unit.aggregate}" if family == "aenet" else ""]):
            yield "" if at else family, address


def _paragraph(device: Device, port: Port) -> str:
    moved, up_s = device.traffic(port.name), device.uptime_s
    enabled = "Enabled" if port.record.enabled else "Administratively down"
    link = "Up" if port.up else "Down"
    lines = [
        f"Physical interface: {port.name}, {enabled}, Physical link is {link}",
        f"  Interface index: {port.index % 500}, SNMP ifIndex: {port.index}",
    ]
    if port.record.description is not None:
        lines.append(f"  Description: {port.record.description}")
    if port.speed:
        lines.append(f"  Link-level type: Ethernet, MTU: {port.mtu}, Link-mode: Full-duplex, Speed: {port.speed},")
        lines.append("  Loopback: Disabled, Source filtering: Disabled, Flow control: Disabled")
        lines.append(f"  Current address: {device.mac}, Hardware address: {device.mac}")
    else:
        lines.append(f"  Type: {port.kind}, MTU: {port.mtu or 'Unlimited'}")
    lines.append(f"  Last flapped   : {moment(database_of(device).clock - up_s)} ({span(up_s)} ago)")
    lines.append(f"  Input  bytes  : {moved.octets:>20} {8000:>20} bps")
    lines.append(f"  Output bytes  : {moved.octets:>20} {8000:>20} bps")
    lines.append(f"  Input  packets: {moved.packets:>20} {2:>20} pps")
    lines.append(f"  Output packets: {moved.packets:>20} {2:>20} pps")
    for unit in port.units:
        lines += ["", *_unit_lines(unit, port)]
    return "".join(f"{line}\n" for line in lines)


def _unit_lines(unit: Unit, port: Port) -> Iterator[str]:
    yield f"  Logical interface {unit.name} (Index {unit.index % 500}) (SNMP ifIndex {unit.index})"
    if unit.record.description is not None:
        yield f"    Description: {unit.record.description}"
    tag = f" VLAN-Tag [ 0x8100.{unit.record.vlan} ] " if unit.record.vlan is not None else " "
    flags = "Up SNMP-Traps" if unit.record.enabled else "Down SNMP-Traps"
    yield f"    Flags: {flags} 0x0{tag}Encapsulation: {'ENET2' if port.kind == 'Ethernet' else 'Unspecified'}"
    for family, addresses in _families(unit).items():
        yield f"    Protocol {family}, MTU: {_mtu(unit, port, family)}"
        for address in addresses:
            interface = ip_interface(address)
            local = f"Local: {interface.ip}"
            yield "      Addresses, Flags: Is-Preferred Is-Primary"
            if interface.network.num_addresses > 1:
                yield f"        Destination: {interface.network}, {local}"
            else:
                yield f"        {local}"


SHOWS = (
    Show(
        command="show interfaces",
        rpcs=("get-interface-information",),
        element=_interfaces,
        screen=_screen,
        flags="descriptions media statistics",
        values={"routing-instance": "routing-instance"},
        argument="interface-name",
    ),
)
