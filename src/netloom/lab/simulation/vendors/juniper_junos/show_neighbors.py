"""Neighbors: LLDP, ARP and ND."""

from __future__ import annotations

from collections.abc import Iterator

from netloom.lab.simulation import learned
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el, listed
from netloom.lab.simulation.vendors.juniper_junos.ports import ports
from netloom.lab.simulation.vendors.juniper_junos.shows import Options, Show, columns, told
from netloom.model.device import Device as Settings
from netloom.platforms.juniper_junos.tree import active, below

_TITLES = {"arista_eos": "Arista EOS", "cisco_ios": "Cisco IOS", "cisco_nxos": "Cisco NX-OS", "juniper_junos": "Junos"}


def _speaks_lldp(device: Device, interface: str) -> bool:
    spoken = below(active(device.config), ("protocols", "lldp", "interface")) or {}
    return any("disable" not in spoken[name] for name in ("all", interface) if name in spoken)


def _lldp_neighbors(device: Device, options: Options) -> Iterator[tuple[str, str, str, str, str]]:
    """Interface, chassis, port, system and what it is."""
    wanted = options.get("interface-name") or options.get("interface-device")
    up = {port.name for port in ports(device) if port.up}
    for cable in device.spec.cables:
        if cable.interface not in up or not _speaks_lldp(device, cable.interface):
            continue
        if wanted is not None and wanted.partition(".")[0] != cable.interface:
            continue
        far = device.world.get(cable.neighbor)
        platform = far.spec.platform if far is not None else cable.neighbor_platform
        name = far.hostname if far is not None else cable.neighbor
        settings = far.records("device") if far is not None else []
        domain = next((record.domain for record in settings if isinstance(record, Settings)), None)
        system = f"{name}.{domain}" if domain else name
        kind = f"{_TITLES.get(platform, platform or 'system')}, simulated by netloom"
        yield cable.interface, learned.mac_of(device, cable.neighbor), cable.neighbor_interface, system, kind


def _lldp(device: Device, options: Options) -> Element:
    found = []
    full = bool(options.get("interface-name") or options.get("interface-device"))
    for interface, chassis, port, system, kind in _lldp_neighbors(device, options):
        element = el(
            "lldp-neighbor-information",
            el("lldp-local-port-id", interface),
            el("lldp-local-parent-interface-name", "-"),
            el("lldp-remote-chassis-id-subtype", "Mac address"),
            el("lldp-remote-chassis-id", chassis),
            el("lldp-remote-port-id-subtype", "Interface name"),
            el("lldp-remote-port-id", port),
            el("lldp-remote-port-description", port),
            el("lldp-remote-system-name", system),
        )
        if full:
            element.insert(1, el("lldp-local-interface", interface))
            element.extend(
                [
                    el("lldp-ttl", 120),
                    el("lldp-system-description", el("lldp-remote-system-description", kind)),
                    el("lldp-remote-system-capabilities-supported", "Bridge Router "),
                    el("lldp-remote-system-capabilities-enabled", "Bridge Router "),
                ]
            )
        found.append(element)
    return listed("lldp-neighbors-information", found, {"junos:style": "detail" if full else "brief"})


def _lldp_screen(device: Device, options: Options) -> str:
    neighbors = list(_lldp_neighbors(device, options))
    if not (options.get("interface-name") or options.get("interface-device")):
        rows = [("Local Interface", "Parent Interface", "Chassis Id", "Port info", "System Name")]
        rows += [(interface, "-", chassis, port, system) for interface, chassis, port, system, _ in neighbors]
        return columns(rows, (19, 20, 20, 20))
    return "".join(
        f"LLDP Neighbor Information:\nLocal Information:\nIndex: {at} Time to live: 120 Time mark: - Age: 5 secs\n"
        f"Local Interface    : {interface}\nParent Interface   : -\nLocal Port ID      : {500 + at}\n"
        f"\nNeighbour Information:\nChassis type       : Mac address\nChassis ID         : {chassis}\n"
        f"Port type          : Interface name\nPort ID            : {port}\nPort description   : {port}\n"
        f"System name        : {system}\n\nSystem Description : {kind}\n\n"
        f"System capabilities\n        Supported  : Bridge Router\n        Enabled    : Bridge Router\n"
        for at, (interface, chassis, port, system, kind) in enumerate(neighbors, 1)
    )


def _arp(device: Device, options: Options) -> Element:
    expires = el("time-to-expire", 1200) if "expiration-time" in options else None
    entries = [
        el(
            "arp-table-entry",
            el("mac-address", found.mac),
            el("ip-address", found.address),
            el("interface-name", f"{found.interface} [{found.port}.0]" if found.port else found.interface),
            el("arp-table-entry-flags", el("none")),
            expires,
        )
        for found in learned.addresses(device)
        if ":" not in found.address
    ]
    count = el("arp-entry-count", len(entries))
    return told("arp-table-information", "arp", *entries, count)


def _arp_screen(device: Device, options: Options) -> str:
    rows = [("MAC Address", "Address", "Interface", "Flags")]
    for entry in _arp(device, options).iter("arp-table-entry"):
        mac, address, name, *_ = (child.text or "" for child in entry)
        rows.append((mac, address, name, "none"))
    return columns(rows, (18, 16, 25)) + f"Total entries: {len(rows) - 1}\n"


def _nd(device: Device, options: Options) -> Element:
    del options
    entries = [
        el(
            "ipv6-nd-entry",
            el("ipv6-nd-neighbor-address", found.address),
            el("ipv6-nd-neighbor-l2-address", found.mac),
            el("ipv6-nd-state", "reachable"),
            el("ipv6-nd-expire", 20),
            el("ipv6-nd-isrouter", "yes"),
            el("ipv6-nd-issecure", "no"),
            el("ipv6-nd-interface-name", found.interface),
        )
        for found in learned.addresses(device)
        if ":" in found.address
    ]
    return listed("ipv6-nd-information", [*entries, el("ipv6-nd-total", len(entries))])


def _nd_screen(device: Device, options: Options) -> str:
    rows: list[tuple[str, ...]] = [
        ("IPv6 Address", "Linklayer Address", "State", "Exp", "Rtr", "Secure", "Interface"),
        *(tuple(child.text or "" for child in entry) for entry in _nd(device, options).iter("ipv6-nd-entry")),
    ]
    return columns(rows, (29, 19, 13, 5, 5, 8)) + f"Total entries: {len(rows) - 1}\n"


SHOWS = (
    Show(
        command="show lldp neighbors",
        rpcs=(
            "get-lldp-neighbors-information",
            "get-lldp-interface-neighbors-information",
            "get-lldp-interface-neighbors",
        ),
        element=_lldp,
        screen=_lldp_screen,
        values={"interface": "interface-name"},
    ),
    Show(
        command="show arp",
        rpcs=("get-arp-table-information",),
        element=_arp,
        screen=_arp_screen,
        flags="expiration-time",
    ),
    Show(command="show ipv6 neighbors", rpcs=("get-ipv6-nd-information",), element=_nd, screen=_nd_screen),
)
