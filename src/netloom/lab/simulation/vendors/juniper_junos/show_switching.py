"""VLANs, the ports in them, addresses learned, aggregates, and transceivers."""

from __future__ import annotations

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.learned import mac_addresses
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el, listed
from netloom.lab.simulation.vendors.juniper_junos.ports import memberships, named, ports, vlans
from netloom.lab.simulation.vendors.juniper_junos.shows import NotShown, Options, Show, columns
from netloom.model.acl import Acl
from netloom.model.lag import Lag
from netloom.model.switchport import Switchport

_INSTANCE = "default-switch"
_OPTICS = ("ge-", "xe-", "et-")


def _vlans(device: Device, options: Options) -> Element:
    groups = []
    for tag, (name, members) in sorted(vlans(device).items()):
        if options.get("vlan-name") not in (None, name):
            continue
        shown = [
            el(
                "l2ng-l2rtb-vlan-member",
                el("l2ng-l2rtb-vlan-member-interface", f"{unit.name}{'*' if unit.up else ''}"),
                el("l2ng-l2rtb-vlan-member-tagness", "tagged" if tagged else "untagged"),
            )
            for unit, tagged in members
        ]
        groups.append(
            listed(
                "l2ng-l2ald-vlan-instance-group",
                shown,
                el("l2ng-l2rtb-name", _INSTANCE),
                el("l2ng-l2rtb-vlan-name", name),
                el("l2ng-l2rtb-vlan-tag", tag),
            )
        )
    return listed("l2ng-l2ald-vlan-instance-information", groups, {"junos:style": "brief-l2ng"})


def _vlans_screen(device: Device, options: Options) -> str:
    shown = columns([("\nRouting instance", "VLAN name", "Tag", "Interfaces")], (24, 22, 14))
    for tag, (name, members) in sorted(vlans(device).items()):
        if options.get("vlan-name") not in (None, name):
            continue
        shown += columns([(_INSTANCE, name, str(tag), "")], (23, 22, 14))
        shown += "".join(f"{'':59}{unit.name}{'*' if unit.up else ''}\n" for unit, _ in members)
    return shown


def _switching(device: Device, options: Options) -> Element:
    entries = []
    states = {unit.name: unit.up for port in ports(device) for unit in port.units}
    names = {tag: name for tag, (name, _) in vlans(device).items()}
    for record in device.records("switchport"):
        if not isinstance(record, Switchport) or options.get("interface-name") not in (None, record.interface):
            continue
        members = [
            el(
                "l2ng-l2ald-iff-interface-entry",
                el("l2iff-interface-vlan-name", names.get(tag, f"vlan{tag}")),
                el("l2iff-interface-vlan-id", tag),
                el("l2iff-interface-mac-limit", 8192),
                el(
                    "l2iff-interface-vlan-member-stp-state",
                    "Forwarding" if states.get(record.interface) else "Discarding",
                ),
                el("l2iff-interface-vlan-member-tagness", "tagged" if tagged else "untagged"),
            )
            for tag, tagged in memberships(record, tuple(names))
        ]
        head = (el("l2iff-interface-name", record.interface), el("l2iff-interface-mac-limit", 8192))
        entries.append(listed("l2ng-l2ald-iff-interface-entry", [*head, *members]))
    return listed("l2ng-l2ald-iff-interface-information", entries)


def _switching_screen(device: Device, options: Options) -> str:
    rows = [
        ("Logical", "Vlan", "TAG", "MAC", "STP", "Logical", "Tagging"),
        ("interface", "members", "", "limit", "state", "interface flags", ""),
    ]
    for entry in _switching(device, options).iter("l2ng-l2ald-iff-interface-entry"):
        told_of = {child.tag.removeprefix("l2iff-interface-"): child.text or "" for child in entry}
        tags = [each.text or "" for each in entry.iter("l2iff-interface-vlan-member-tagness")]
        rows.append(
            (
                told_of.get("name", ""),
                told_of.get("vlan-name", ""),
                told_of.get("vlan-id", ""),
                told_of.get("mac-limit", ""),
                told_of.get("vlan-member-stp-state", ""),
                "",
                "tagged" if "tagged" in tags else "untagged",
            )
        )
    return "Routing Instance Name : default-switch\n" + columns(rows, (20, 20, 8, 8, 12, 17))


def _macs(device: Device, options: Options) -> Element:
    names = {tag: name for tag, (name, _) in vlans(device).items()}
    if "extensive" in options:
        return listed(
            "l2ng-l2ald-rtb-macdb",
            [
                el(
                    "l2ng-l2ald-mac-entry-vlan",
                    {"junos:style": "extensive"},
                    el("l2ng-l2-mac-address", learned.mac),
                    el("l2ng-l2-mac-routing-instance", _INSTANCE),
                    el("l2ng-l2-mac-vlan-name", names.get(learned.vlan, f"vlan{learned.vlan}")),
                    el("l2ng-l2-vlan-id", learned.vlan),
                    el("l2ng-l2-mac-logical-interface", learned.interface),
                    el("l2ng-l2-mac-entry-flags", "in_hash,in_ifd,in_ifl,in_vlan,in_rtt,kernel,in_ifbd"),
                )
                for learned in mac_addresses(device)
            ],
        )
    entries = [
        el(
            "l2ng-mac-entry",
            el("l2ng-l2-mac-vlan-name", names.get(learned.vlan, f"vlan{learned.vlan}")),
            el("l2ng-l2-mac-address", learned.mac),
            el("l2ng-l2-mac-flags", "D"),
            el("l2ng-l2-mac-age", "-"),
            el("l2ng-l2-mac-logical-interface", learned.interface),
            el("l2ng-l2-mac-fwd-next-hop", 0),
            el("l2ng-l2-mac-rtr-id", 0),
        )
        for learned in mac_addresses(device)
    ]
    count = el("learnt-mac-count", len(entries))
    table = listed("l2ng-l2ald-mac-entry-vlan", entries, el("l2ng-l2-mac-routing-instance", _INSTANCE), count)
    return el("l2ng-l2ald-rtb-macdb", table)


def _macs_screen(device: Device, options: Options) -> str:
    del options
    names = {tag: name for tag, (name, _) in vlans(device).items()}
    rows = [("   Vlan", "MAC", "MAC", "Age", "Logical"), ("   name", "address", "flags", "", "interface")]
    rows += [
        (f"   {names.get(learned.vlan, learned.vlan)}", learned.mac, "D", "-", learned.interface)
        for learned in mac_addresses(device)
    ]
    head = (
        "MAC flags (S - static MAC, D - dynamic MAC, L - locally learned, P - Persistent static)\n\n"
        f"Ethernet switching table : {len(rows) - 2} entries, {len(rows) - 2} learned\nRouting instance : {_INSTANCE}\n"
    )
    return head + columns(rows, (23, 20, 10, 8))


def _lacp(device: Device, options: Options) -> Element:
    up = {port.name: port.up for port in ports(device)}
    found = []
    for record in device.records("lag"):
        if not isinstance(record, Lag) or record.mode not in ("active", "passive"):
            continue
        if options.get("interface-name") not in (None, record.name):
            continue
        states = [
            el(
                "lag-lacp-state",
                el("name", name),
                el("lacp-role", role),
                el("lacp-expired", "No"),
                el("lacp-defaulted", "No" if up.get(name) else "Yes"),
                el("lacp-distributing", "Yes" if up.get(name) else "No"),
                el("lacp-collecting", "Yes" if up.get(name) else "No"),
                el("lacp-synchronization", "Yes" if up.get(name) else "No"),
                el("lacp-aggregation", "Yes"),
                el("lacp-timeout", "Fast"),
                el("lacp-activity", "Active"),
            )
            for name in record.members
            for role in ("Actor", "Partner")
        ]
        protocol = [
            el(
                "lag-lacp-protocol",
                el("name", name),
                el("lacp-receive-state", "Current" if up.get(name) else "Defaulted"),
                el("lacp-transmit-state", "Fast periodic"),
                el("lacp-mux-state", "Collecting distributing" if up.get(name) else "Detached"),
            )
            for name in record.members
        ]
        header = el("lag-lacp-header", el("aggregate-name", record.name))
        found.append(listed("lacp-interface-information", [header, *states, *protocol]))
    return listed("lacp-interface-information-list", found)


def _lacp_screen(device: Device, options: Options) -> str:
    shown = []
    for lag in _lacp(device, options):
        rows: list[tuple[str, ...]] = [
            ("    LACP state:", "Role", "Exp", "Def", "Dist", "Col", "Syn", "Aggr", "Timeout", "Activity")
        ]
        for state in lag.iter("lag-lacp-state"):
            name, *cells = (child.text or "" for child in state)
            rows.append((f"      {name}", *cells))
        table = columns(rows, (20, 9, 5, 5, 6, 5, 5, 6, 9))
        heads: list[tuple[str, ...]] = [("    LACP protocol:", "Receive State", "Transmit State", "Mux State")]
        heads += [
            (f"      {name}", *cells)
            for name, *cells in ([c.text or "" for c in each] for each in lag.iter("lag-lacp-protocol"))
        ]
        aggregate = lag.findtext("lag-lacp-header/aggregate-name")
        shown.append(f"Aggregated interface: {aggregate}\n{table}{columns(heads, (22, 16, 16))}")
    return "\n".join(shown)


def _optics(device: Device, options: Options) -> Element:
    found = [
        el(
            "physical-interface",
            el("name", port.name),
            el(
                "optics-diagnostics",
                el("laser-bias-current", "6.214"),
                el("laser-output-power", "0.5750"),
                el("laser-output-power-dbm", "-2.40"),
                el("module-temperature", "31 degrees C / 88 degrees F", {"junos:celsius": 31}),
                el("module-voltage", "3.3300"),
                el("rx-signal-avg-optical-power", "0.4520" if port.up else "0.0000"),
                el("rx-signal-avg-optical-power-dbm", "-3.45" if port.up else "- Inf"),
            ),
        )
        for port in named(device, options.get("interface-name"))
        if port.name.startswith(_OPTICS) and port.speed
    ]
    return listed("interface-information", found, {"xmlns": "http://xml.juniper.net/junos/21.4R1/junos-interface"})


def _optics_screen(device: Device, options: Options) -> str:
    shown = []
    for port in _optics(device, options):
        dark = port.findtext("optics-diagnostics/rx-signal-avg-optical-power-dbm")
        shown.append(
            f"Physical interface: {port.findtext('name')}\n"
            "    Laser bias current                        :  6.214 mA\n"
            "    Laser output power                        :  0.5750 mW / -2.40 dBm\n"
            "    Module temperature                        :  31 degrees C / 88 degrees F\n"
            "    Module voltage                            :  3.3300 V\n"
            f"    Receiver signal average optical power     :  0.4520 mW / {dark} dBm\n"
        )
    return "\n".join(shown)


def _filters(device: Device, options: Options) -> Element:
    found = []
    for record in device.records("acl"):
        if not isinstance(record, Acl) or options.get("filter-name") not in (None, record.name):
            continue
        counters = [
            el("counter", el("counter-name", name), el("packet-count", 0), el("byte-count", 0))
            for entry in record.entries
            if (name := _counter(entry.options)) is not None
        ]
        found.append(listed("filter-information", counters, el("filter-name", record.name)))
    return listed("firewall-information", found)


def _counter(options: str | None) -> str | None:
    words = (options or "").split()
    return words[words.index("count") + 1] if "count" in words[:-1] else None


def _filters_screen(device: Device, options: Options) -> str:
    shown = ""
    for found in _filters(device, options):
        shown += f"\nFilter: {found.findtext('filter-name')}\n"
        rows = [(c.findtext("counter-name") or "", "0", "0") for c in found.iter("counter")]
        if rows:
            shown += "Counters:\n" + columns([("Name", "Bytes", "Packets"), *rows], (50, 20))
    return shown


def _no_bridging(device: Device, options: Options) -> Element:
    del device, options
    raise NotShown("syntax error", "bridge")


def _no_bridging_screen(device: Device, options: Options) -> str:
    del device, options
    raise NotShown("syntax error", "bridge")


SHOWS = (
    Show(
        command="show vlans", rpcs=("get-vlan-information",), element=_vlans, screen=_vlans_screen, argument="vlan-name"
    ),
    Show(
        command="show ethernet-switching interface",
        rpcs=("get-ethernet-switching-interface-information", "get-ethernet-switching-interface-details"),
        element=_switching,
        screen=_switching_screen,
        argument="interface-name",
    ),
    Show(
        command="show ethernet-switching table",
        rpcs=("get-ethernet-switching-table-information",),
        element=_macs,
        screen=_macs_screen,
    ),
    Show(
        command="show lacp interfaces",
        rpcs=("get-lacp-interface-information",),
        element=_lacp,
        screen=_lacp_screen,
        argument="interface-name",
    ),
    Show(
        command="show interfaces diagnostics optics",
        rpcs=("get-interface-optics-diagnostics-information",),
        element=_optics,
        screen=_optics_screen,
        argument="interface-name",
    ),
    Show(
        command="show firewall",
        rpcs=("get-firewall-information",),
        element=_filters,
        screen=_filters_screen,
        values={"filter": "filter-name"},
    ),
    Show(
        command="show bridge domain",
        rpcs=("get-bridge-instance-information",),
        element=_no_bridging,
        screen=_no_bridging_screen,
    ),
    Show(
        command="show bridge mac-table",
        rpcs=("get-bridge-mac-table",),
        element=_no_bridging,
        screen=_no_bridging_screen,
        flags="count",
    ),
)
