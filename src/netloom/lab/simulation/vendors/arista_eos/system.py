"""What an EOS device says of itself: version, name, inventory, clock, environment, accounts."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.arista_eos.sessions import release
from netloom.lab.simulation.vendors.arista_eos.shell import EosShell
from netloom.model.device import Device as Settings
from netloom.model.user import User

MODEL = "vEOS-simulated"
_TOTAL_KB, _FREE_KB = 4_011_724, 2_774_168
_FANS, _SUPPLIES = 2, 2
_CAUSE = "Reload requested by the user."


def version_of(device: Device) -> str:
    """The release, as EOS spells it."""
    major, minor = release(device)
    return f"{major}.{minor}.1F"


def fqdn(device: Device) -> str:
    """The host's name with its domain."""
    own = next((record for record in device.records("device") if isinstance(record, Settings)), None)
    return f"{device.hostname}.{own.domain}" if own is not None and own.domain else device.hostname


def system_mac(device: Device) -> str:
    """In colons, as eAPI tells it."""
    return device.mac


def dotted(mac: str) -> str:
    """As the screen tells it."""
    plain = mac.replace(":", "")
    return ".".join(plain[at : at + 4] for at in (0, 4, 8))


def lasted(seconds: float) -> str:
    """«1 day, 2 hours and 3 minutes»."""
    minutes = int(seconds) // 60
    parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")]
    said = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count]
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0] if said else "0 minutes"


def _version(shell: EosShell) -> Answer:
    device = shell.device
    version, uptime = version_of(device), device.uptime_s
    data = {
        "mfgName": "Arista",
        "modelName": MODEL,
        "hardwareRevision": "simulated",
        "serialNumber": device.serial,
        "systemMacAddress": system_mac(device),
        "hwMacAddress": system_mac(device),
        "configMacAddress": "00:00:00:00:00:00",
        "version": f"{version} (simulated by netloom)",
        "architecture": "x86_64",
        "internalVersion": f"{version}-simulated",
        "internalBuildId": "simulated-by-netloom",
        "imageFormatVersion": "3.0",
        "imageOptimization": "None",
        "bootupTimestamp": time.time() - uptime,
        "uptime": uptime,
        "memTotal": _TOTAL_KB,
        "memFree": _FREE_KB,
        "isIntlVersion": False,
    }
    text = (
        f"Arista {MODEL}\nHardware version: simulated\nSerial number: {device.serial}\n"
        f"Hardware MAC address: {dotted(device.mac)}\nSystem MAC address: {dotted(device.mac)}\n\n"
        f"Software image version: {version} (simulated by netloom)\nArchitecture: x86_64\n"
        f"Internal build version: {version}-simulated\nInternal build ID: simulated-by-netloom\n"
        "Image format version: 3.0\nImage optimization: None\n\n"
        f"Uptime: {lasted(uptime)}\nTotal memory: {_TOTAL_KB} kB\nFree memory: {_FREE_KB} kB\n\n"
    )
    return Answer(text, data)


def _hostname(shell: EosShell) -> Answer:
    name, whole = shell.device.hostname, fqdn(shell.device)
    return Answer(f"Hostname: {name}\nFQDN:     {whole}\n", {"hostname": name, "fqdn": whole})


def _inventory(shell: EosShell) -> Answer:
    device = shell.device
    ports = [cable.interface for cable in device.spec.cables if cable.interface.startswith("Ethernet")]
    slots = {
        name.removeprefix("Ethernet"): {"mfgName": "netloom", "modelName": "SIMULATED", "serialNum": device.serial}
        for name in ports
    }
    data = {
        "systemInformation": {
            "name": MODEL,
            "description": "simulated switch",
            "hardwareRev": "00.00",
            "serialNum": device.serial,
            "mfgDate": "2026-01-01",
            "hwEpoch": "",
        },
        "xcvrSlots": slots,
        "fanTraySlots": {},
        "powerSupplySlots": {},
        "portCount": len(ports),
    }
    text = (
        "System information\n  Model                    Description\n"
        "  ------------------------ ----------------------------------------------------\n"
        f"  {MODEL:<24} simulated switch\n\n  HW Version  Serial Number  Mfg Date   Epoch\n"
        "  ----------- -------------- ---------- -----\n"
        f"  00.00       {device.serial:<14} 2026-01-01\n\nSystem has {len(ports)} transceiver slots\n"
        "  Port Manufacturer     Model            Serial Number    Rev\n"
        "  ---- ---------------- ---------------- ---------------- ----\n"
    )
    rows = (f"  {slot:<4} {'netloom':<16} {'SIMULATED':<16} {device.serial:<16} 0001\n" for slot in slots)
    return Answer(text + "".join(rows), data)


def _reload_cause(shell: EosShell) -> Answer:
    booted = time.time() - shell.device.uptime_s
    at = datetime.fromtimestamp(booted, UTC)
    text = (
        f"Reload Cause 1:\n-------------------\n{_CAUSE}\n\nReload Time:\n------------\n"
        f"Reload occurred at {at:%a %b %d %H:%M:%S %Y} UTC.\n\nRecommended Action:\n-------------------\n"
        "No action necessary.\n\nDebugging Information:\n----------------------\nNone available.\n"
    )
    cause = {"description": _CAUSE, "timestamp": booted, "recommendedAction": "No action necessary.", "debugInfo": []}
    return Answer(text, {"resetCauses": [cause], "full": False})


def _clock(shell: EosShell) -> Answer:
    del shell
    now = datetime.now(UTC)
    local = {"year": now.year, "month": now.month, "dayOfMonth": now.day, "hour": now.hour, "min": now.minute}
    local |= {
        "sec": now.second,
        "dayOfWeek": now.weekday(),
        "dayOfYear": now.timetuple().tm_yday,
        "daylightSavingsAdjust": 0,
    }
    data = {"utcTime": now.timestamp(), "timezone": "UTC", "localTime": local, "clockSource": {"local": True}}
    return Answer(f"{now:%a %b %d %H:%M:%S %Y}\nTimezone: UTC\nClock source: local\n", data)


def _uptime(shell: EosShell) -> Answer:
    uptime = shell.device.uptime_s
    hours, minutes = int(uptime) // 3600, int(uptime) // 60 % 60
    text = f" {datetime.now(UTC):%H:%M:%S} up {hours:02}:{minutes:02},  1 user,  load average: 0.20, 0.15, 0.10\n"
    return Answer(text, {"upTime": uptime, "loadAvg": [0.2, 0.15, 0.1], "users": 1})


def _top(shell: EosShell) -> Answer:
    uptime = int(shell.device.uptime_s)
    total, free = _TOTAL_KB / 1024, _FREE_KB / 1024
    text = (
        f"top - {datetime.now(UTC):%H:%M:%S} up {uptime // 60} min,  1 user,  load average: 0.20, 0.15, 0.10\n"
        "Tasks: 200 total,   1 running, 199 sleeping,   0 stopped,   0 zombie\n"
        "%Cpu(s):  3.1 us,  0.9 sy,  0.0 ni, 95.8 id,  0.0 wa,  0.1 hi,  0.1 si,  0.0 st\n"
        f"MiB Mem : {total:8.1f} total, {free:8.1f} free, {total - free:8.1f} used,      0.0 buff/cache\n"
        "MiB Swap:      0.0 total,      0.0 free,      0.0 used.      0.0 avail Mem\n\n"
        "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n"
        f"      1 root      20   0   10000   5000   4000 S   0.3   0.1   {uptime // 60}:{uptime % 60:02}.00 netloom\n"
    )
    return Answer(text)


def _cooling(shell: EosShell) -> Answer:
    del shell
    trays = [
        {
            "label": str(number),
            "status": "ok",
            "fans": [{"label": f"{number}/1", "status": "ok", "configuredSpeed": 35, "actualSpeed": 35, "uptime": 0.0}],
        }
        for number in range(1, _FANS + 1)
    ]
    text = (
        "System cooling status is: Ok\nAmbient temperature: 22C\nAirflow: front-to-back\n"
        "Fan              Status          Configured Speed     Actual Speed\n"
        "---------------- --------------- ---------------- ----------------\n"
    )
    rows = (f"{f'{number}/1':<16} {'Ok':<15} {'35%':>16} {'35%':>16}\n" for number in range(1, _FANS + 1))
    data = {"systemStatus": "coolingOk", "ambientTemperature": 22.0, "fanTraySlots": trays, "powerSupplySlots": []}
    return Answer(text + "".join(rows), data)


def _temperature(shell: EosShell) -> Answer:
    del shell
    sensors = [
        {
            "name": f"TempSensor{number}",
            "description": description,
            "currentTemperature": celsius,
            "overheatThreshold": 95.0,
            "criticalThreshold": 105.0,
            "hwStatus": "ok",
            "inAlertState": False,
        }
        for number, description, celsius in ((1, "Cpu temp sensor", 38.5), (2, "Board sensor", 31.0))
    ]
    text = (
        "System temperature status is: Ok\n                                                      Alert     Critical\n"
        "Sensor  Description                     Temperature   Threshold Threshold\n"
        "------- ------------------------------- ------------- --------- ---------\n"
    )
    rows = (
        f"{number:<7} {sensor['description']:<31} {sensor['currentTemperature']:>12}C {'95C':>9} {'105C':>9}\n"
        for number, sensor in enumerate(sensors, start=1)
    )
    data = {"systemStatus": "temperatureOk", "tempSensors": sensors, "cardSlots": [], "powerSupplySlots": []}
    return Answer(text + "".join(rows), data)


def _power(shell: EosShell) -> Answer:
    del shell
    supply = {"modelName": "PWR-SIM", "capacity": 500.0, "state": "ok", "outputPower": 96.0, "inputCurrent": 0.45}
    supplies = {str(number): supply | {"outputCurrent": 8.0} for number in range(1, _SUPPLIES + 1)}
    text = (
        "Power                        Input   Output  Output\n"
        "Supply Model        Capacity Current Current Power  Status\n"
        "------ ------------ -------- ------- ------- ------ ------\n"
    )
    rows = (
        f"{number:<6} {'PWR-SIM':<12} {'500W':>8} {'0.45A':>7} {'8.00A':>7} {'96.0W':>6} Ok\n" for number in supplies
    )
    return Answer(text + "".join(rows), {"powerSupplies": supplies})


def _environment(shell: EosShell) -> Answer:
    return Answer("\n".join(answer(shell).text for answer in (_temperature, _cooling, _power)))


def _accounts(shell: EosShell) -> Answer:
    device = shell.device
    users = {device.spec.username: ("network-admin", 15, "")}
    for record in device.records("user"):
        if isinstance(record, User):
            keys = "\n".join(str(key) for key in record.ssh_keys)
            users[record.name] = (record.roles[0] if record.roles else "", record.privilege or 1, keys)
    data = {
        name: {"username": name, "role": role, "privLevel": level, "sshAuthorizedKey": key}
        for name, (role, level, key) in users.items()
    }
    text = "".join(
        f"user: {name}\n       role: {role or '<unknown>'}\n       privilege level: {level}\n"
        f"{f'       ssh public key: {key}' if key else ''}\n"
        for name, (role, level, key) in users.items()
    )
    return Answer(text, {"users": data})


def _users(shell: EosShell) -> Answer:
    text = "   Line      User        Host(s)       Idle        Location\n"
    entry: dict[str, Any] = {"line": "vty 1", "user": shell.user, "location": "127.0.0.1", "idle": 0}
    return Answer(f"{text}*  1 vty 1   {shell.user:<11} idle          00:00:00    127.0.0.1\n", {"users": [entry]})


def _boot(shell: EosShell) -> Answer:
    del shell
    image = "flash:/simulated-by-netloom.swi"
    text = f"Software image: {image}\nConsole speed: (not set)\nAboot password (encrypted): (not set)\n"
    data = {"softwareImage": image, "consoleSpeed": 0, "abootPassword": "", "memTestIterations": 0}
    return Answer(text, data)


COMMANDS = (
    Command("show version", _version),
    Command("show version detail", _version),
    Command("show hostname", _hostname),
    Command("show inventory", _inventory),
    Command("show reload cause", _reload_cause),
    Command("show clock", _clock),
    Command("show uptime", _uptime),
    Command("show processes top once", _top),
    Command("show system environment cooling", _cooling),
    Command("show environment cooling", _cooling),
    Command("show system environment temperature", _temperature),
    Command("show environment temperature", _temperature),
    Command("show system environment power", _power),
    Command("show environment power", _power),
    Command("show system environment all", _environment),
    Command("show environment all", _environment),
    Command("show users", _users),
    Command("show users accounts", _accounts),
    Command("show boot-config", _boot),
)
