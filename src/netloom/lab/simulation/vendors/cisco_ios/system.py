"""What an IOS device says of itself: version, name, inventory, clock, sessions, processor, memory, configuration."""

from __future__ import annotations

import re

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios.printed import body, file_text
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell
from netloom.model.config import Line
from netloom.model.device import Device as Settings
from netloom.model.dns import Dns
from netloom.model.ntp import Ntp
from netloom.model.user import User

_ROUTER, _SWITCH = "C8000V", "C9300-24T"
_RELEASE = (17, 9)
_MEMORY, _USED = 2_071_503_872, 341_227_416
_NVRAM = 33_554_432
_UNITS = ((31_536_000, "year"), (604_800, "week"), (86_400, "day"), (3600, "hour"), (60, "minute"))


def release(device: Device) -> tuple[int, int]:
    """The release that the configuration names."""
    found = (re.match(r"version (\d+)\.(\d+)", text) for text in device.startup.tree)
    return next(((int(match[1]), int(match[2])) for match in found if match), _RELEASE)


def model(device: Device) -> str:
    """The chassis: a router's or a switch's."""
    return _SWITCH if is_switch(device) else _ROUTER


def image(device: Device) -> str:
    """The system's own line: what SNMP, CDP and LLDP tell as well."""
    major, minor = release(device)
    if major < 16:
        return (
            f"Cisco IOS Software, Simulated Software (SIMULATED-UNIVERSALK9-M), Version {major}.{minor}(3)M2, "
            "RELEASE SOFTWARE (fc2)"
        )
    return (
        f"Cisco IOS Software [Cupertino], Virtual XE Software (SIMULATED-UNIVERSALK9-M), Version {major}.{minor}.4a, "
        "RELEASE SOFTWARE (fc3)"
    )


def lasted(seconds: float) -> str:
    """«1 week, 2 days, 3 hours, 4 minutes»."""
    left, said = int(seconds), []
    for size, word in _UNITS:
        count, left = divmod(left, size)
        if count:
            said.append(f"{count} {word}{'' if count == 1 else 's'}")
    return ", ".join(said) or "0 minutes"


def ago(seconds: float) -> str:
    """A time as tables have it: 00:01:02, 3d04h, 2w3d."""
    whole = int(seconds)
    if whole < 86_400:
        return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    days = whole // 86_400
    return f"{days}d{whole // 3600 % 24:02}h" if days < 7 else f"{days // 7}w{days % 7}d"


def dotted(mac: str) -> str:
    """0253.0011.2233."""
    plain = mac.replace(":", "")
    return ".".join(plain[at : at + 4] for at in (0, 4, 8))


def is_switch(device: Device) -> bool:
    """Whether it has ports that switch: Catalysts and routers tell different things."""
    return bool(device.records("switchport")) or bool(device.records("vlan"))


def _version(shell: IosShell) -> str:
    device = shell.device
    major, minor = release(device)
    first = f"Cisco IOS XE Software, Version {major}.{minor:02}.04a (simulated by netloom)\n" if major >= 16 else ""
    base = f"Base Ethernet MAC Address          : {device.mac}\n" if is_switch(device) else ""
    return (
        f"{first}{image(device)}\nTechnical Support: none, this device is simulated by netloom\n\n\n"
        "ROM: simulated\n\n"
        f"{device.hostname} uptime is {lasted(device.uptime_s)}\n"
        f"Uptime for this control processor is {lasted(device.uptime_s)}\n"
        "System returned to ROM by reload\n"
        'System image file is "bootflash:packages.conf"\nLast reload reason: reload\n\n\n'
        f"cisco {model(device)} (SIMULATED) processor (revision SIM) with {_MEMORY // 1024}K/3075K bytes of memory.\n"
        f"Processor board ID {device.serial}\n"
        f"{len(_ethernets(device))} Gigabit Ethernet interfaces\n"
        f"{_NVRAM // 1024}K bytes of non-volatile configuration memory.\n"
        f"{_MEMORY // 1024}K bytes of physical memory.\n11526144K bytes of virtual hard disk at bootflash:.\n\n{base}"
        "Configuration register is 0x2102\n\n"
    )


def _ethernets(device: Device) -> list[str]:
    return [header for header, _ in device.config.sections("interface ") if re.search(r"Ethernet|GigE", header)]


def domain(device: Device) -> str | None:
    """The name's domain, as configured."""
    own = (record for record in device.records("device") if isinstance(record, Settings))
    return next((record.domain for record in own), None)


def _hosts(shell: IosShell) -> str:
    servers = [
        server.address for record in shell.device.records("dns") if isinstance(record, Dns) for server in record.servers
    ]
    shown = ", ".join(servers) if servers else "255.255.255.255"
    name = domain(shell.device)
    return (
        f"{f'Name lookup view: Global{chr(10)}'}Default domain is {name or 'not set'}\n"
        f"Name/address lookup uses domain service\nName servers are {shown}\n\n"
        "Codes: UN - unknown, EX - expired, OK - OK, ?? - revalidate\n       temp - temporary, perm - permanent\n"
        "       NA - Not Applicable None - Not defined\n\n"
        "Host                      Port  Flags      Age Type   Address(es)\n"
    )


def _inventory(shell: IosShell) -> str:
    serial, name = shell.device.serial, model(shell.device)
    text = (
        f'NAME: "Chassis", DESCR: "Cisco {name}, simulated by netloom"\nPID: {name:<19}, VID: SIM  , SN: {serial}\n\n'
    )
    for port in _optical(shell.device):
        text += (
            f'NAME: "{port}", DESCR: "SFP-10GBase-SR, simulated"\nPID: {"SFP-10G-SR":<19}, VID: SIM  , SN: {serial}\n\n'
        )
    return text


def _clock(shell: IosShell) -> str:
    now = shell.archive.clock()
    exact = any(record.servers for record in shell.device.records("ntp") if isinstance(record, Ntp))
    return f"{'' if exact else '*'}{now:%H:%M:%S}.{now.microsecond // 1000:03} UTC {now:%a %b} {now.day} {now.year}\n"


def _users(shell: IosShell) -> str:
    text = "    Line       User       Host(s)              Idle       Location\n"
    for number, other in sorted(shell.archive.lines().items()):
        mark = "*" if other is shell else " "
        text += f"{mark}{number + 2:>3} vty {number:<5} {other.user:<10} {'idle':<20} {ago(0):<10} \n"
    return f"{text}\n  Interface    User               Mode         Idle     Peer Address\n\n"


def _cpu(_: IosShell) -> str:
    return (
        "CPU utilization for five seconds: 2%/0%; one minute: 1%; five minutes: 1%\n"
        " PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process \n"
        "   1           4          48         83  0.00%  0.00%  0.00%   0 Chunk Manager    \n"
        "   2         112         540        207  0.07%  0.02%  0.01%   0 Load Meter       \n"
    )


def _memory(_: IosShell) -> str:
    free = _MEMORY - _USED
    return (
        f"Processor Pool Total: {_MEMORY:>10} Used: {_USED:>10} Free: {free:>10}\n"
        " lsmpi_io Pool Total:    6295128 Used:    6294296 Free:        832\n\n"
        " PID TTY  Allocated      Freed    Holding    Getbufs    Retbufs Process\n"
        "   0   0  228473512   53187632  156734472          0          0 *Init*          \n"
        "   1   0    1583728       3472    1613672          0          0 Chunk Manager   \n"
    )


def _memory_statistics(_: IosShell) -> str:
    free = _MEMORY - _USED
    return (
        "Tracekey : 1#simulated\n\n"
        "                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)\n"
        f"Processor  7F6D4A5048  {_MEMORY:>10}  {_USED:>10}  {free:>10}  {free - 4096:>10}  {free - 8192:>10}\n"
        "lsmpi_io  7F6D48B1A8     6295128     6294296         832         832         412\n"
    )


def _environment(_: IosShell) -> str:
    return (
        "\nSensor List:  Environmental Monitoring (simulated)\n"
        " Sensor           Location          State             Reading\n"
        " P0               Vin               Normal            231 V AC\n"
        " RPM: fan0        P0                Normal            4200 RPM\n"
        " Temp: Inlet 1    R0                Normal            24 Celsius\n"
        " Temp: CPU        R0                Normal            41 Celsius\n"
    )


def _temperature(shell: IosShell) -> Answer:
    if not is_switch(shell.device):
        return shell.lacks("show environment temperature status")
    return Answer(
        "Temperature Value: 31 Degree Celsius\nTemperature State: GREEN\nYellow Threshold : 105 Degree Celsius\n"
        "Red Threshold    : 125 Degree Celsius\n"
    )


def _optical(device: Device) -> list[str]:
    """The ports that hold a module."""
    names = [header.removeprefix("interface ") for header in _ethernets(device)]
    return [name for name in names if name.startswith(("TenGig", "TwentyFive", "Forty", "Hundred"))]


def _modules(shell: IosShell) -> str:
    head = (
        "If device is externally calibrated, only calibrated values are printed.\n"
        "++ : high alarm, +  : high warning, -  : low warning, -- : low alarm.\n"
        "NA or N/A: not applicable, Tx: transmit, Rx: receive.\nmA: milliamperes, dBm: decibels (milliwatts).\n\n"
        "                                 Optical   Optical\n"
        "           Temperature  Voltage  Tx Power  Rx Power\nPort       (Celsius)    (Volts)  (dBm)     (dBm)\n"
        "---------  -----------  -------  --------  --------\n"
    )
    names = [shell.short(name) for name in _optical(shell.device)]
    return head + "".join(f"{name:<12} {31.4:>6}       {3.29:.2f}      {-2.1:>4}      {-2.6:>4}\n" for name in names)


def _logging(_: IosShell) -> str:
    return (
        "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, "
        "filtering disabled)\n\nNo Active Message Discriminator.\n\nNo Inactive Message Discriminator.\n\n"
        "Log Buffer (4096 bytes):\n"
    )


def _snmp_chassis(shell: IosShell) -> str:
    return f"{shell.device.serial}\n"


def _ntp(shell: IosShell) -> str:
    """Servers that do not answer: nothing keeps time in a simulation."""
    servers = [item for record in shell.device.records("ntp") if isinstance(record, Ntp) for item in record.servers]
    rows = "".join(
        f" ~{item.address:<15} .INIT.          16      -     64     0  0.000   0.000 15937.\n" for item in servers
    )
    if not servers:
        return ""
    return (
        f"\n  address         ref clock       st   when   poll reach  delay  offset   disp\n{rows}"
        " * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured\n"
    )


def _ntp_status(_: IosShell) -> str:
    return "Clock is unsynchronized, stratum 16, no reference clock\n"


def _privilege(shell: IosShell) -> str:
    return f"Current privilege level is {15 if shell.privileged else 1}\n"


# ---- configurations -----------------------------------------------------------------------------


def _running(shell: IosShell, *_: str) -> str:
    text = file_text(shell.device)
    return f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n{text}\n"


def _startup(shell: IosShell) -> str:
    text = file_text(shell.device, shell.device.startup)
    return f"Using {len(text)} out of {_NVRAM} bytes\n{text}\n"


def _running_part(shell: IosShell, name: str) -> Answer:
    header = f"interface {shell.interface(name)}"
    config = shell.device.config
    if header not in config.tree:
        return shell.unknown(f"show running-config interface {name}")
    text = body(shell.device, config.with_tree({header: config.tree[header]}))
    return Answer(f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n!\n{text}end\n\n")


def _running_all(shell: IosShell) -> str:
    """With the defaults that a simulation knows of: open ports, MTU."""
    device = shell.device
    lines = [
        Line("no shutdown", (header,))
        for header, below in device.config.sections("interface ")
        if "shutdown" not in below
    ]
    tree = {
        header: ({**below, "no shutdown": {}} if any(line.path == (header,) for line in lines) else below)
        for header, below in device.config.tree.items()
    }
    text = file_text(device, device.config.with_tree(tree))
    head = f"Current configuration with default configurations exposed : {len(text)} bytes"
    return f"Building configuration...\n\n{head}\n{text}\n"


def _accounts(shell: IosShell) -> str:
    names = [record.name for record in shell.device.records("user") if isinstance(record, User)]
    return "".join(f"{name}\n" for name in names)


COMMANDS = (
    Command("show version", _version),
    Command("show hosts", _hosts),
    Command("show inventory", _inventory),
    Command("show clock", _clock),
    Command("show users", _users),
    Command("show processes cpu", _cpu),
    Command("show processes cpu sorted", _cpu),
    Command("show processes memory", _memory),
    Command("show processes memory sorted", _memory),
    Command("show memory statistics", _memory_statistics),
    Command("show memory", _memory_statistics),
    Command("show environment", _environment),
    Command("show environment all", _environment),
    Command("show environment temperature status", _temperature),
    Command("show interfaces transceiver", _modules),
    Command("show logging", _logging),
    Command("show snmp chassis", _snmp_chassis),
    Command("show ntp associations", _ntp),
    Command("show ntp status", _ntp_status),
    Command("show privilege", _privilege),
    Command("show running-config", _running),
    Command("show running-config all", _running_all),
    Command("show running-config brief", _running),
    Command("show running-config full", _running),
    Command("show running-config interface <name>", _running_part),
    Command("show startup-config", _startup),
    Command("show configuration", _startup),
    Command("show aaa local user", _accounts),
)
