"""The system itself: version, chassis, routing engine, uptime, users, commits, clock servers."""

from __future__ import annotations

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendors.juniper_junos.database import JunosCommit, database_of
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el, listed
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
from netloom.model.ntp import Ntp

MODEL = "vqfx-simulated"
VERSION = "21.4R1.12"
NOTE = f"JUNOS OS simulated by netloom [{VERSION}]"
_DRAM_MB, _USED_PERCENT, _IDLE_PERCENT = 2048, 37, 92
_PARTS = (
    ("Temp", "FPC 0 CPU", "OK", 41),
    ("Temp", "Routing Engine 0", "OK", 38),
    ("Fans", "Fan Tray 0", "OK", None),
    ("Fans", "Fan Tray 1", "OK", None),
    ("Power", "Power Supply 0", "OK", None),
    ("Power", "Power Supply 1", "OK", None),
)


def _version(device: Device, options: Options) -> Element:
    del options
    package = el("package-information", el("name", "junos"), el("comment", NOTE))
    return el(
        "software-information",
        el("host-name", device.hostname),
        el("product-model", MODEL),
        el("product-name", MODEL),
        el("junos-version", VERSION),
        package,
    )


def _version_screen(device: Device, options: Options) -> str:
    del options
    return f"Hostname: {device.hostname}\nModel: {MODEL}\nJunos: {VERSION}\n{NOTE}\n"


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


def _uptime(device: Device, options: Options) -> Element:
    del options
    database = database_of(device)
    now, booted, last = database.clock, database.clock - device.uptime_s, database.history[0]

    def since(name: str, at: float) -> Element:
        return el(
            name, el("date-time", moment(at), seconds_of(at)), el("time-length", span(now - at), seconds_of(now - at))
        )

    configured = since("last-configured-time", last.at)
    configured.append(el("user", last.user))
    return told(
        "system-uptime-information",
        "system",
        el("current-time", el("date-time", moment(now), seconds_of(now))),
        el("time-source", "LOCAL CLOCK"),
        since("system-booted-time", booted),
        since("protocols-started-time", booted),
        configured,
        el(
            "uptime-information",
            el("date-time", moment(now)[11:19], seconds_of(now)),
            el("up-time", span(device.uptime_s), seconds_of(device.uptime_s)),
            el("active-user-count", 1, {"junos:format": "1 users"}),
            el("load-average-1", "0.08"),
            el("load-average-5", "0.05"),
            el("load-average-15", "0.02"),
        ),
    )


def _uptime_screen(device: Device, options: Options) -> str:
    del options
    database = database_of(device)
    now, booted, last = database.clock, database.clock - device.uptime_s, database.history[0]
    return (
        f"Current time: {moment(now)}\nTime Source:  LOCAL CLOCK\n"
        f"System booted: {moment(booted)} ({span(device.uptime_s)} ago)\n"
        f"Protocols started: {moment(booted)} ({span(device.uptime_s)} ago)\n"
        f"Last configured: {moment(last.at)} ({span(now - last.at)} ago) by {last.user}\n"
        f"{moment(now)[11:19]}  up {span(device.uptime_s)}, 1 users, load averages: 0.08, 0.05, 0.02\n"
    )


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


def _users(device: Device, options: Options) -> Element:
    del options
    database = database_of(device)
    entries = [
        el(
            "user-entry",
            el("user", edit.user),
            el("tty", "pts/0" if edit.client == "cli" else "-"),
            el("from", device.spec.address),
            el("login-time", moment(edit.since)[11:16], seconds_of(edit.since)),
            el("idle-time", "-", seconds_of(0)),
            el("command", "cli" if edit.client == "cli" else "mgd"),
        )
        for edit in database.edits.values()
    ] or [
        el(
            "user-entry",
            el("user", device.spec.username),
            el("tty", "pts/0"),
            el("from", device.spec.address),
            el("login-time", moment(database.clock)[11:16], seconds_of(database.clock)),
            el("idle-time", "-", seconds_of(0)),
            el("command", "cli"),
        )
    ]
    table = listed("user-table", entries)
    return told("system-users-information", "system", el("uptime-information", el("active-user-count", 1), table))


def _users_screen(device: Device, options: Options) -> str:
    rows = [("USER", "TTY", "FROM", "LOGIN@  IDLE WHAT")]
    for entry in _users(device, options).iter("user-entry"):
        told_of = {child.tag: child.text or "" for child in entry}
        what = f"{told_of['login-time']}       - {told_of['command']}"
        rows.append((told_of["user"], told_of["tty"], told_of["from"], what))
    clock = moment(database_of(device).clock)[11:16]
    return f" {clock}  up {span(device.uptime_s)}, 1 users\n" + columns(rows, (9, 9, 36))


def _commit_element(commit: JunosCommit, number: int) -> Element:
    return el(
        "commit-history",
        el("sequence-number", number),
        el("user", commit.user),
        el("client", commit.client),
        el("date-time", moment(commit.at), seconds_of(commit.at)),
        el("comment", commit.timer) if commit.timer else None,
        el("log", commit.comment) if commit.comment else None,
    )


def _commits(device: Device, options: Options) -> Element:
    del options
    commits = database_of(device).history
    return listed("commit-information", [_commit_element(commit, at) for at, commit in enumerate(commits)])


def _commits_screen(device: Device, options: Options) -> str:
    del options
    shown = []
    for number, commit in enumerate(database_of(device).history):
        said = f" {commit.timer}" if commit.timer else ""
        shown.append(f"{number:<3} {moment(commit.at)} by {commit.user} via {commit.client}{said}\n")
        shown += [f"    {line}\n" for line in commit.comment.splitlines()]
    return "".join(shown)


def revision(device: Device) -> str:
    """What names the last commit."""
    history = database_of(device).history
    return f"re0-{int(history[0].at)}-{len(history)}"


def _revision(device: Device, options: Options) -> Element:
    del options
    last = database_of(device).history[0]
    return el(
        "commit-revision-information",
        el("revision", revision(device)),
        el("user", last.user),
        el("client", last.client),
        el("date-time", moment(last.at), seconds_of(last.at)),
        el("comment", last.timer or last.comment) if last.timer or last.comment else None,
    )


def _revision_screen(device: Device, options: Options) -> str:
    del options
    last = database_of(device).history[0]
    return f"Revision: {revision(device)}\nUser    : {last.user}\nClient  : {last.client}\nTime    : {moment(last.at)}\nComment : {last.timer or last.comment}\n"


def _information(device: Device, options: Options) -> Element:
    del options
    return el(
        "system-information",
        el("hardware-model", MODEL),
        el("os-name", "junos"),
        el("os-version", VERSION),
        el("serial-number", device.serial),
        el("host-name", device.hostname),
    )


def _information_screen(device: Device, options: Options) -> str:
    del options
    return f"Model: {MODEL}\nFamily: simulated\nJunos: {VERSION}\nHostname: {device.hostname}\n"


def _ntp(device: Device, options: Options) -> str:
    del options
    rows = "".join(
        f"{'*' if at == 0 else '+'}{server.address:<16}.SIM.            1 {'-'}   {12 + at}   64  377    0.412   -0.021   0.034\n"
        for at, server in enumerate(
            server
            for record in device.records("ntp")
            if isinstance(record, Ntp)
            for server in record.servers
        )
    )
    head = "     remote           refid      st t when poll reach   delay   offset  jitter\n" + "=" * 78 + "\n"
    return head + rows if rows else "ntpq: read: Connection refused\n"


def _no_alarms(device: Device, options: Options) -> str:
    del device, options
    return "No alarms currently active\n"


def _alarms(device: Device, options: Options) -> Element:
    del device, options
    return el("alarm-information", el("alarm-summary", el("no-active-alarms")))


def _file(device: Device, options: Options) -> str:
    name = options.get("filename", "").lstrip("/")
    if name == "etc/hosts.junos":
        return "128.0.0.1 master re re0\n"
    if name not in device.files:
        raise NotShown(f"could not resolve file: /{name}: No such file or directory")
    return device.files[name].decode("utf-8", "backslashreplace")


def _file_element(device: Device, options: Options) -> Element:
    return el("file-content", _file(device, options))


def _files(device: Device, options: Options) -> Element:
    path = options.get("path", "~").replace("~", f"/var/home/{device.spec.username}")
    names = [name for name in device.files if f"/{name}".startswith(path)]
    listing = [
        el("file-information", el("file-name", name), el("file-size", len(device.files[name]))) for name in names
    ]
    return el(
        "directory-list",
        {"root-path": f"{path.rstrip('/')}/"},
        listed("directory", listing, el("directory-name", path)),
    )


def _files_screen(device: Device, options: Options) -> str:
    listing = _files(device, options)
    return f"{listing.get('root-path')}:\n" + "".join(f"{name.text}\n" for name in listing.iter("file-name"))


SHOWS = (
    Show(command="show version", rpcs=("get-software-information",), element=_version, screen=_version_screen),
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
        command="show system uptime",
        rpcs=("get-system-uptime-information",),
        element=_uptime,
        screen=_uptime_screen,
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
    Show(command="show system users", rpcs=("get-system-users-information",), element=_users, screen=_users_screen),
    Show(command="show system commit", rpcs=("get-commit-information",), element=_commits, screen=_commits_screen),
    Show(
        command="show system commit revision",
        rpcs=("get-commit-revision-information",),
        element=_revision,
        screen=_revision_screen,
    ),
    Show(
        command="show system information",
        rpcs=("get-system-information",),
        element=_information,
        screen=_information_screen,
    ),
    Show(command="show ntp associations", rpcs=("get-ntp-associations-information",), screen=_ntp),
    Show(command="file show", rpcs=("file-show",), element=_file_element, screen=_file, argument="filename"),
    Show(command="file list", rpcs=("file-list",), element=_files, screen=_files_screen, argument="path"),
)
