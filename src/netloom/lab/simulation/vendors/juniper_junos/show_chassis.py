"""The chassis: its parts, the routing engine, and how warm and well they are."""

from __future__ import annotations

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendors.juniper_junos.database import database_of
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el, listed
from netloom.lab.simulation.vendors.juniper_junos.show_system import MODEL
from netloom.lab.simulation.vendors.juniper_junos.shows import Options, Show, columns, moment, seconds_of, span, told

_DRAM_MB, _USED_PERCENT, _IDLE_PERCENT = 2048, 37, 92
_PARTS = (
    ("Temp", "FPC 0 CPU", "OK", 41),
    ("Temp", "Routing Engine 0", "OK", 38),
    ("Fans", "Fan Tray 0", "OK", None),
    ("Fans", "Fan Tray 1", "OK", None),
    ("Power", "Power Supply 0", "OK", None),
    ("Power", "Power Supply 1", "OK", None),
)


def _ports(device: Device) -> list[str]:
    """The names of ports with a transceiver: those with a cable."""
    return [cable.interface for cable in device.spec.cables if cable.interface.startswith(("ge-", "xe-", "et-"))]


def _transceiver(port: str, device: Device) -> tuple[str, str, str, str]:
    kind = {"ge": "SFP-SX", "xe": "SFP+-10G-SR", "et": "QSFP+-40G-SR4"}[port.partition("-")[0]]
    number = port.rpartition("/")[2]
    return f"Xcvr {number}", "740-000000", f"{device.serial}{number}", f"{kind} (simulated)"


def _hardware(device: Device, options: Options) -> Element:
    del options
    xcvrs = [
        el("chassis-sub-sub-module", *map(el, ("name", "part-number", "serial-number", "description"), row))
        for row in (_transceiver(port, device) for port in _ports(device))
    ]
    pic = listed("chassis-sub-module", xcvrs, el("name", "PIC 0"), el("description", "simulated ports"))
    fpc = el("chassis-module", el("name", "FPC 0"), el("description", "simulated"), pic)
    engine = el("chassis-module", el("name", "Routing Engine 0"), el("description", "RE-simulated"))
    parts = [
        el("chassis-module", el("name", name), el("description", "simulated"))
        for kind, name, *_ in _PARTS
        if kind != "Temp"
    ]
    chassis = listed(
        "chassis",
        [engine, fpc, *parts],
        el("name", "Chassis"),
        el("serial-number", device.serial),
        el("description", MODEL),
    )
    return told("chassis-inventory", "chassis", chassis)


def _hardware_screen(device: Device, options: Options) -> str:
    del options
    rows = [
        ("Item", "Version", "Part number", "Serial number", "Description"),
        ("Chassis", "", "", device.serial, MODEL),
        ("Routing Engine 0", "", "", "", "RE-simulated"),
        ("FPC 0", "", "", "", "simulated"),
        ("  PIC 0", "", "", "", "simulated ports"),
    ]
    for port in _ports(device):
        name, part, serial, description = _transceiver(port, device)
        rows.append((f"    {name}", "", part, serial, description))
    rows += [(name, "", "", "", "simulated") for kind, name, *_ in _PARTS if kind != "Temp"]
    return "Hardware inventory:\n" + columns(rows, (17, 9, 13, 18))


def _engine(device: Device, options: Options) -> Element:
    del options
    started = database_of(device).clock - device.uptime_s
    return told(
        "route-engine-information",
        "chassis",
        el(
            "route-engine",
            el("slot", 0),
            el("mastership-state", "Master"),
            el("mastership-priority", "Master (default)"),
            el("status", "OK"),
            el("temperature", "38 degrees C / 100 degrees F", {"junos:celsius": 38}),
            el("memory-dram-size", f"{_DRAM_MB} MB"),
            el("memory-buffer-utilization", _USED_PERCENT),
            el("cpu-user", 5),
            el("cpu-background", 0),
            el("cpu-system", 2),
            el("cpu-interrupt", 1),
            el("cpu-idle", _IDLE_PERCENT),
            el("model", "RE-simulated"),
            el("serial-number", device.serial),
            el("start-time", moment(started), seconds_of(started)),
            el("up-time", span(device.uptime_s), seconds_of(device.uptime_s)),
            el("last-reboot-reason", "0x1:power cycle/failure"),
        ),
    )


def _engine_screen(device: Device, options: Options) -> str:
    del options
    clock = database_of(device).clock
    return f"""Routing Engine status:
  Slot 0:
    Current state                  Master
    Temperature                 38 degrees C / 100 degrees F
    DRAM                      {_DRAM_MB} MB
    Memory utilization          {_USED_PERCENT} percent
    CPU utilization:
      User                       5 percent
      Background                 0 percent
      Kernel                     2 percent
      Interrupt                  1 percent
      Idle                      {_IDLE_PERCENT} percent
    Model                          RE-simulated
    Serial ID                      {device.serial}
    Start time                     {moment(clock - device.uptime_s)}
    Uptime                         {_days(device.uptime_s)}
    Last reboot reason             0x1:power cycle/failure
"""


def _days(seconds: float) -> str:
    whole = int(seconds)
    parts = (
        (whole // 86_400, "day"),
        (whole // 3600 % 24, "hour"),
        (whole // 60 % 60, "minute"),
        (whole % 60, "second"),
    )
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count) or "0 seconds"


def _environment(device: Device, options: Options) -> Element:
    del device, options
    items, before = [], ""
    for kind, name, status, celsius in _PARTS:
        heat = f"{celsius} degrees C / {celsius * 9 // 5 + 32} degrees F" if celsius is not None else None
        measured = el("temperature", heat, {"junos:celsius": celsius}) if celsius is not None else None
        comment = el("comment", "Spinning at normal speed") if kind == "Fans" else None
        shown = el("class", kind) if kind != before else None
        items.append(el("environment-item", el("name", name), shown, el("status", status), measured, comment))
        before = kind
    return listed("environment-information", items, {"xmlns": "http://xml.juniper.net/junos/21.4R1/junos-chassis"})


def _environment_screen(device: Device, options: Options) -> str:
    del device, options
    rows, before = [("Class", "Item", "Status", "Measurement")], ""
    for kind, name, status, celsius in _PARTS:
        heat = f"{celsius} degrees C / {celsius * 9 // 5 + 32} degrees F" if celsius is not None else ""
        rows.append(
            (
                kind if kind != before else "",
                name,
                status,
                heat or ("Spinning at normal speed" if kind == "Fans" else ""),
            )
        )
        before = kind
    return columns(rows, (6, 31, 11))


def _thresholds(device: Device, options: Options) -> Element:
    del device, options
    limits = [
        el("temperature-threshold", el("name", name), el("fan-normal-speed", 55), el("fan-high-speed", 65))
        for kind, name, *_ in _PARTS
        if kind == "Temp"
    ]
    for limit in limits:
        limit.extend([el("yellow-alarm", 75), el("red-alarm", 85)])
    return listed("temperature-threshold-information", limits)


def _thresholds_screen(device: Device, options: Options) -> str:
    del device, options
    rows = [("Item", "Normal", "High", "Yellow", "Red")]
    rows += [(name, "55", "65", "75", "85") for kind, name, *_ in _PARTS if kind == "Temp"]
    return columns(rows, (31, 9, 9, 9))


def _power(device: Device, options: Options) -> Element:
    del device, options
    items = [
        el(
            "power-usage-item",
            el("name", name),
            el("state", "Online"),
            el("pem-capacity-detail", el("capacity-actual", 650), el("capacity-max", 650)),
            el("dc-output-detail", el("dc-power", 78), el("zone", 0), el("dc-current", 6), el("dc-voltage", 12)),
        )
        for kind, name, *_ in _PARTS
        if kind == "Power"
    ]
    return listed("power-usage-information", items)


def _power_screen(device: Device, options: Options) -> str:
    del device, options
    return "".join(
        f"{name}:\n  State:     Online\n  DC Output:  78 W (zone 0, 6 A at 12 V, 12% of capacity)\n"
        f"  Capacity:   650 W (maximum 650 W)\n"
        for kind, name, *_ in _PARTS
        if kind == "Power"
    )


def _fans(device: Device, options: Options) -> Element:
    del device, options
    items = [
        el("fan-information-rpm-item", el("name", name), el("status", "OK"), el("rpm", 7020))
        for kind, name, *_ in _PARTS
        if kind == "Fans"
    ]
    return listed("fan-information", items)


def _fans_screen(device: Device, options: Options) -> str:
    del device, options
    rows = [("Item", "Status", "RPM", "Measurement")]
    rows += [(name, "OK", "7020", "Spinning at normal speed") for kind, name, *_ in _PARTS if kind == "Fans"]
    return columns(rows, (31, 11, 10))


def _no_alarms(device: Device, options: Options) -> str:
    del device, options
    return "No alarms currently active\n"


def _alarms(device: Device, options: Options) -> Element:
    del device, options
    return el("alarm-information", el("alarm-summary", el("no-active-alarms")))


SHOWS = (
    Show(
        command="show chassis hardware",
        rpcs=("get-chassis-inventory",),
        element=_hardware,
        screen=_hardware_screen,
        flags="models",
    ),
    Show(
        command="show chassis routing-engine",
        rpcs=("get-route-engine-information",),
        element=_engine,
        screen=_engine_screen,
    ),
    Show(
        command="show chassis environment",
        rpcs=("get-environment-information",),
        element=_environment,
        screen=_environment_screen,
    ),
    Show(
        command="show chassis temperature-thresholds",
        rpcs=("get-temperature-threshold-information",),
        element=_thresholds,
        screen=_thresholds_screen,
    ),
    Show(
        command="show chassis power",
        rpcs=("get-power-usage-information", "get-power-usage-information-detail"),
        element=_power,
        screen=_power_screen,
    ),
    Show(command="show chassis fan", rpcs=("get-fan-information",), element=_fans, screen=_fans_screen),
    Show(command="show chassis alarms", rpcs=("get-alarm-information",), element=_alarms, screen=_no_alarms),
    Show(command="show system alarms", rpcs=("get-system-alarm-information",), element=_alarms, screen=_no_alarms),
)
