"""What a Nexus says of itself: version, name, parts, clock, environment, load, features, configuration."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from netloom.lab.simulation.device import Command, Device, sections
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.environment import MEMORY_KB
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell, normalised
from netloom.lab.simulation.vendors.cisco_nxos.words import FEATURES, is_on
from netloom.model.config import Config
from netloom.model.device import Device as Settings

MODEL = "Nexus9000 9000v"
PRODUCT = "N9K-9000v"
_NEWEST = "9.3(8)"
_VERSION = re.compile(r"version (\S+)")
_STAMP = "%a %b %e %H:%M:%S %Y"
_BLANKS = " " * 10


def version_of(device: Device) -> str:
    """The release that the configuration names, or the newest one."""
    found = (match[1] for text in device.startup.tree if (match := _VERSION.match(text)))
    return next(found, _NEWEST)


def domain_of(device: Device) -> str:
    """The domain, empty without one."""
    own = next((record for record in device.records("device") if isinstance(record, Settings)), None)
    return own.domain or "" if own is not None else ""


def uptime(seconds: float) -> tuple[int, int, int, int]:
    """Days, hours, minutes and seconds."""
    whole = int(seconds)
    return whole // 86_400, whole // 3600 % 24, whole // 60 % 60, whole % 60


def clock_face(seconds: float) -> str:
    """An age as tables show it: 00:12:34, 1d02h, 2w3d."""
    days, hours, minutes, rest = uptime(seconds)
    if days >= 7:
        return f"{days // 7}w{days % 7}d"
    return f"{days}d{hours:02}h" if days else f"{hours:02}:{minutes:02}:{rest:02}"


# ---- the configuration as text ----------------------------------------------------------------


def running_text(device: Device, config: Config | None = None, command: str = "running-config") -> str:
    """A configuration under the preamble that `show running-config` prints."""
    now = datetime.now(UTC)
    booted = now - timedelta(seconds=device.uptime_s)
    text = device.text(config)
    release = "" if "version " in text else f"version {version_of(device)} Bios:version  \n"
    return (
        f"\n!Command: show {command}\n!Running configuration last done at: {booted:{_STAMP}}\n"
        f"!Time: {now:{_STAMP}}\n\n{release}{_spaced(text)}"
    )


def checkpoint_text(device: Device, config: Config | None = None) -> str:
    """A configuration as a checkpoint's file has it."""
    return f"!Command: Checkpoint cmd vdc 1\n!Time: {datetime.now(UTC):{_STAMP}}\n\n{_spaced(device.text(config))}"


def _spaced(text: str) -> str:
    """With an empty line before each interface, as NX-OS prints it."""
    return re.sub(r"^(?=interface |router |line )", "\n", text, flags=re.MULTILINE)


def _running(shell: NxosShell, rest: str = "") -> Answer:
    words = rest.split()
    text = running_text(shell.device)
    if words[:1] == ["all"] or not words:
        return Answer(text, {"nf:filter": {"m:configure": {"m:terminal": {}}}})
    if "interface".startswith(words[0]) and len(words[0]) > 2:
        return _of_interface(shell, text, "".join(words[1:]))
    wanted = {"bgp": "router bgp", "ospf": "router ospf|ospf", "vlan": "^vlan", "vrf": "^vrf", "snmp": "^snmp-server"}
    pattern = wanted.get(words[0], words[0])
    return Answer("\n".join(sections(text, pattern)) + "\n")


def _of_interface(shell: NxosShell, text: str, name: str) -> Answer:
    pattern = rf"^{re.escape(normalised(f'interface {name}'))}$" if name else "^interface "
    found = list(sections(text, pattern))
    if not found:
        return Answer(f"{' ' * 20}^\nInvalid range at '^' marker.\n", refused=True)
    head = text[: text.index("\nversion")].replace("show running-config", f"show running-config interface {name}")
    return Answer(f"{head}\nversion {version_of(shell.device)} Bios:version  \n\n" + "\n".join(found) + "\n")


def _startup(shell: NxosShell) -> Answer:
    return Answer(running_text(shell.device, shell.device.startup, "startup-config"), {"nf:filter": {}})


# ---- version, name, parts ---------------------------------------------------------------------


def _version(shell: NxosShell) -> Answer:
    device, release = shell.device, version_of(shell.device)
    days, hours, minutes, seconds = uptime(device.uptime_s)
    image = f"bootflash:///nxos.{release.replace('(', '.').replace(')', '')}-simulated.bin"
    text = (
        "Cisco Nexus Operating System (NX-OS) Software, simulated by netloom\n"
        "No vendor's software runs here: a simulation of its command line\n\n"
        f"Nexus 9000v is simulated\n\nSoftware\n  BIOS: version \n NXOS: version {release}\n  BIOS compile time:  \n"
        f"  NXOS image file is: {image}\n  NXOS compile time:  11/20/2026 10:00:00 [11/20/2026 10:00:00]\n\n\n"
        f"Hardware\n  cisco {MODEL} Chassis \n   with {MEMORY_KB} kB of memory.\n"
        f"  Processor Board ID {device.serial}\n\n  Device name: {device.hostname}\n"
        f"  bootflash:    4287040 kB\nKernel uptime is {days} day(s), {hours} hour(s), {minutes} minute(s), "
        f"{seconds} second(s)\n\nLast reset \n"
        f"  Reason: {'Unknown' if device.boots == 1 else 'Reset Requested by CLI command reload'}\n"
        f"  System version: {release}\n  Service: \n\nplugin\n  Core Plugin, Ethernet Plugin\n\nActive Package(s):\n"
    )
    data = {
        "header_str": "Cisco Nexus Operating System (NX-OS) Software, simulated by netloom\n",
        "kickstart_ver_str": release,
        "nxos_ver_str": release,
        "sys_ver_str": release,
        "nxos_file_name": image,
        "kick_file_name": image,
        "chassis_id": f"{MODEL} Chassis",
        "cpu_name": "simulated",
        "memory": str(MEMORY_KB),
        "mem_type": "kB",
        "proc_board_id": device.serial,
        "host_name": device.hostname,
        "bootflash_size": "4287040",
        "kern_uptm_days": str(days),
        "kern_uptm_hrs": str(hours),
        "kern_uptm_mins": str(minutes),
        "kern_uptm_secs": str(seconds),
        "rr_reason": "Unknown",
        "rr_sys_ver": release,
        "rr_service": "",
        "manufacturer": "Cisco Systems, Inc.",
    }
    return Answer(text, data)


def _hostname(shell: NxosShell) -> Answer:
    domain = domain_of(shell.device)
    name = f"{shell.device.hostname}.{domain}" if domain else shell.device.hostname
    return Answer(f"{name} \n", {"hostname": name})


def _hosts(shell: NxosShell) -> Answer:
    domain = domain_of(shell.device)
    said = f"Default domain for vrf:default is {domain}\n" if domain else "Default domain is not set\n"
    return Answer(
        f"DNS lookup enabled\n{said}Name/address lookup uses domain service\nName servers are 255.255.255.255\n"
    )


def _inventory(shell: NxosShell) -> Answer:
    serial = shell.device.serial
    parts = (
        ("Chassis", f"{MODEL} Chassis", PRODUCT, "V02", serial),
        ("Slot 1", "Nexus 9000v Ethernet Module", f"{PRODUCT}", "V02", serial),
        ("Power Supply 1", f"{MODEL} Chassis Power Supply", "N9K-PAC-SIMULATED", "V01", f"{serial}P1"),
        ("Fan 1", f"{MODEL} Chassis Fan Module", "N9K-FAN-SIMULATED", "V01", "N/A"),
    )
    text = "".join(
        f'NAME: "{name}",  DESCR: "{description}"{_BLANKS}\n'
        f"PID: {product:<20},  VID: {version} ,  SN: {number}{_BLANKS}\n\n"
        for name, description, product, version, number in parts
    )
    names = ("name", "desc", "productid", "vendorid", "serialnum")
    return Answer(text, table("inv", (dict(zip(names, part, strict=True)) for part in parts)))


def _clock(shell: NxosShell) -> Answer:
    del shell
    now = datetime.now(UTC)
    said = f"{now:%H:%M:%S}.{now.microsecond // 1000:03} UTC {now:%a %b %d %Y}"
    return Answer(f"{said}\nTime source is NTP\n", {"simple_time": said, "time_source": "NTP"})


def _uptime(shell: NxosShell) -> Answer:
    device = shell.device
    days, hours, minutes, seconds = uptime(device.uptime_s)
    booted = datetime.now(UTC) - timedelta(seconds=device.uptime_s)
    lasted = f"{days} days, {hours} hours, {minutes} minutes, {seconds} seconds"
    text = f"System start time:          {booted:%a %b %d %H:%M:%S %Y}\n"
    text += f"System uptime:              {lasted}\nKernel uptime:              {lasted}\n"
    data = {
        f"sys_up_{name}": str(count)
        for name, count in zip(("days", "hrs", "mins", "secs"), uptime(device.uptime_s), strict=True)
    }
    return Answer(text, data)


def _features(shell: NxosShell) -> Answer:
    tree = shell.device.config.tree
    rows = [(feature, "enabled" if is_on(feature, tree) else "disabled") for feature in FEATURES]
    text = "Feature Name          Instance  State   \n--------------------  --------  --------\n"
    text += "".join(f"{feature:<22} {1:<10} {state}\n" for feature, state in rows)
    data = table(
        "cfcFeatureCtrlTable",
        (
            {"cfcFeatureCtrlIndex2": feature, "cfcFeatureCtrlInstanceNum2": "1", "cfcFeatureCtrlOpStatus2": state}
            for feature, state in rows
        ),
    )
    return Answer(text, data)


def _module(shell: NxosShell) -> Answer:
    text = (
        "Mod Ports             Module-Type                      Model           Status\n"
        "--- ----- ------------------------------------- --------------------- ---------\n"
        f"1    64   Nexus 9000v 64 port Ethernet Module   {PRODUCT:<21} active *\n"
    )
    row = {
        "mod": "1",
        "ports": "64",
        "type": "Nexus 9000v 64 port Ethernet Module",
        "model": PRODUCT,
        "status": "active *",
    }
    del shell
    return Answer(text, table("modinfo", [row]))


COMMANDS = (
    Command("show running-config", _running),
    Command("show running-config ...", _running),
    Command("show startup-config", _startup),
    Command("show version", _version),
    Command("show hostname", _hostname),
    Command("show switchname", _hostname),
    Command("show hosts", _hosts),
    Command("show inventory", _inventory),
    Command("show inventory all", _inventory),
    Command("show clock", _clock),
    Command("show system uptime", _uptime),
    Command("show feature", _features),
    Command("show module", _module),
)
