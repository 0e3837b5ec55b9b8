"""Fans, temperatures, power supplies, processors and memory of a simulated Nexus."""

from __future__ import annotations

from netloom.lab.simulation.device import Command
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell

MEMORY_KB, _USED_KB = 8_161_116, 3_612_844
_SENSORS = (("1", "CPU", 85, 75, 41), ("1", "Intake", 70, 42, 24))
_FANS = (("Fan1(sys_fan1)", "N9K-FAN-SIMULATED"), ("Fan2(sys_fan2)", "N9K-FAN-SIMULATED"))
_SUPPLIES = (("1", "N9K-PAC-SIMULATED", 132, 650), ("2", "N9K-PAC-SIMULATED", 128, 650))


def _environment(shell: NxosShell, part: str = "all") -> Answer:
    del shell
    told = {"power": _power(), "fan": _fans(), "temperature": _temperatures()}
    asked = [answer for name, answer in told.items() if part in (name, "all")]
    if not asked:
        return Answer("% Invalid command at '^' marker.\n", refused=True)
    data: dict[str, object] = {}
    for answer in asked:
        data |= answer.data if isinstance(answer.data, dict) else {}
    return Answer("\n".join(answer.text for answer in asked), data)


def _power() -> Answer:
    head = (
        "Power Supply:\nVoltage: 12 Volts\n"
        "Power                              Actual             Total\n"
        "Supply    Model                    Output          Capacity    Status\n"
        "                                 (Watts )          (Watts )\n"
        "-------  -------------------  -----------       -----------  --------------\n"
    )
    text, rows = head, []
    for number, model, drawn, capacity in _SUPPLIES:
        text += f"{number:<8} {model:<19} {drawn:>10} W        {capacity:>9} W     Ok        \n"
        row = {"psnum": number, "psmodel": model, "actual_out": f"{drawn} W", "tot_capa": f"{capacity} W"}
        rows.append(row | {"ps_status": "Ok"})
    return Answer(f"{text}\n", {"powersup": {"voltage_level": "12", **table("psinfo", rows)}})


def _fans() -> Answer:
    rule = "-" * 75 + "\n"
    text = f"Fan:\n{rule}Fan             Model                Hw     Direction      Status\n{rule}"
    text += "".join(f"{name:<15} {model:<20} {'--':<6} {'front-to-back':<14} Ok  \n" for name, model in _FANS)
    rows = (
        {"fanname": name, "fanmodel": model, "fanhwver": "--", "fandir": "front-to-back", "fanstatus": "Ok"}
        for name, model in _FANS
    )
    return Answer(text, {"fandetails": table("faninfo", rows)})


def _temperatures() -> Answer:
    rule = "-" * 68 + "\n"
    text = (
        f"Temperature:\n{rule}Module   Sensor        MajorThresh   MinorThres   CurTemp     Status\n"
        f"                       (Celsius)     (Celsius)    (Celsius)         \n{rule}"
    )
    rows = []
    for module, name, major, minor, now in _SENSORS:
        text += f"{module:<8} {name:<15} {major:<13} {minor:<12} {now:<11} Ok             \n"
        row = {"tempmod": module, "sensor": name, "majthres": major, "minthres": minor, "curtemp": now}
        rows.append(row | {"alarmstatus": "Ok"})
    return Answer(text, table("tempinfo", rows))


def _resources(shell: NxosShell) -> Answer:
    del shell
    free = MEMORY_KB - _USED_KB
    text = (
        "Load average:   1 minute: 0.12   5 minutes: 0.20   15 minutes: 0.18\n"
        "Processes   :   530 total, 1 running\nCPU states  :   3.10% user,   1.20% kernel,   95.70% idle\n"
        "        CPU0 states  :   3.10% user,   1.20% kernel,   95.70% idle\n"
        f"Memory usage:   {MEMORY_KB}K total,   {_USED_KB}K used,   {free}K free\nCurrent memory status: OK\n"
    )
    data = {
        "load_avg_1min": "0.12",
        "load_avg_5min": "0.20",
        "load_avg_15min": "0.18",
        "processes_total": "530",
        "processes_running": "1",
        "cpu_state_user": "3.10",
        "cpu_state_kernel": "1.20",
        "cpu_state_idle": "95.70",
        **table("cpu_usage", [{"cpuid": "0", "user": "3.10", "kernel": "1.20", "idle": "95.70"}]),
        "memory_usage_total": str(MEMORY_KB),
        "memory_usage_used": str(_USED_KB),
        "memory_usage_free": str(free),
        "current_memory_status": "OK",
    }
    return Answer(text, data)


def _processor(shell: NxosShell) -> Answer:
    del shell
    text = (
        "PID    Runtime(ms)  Invoked   uSecs  1Sec    Process\n"
        "-----  -----------  --------  -----  ------  -----------\n"
        "    1        13290     34470      0   0.00%  netloom\n\n"
        "CPU util  :    3.10% user,    1.20% kernel,   95.70% idle\n"
    )
    processes = table(
        "process_cpu",
        [{"pid": "1", "runtime": "13290", "invoked": "34470", "usecs": "0", "onesec": "0.00", "process": "netloom"}],
    )
    return Answer(text, {**processes, "user_percent": "3.10", "kernel_percent": "1.20", "idle_percent": "95.70"})


def _shared_memory(shell: NxosShell) -> Answer:
    del shell
    total, used = 5300, 210
    text = (
        "Component  Shared Memory      Size       Used  Available\n"
        f"Shared memory totals - Size: {total} MB, Used: {used} MB, Available: {total - used} MB\n"
    )
    row = {
        "process-memory-share-total-shm-size": total,
        "process-memory-share-total-shm-used": used,
        "process-memory-share-total-shm-avail": total - used,
    }
    return Answer(text, table("process_tag", [row]))


COMMANDS = (
    Command("show environment", _environment),
    Command("show environment <part>", _environment),
    Command("show system resources", _resources),
    Command("show processes cpu", _processor),
    Command("show processes memory shared", _shared_memory),
)
