"""`netloom exec` on a system that nobody knows: its prompt is learned, its outputs become rows."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from importlib.machinery import PathFinder

import pytest
import yaml
from tests.command import CommandLine
from tests.devices.fake_device import PASSWORD, PAUSE, Router, ssh_device, telnet_device

pytest.importorskip("ntc_templates")

ARP = b"""\
Protocol  Address          Age (min)  Hardware Addr   Type   Interface
Internet  192.0.2.1               5   0000.5e00.5301  ARPA   GigabitEthernet0/1
Internet  192.0.2.9               -   0000.5e00.5302  ARPA   GigabitEthernet0/2
"""
TEMPLATE = "Value DEVICE (\\d+)\nValue STATE (up|down)\n\nStart\n  ^port ${DEVICE} is ${STATE} -> Record\n"
PORTS = [b"port 1 is up\r\n", PAUSE, b"sw1# looks like a prompt\r\nport 2 is down\r\n"]
PROMPTS = [
    ("switch", "#"),
    ("switch", ">"),
    ("<HUAWEI", ">"),
    ("user@host:~", "$"),
    ("[admin@MikroTik]", " >"),
    ("FGT60E ", "#"),
]


@contextmanager
def listening(make: Callable[[], AbstractAsyncContextManager[int]]) -> Iterator[int]:
    """A device beside this thread, whose command line runs a loop of its own; yields its port."""
    started: list[int] = []
    ready, loop, done = threading.Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with make() as port:
            started.append(port)
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield started[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


def workspace(cli: CommandLine, port: int, **variables: object) -> None:
    found = {
        "netloom_address": "127.0.0.1",
        "netloom_port": port,
        "netloom_platform": "cli",
        "netloom_user": "joe",
        "netloom_password": "env:DEVICE_PASSWORD",
    }
    cli.environment["DEVICE_PASSWORD"] = PASSWORD
    cli.write(
        {
            "netloom.yml": "{}\n",
            "inventory/hosts.yml": yaml.safe_dump({"all": {"hosts": {"sw1": found | variables}}}),
            "ports.textfsm": TEMPLATE,
        }
    )


@pytest.fixture
def router() -> Router:
    return Router(hostname="sw1", commands={"show ip arp": [ARP.replace(b"\n", b"\r\n")], "show ports": PORTS})


@pytest.fixture
def device(router: Router, cli: CommandLine) -> Iterator[CommandLine]:
    with listening(lambda: ssh_device(router)) as port:
        workspace(cli, port, netloom_textfsm_platform="cisco_ios")
        yield cli


def test_an_output_becomes_rows_in_every_format(device: CommandLine) -> None:
    rows = device("exec", "show ip arp", "--parse", "--format", "json").rows()
    assert [(row["device"], row["command"], row["ip_address"], row["interface"]) for row in rows] == [
        ("sw1", "show ip arp", "192.0.2.1", "GigabitEthernet0/1"),
        ("sw1", "show ip arp", "192.0.2.9", "GigabitEthernet0/2"),
    ]
    told = {
        form: device("exec", "show ip arp", "--parse", "--format", form).out
        for form in ("ndjson", "yaml", "csv", "md", "table")
    }
    assert [json.loads(line) for line in told["ndjson"].splitlines()] == rows
    assert yaml.safe_load(told["yaml"]) == rows
    assert list(csv.DictReader(io.StringIO(told["csv"]))) == rows
    assert told["md"].splitlines()[0].startswith("| device | command | protocol | ip_address |")
    assert "192.0.2.9" in told["table"]


def test_a_template_of_ones_own_is_used_on_output_that_looks_like_a_prompt(device: CommandLine) -> None:
    rows = device("exec", "show ports", "--template", "ports.textfsm", "--format", "json").rows()
    assert [(row["device_"], row["state"]) for row in rows] == [("1", "up"), ("2", "down")]


@pytest.mark.parametrize(("hostname", "mark"), PROMPTS)
@pytest.mark.parametrize("transport", ["ssh", "telnet"])
def test_a_prompt_is_learned(hostname: str, mark: str, transport: str, cli: CommandLine) -> None:
    router = Router(hostname=hostname, mark=mark, commands={"show ports": PORTS})
    with listening(lambda: ssh_device(router) if transport == "ssh" else telnet_device(router)) as port:
        workspace(cli, port, netloom_transport=transport)
        told = cli("exec", "show ports", "--format", "json").rows()
        assert told[0]["output"] == "port 1 is up\nsw1# looks like a prompt\nport 2 is down\n"


@pytest.mark.parametrize(
    "command",
    [
        "configure terminal",
        "reload",
        "show version ; reload",
        "show running-config | redirect flash:x",
        "show running-config > startup-config",
        "enable",
        "copy running-config startup-config",
        "/system reboot",
        "show version\nreload",
    ],
)
def test_what_may_change_it_is_not_typed(command: str, device: CommandLine, router: Router) -> None:
    told = device("exec", command, expect=3)
    assert "may change it: of a system that nobody knows, netloom only reads; netloom_write: true" in told.err
    assert router.typed == []


@pytest.mark.parametrize(
    "command", ["show arp | include 192", "display version", "/interface print", "ping 192.0.2.1", "get system status"]
)
def test_what_shows_something_is_typed(command: str, device: CommandLine, router: Router) -> None:
    router.commands = {command: [b"fine\r\n"]}
    assert "fine" in device("exec", command).out


def test_the_inventory_permits_the_rest(cli: CommandLine, router: Router) -> None:
    router.commands = {"reload": [b"Reloading\r\n"]}
    with listening(lambda: ssh_device(router)) as port:
        workspace(cli, port, netloom_write=True)
        assert "Reloading" in cli("exec", "reload").out


def test_what_cannot_be_parsed_says_why(device: CommandLine, router: Router) -> None:
    router.commands = {"show ip arp": [b"surprise\r\n"], "show weather": [b"sunny\r\n"]}
    assert (
        "sw1: 'show ip arp': expected an output that the template of cisco_ios"
        in device("exec", "show ip arp", "--parse", expect=3).err
    )
    assert (
        "no template for 'cisco_ios' and 'show weather'" in device("exec", "show weather", "--parse", expect=None).err
    )
    told = device("exec", "show ip arp", "--template", "none.textfsm", expect=64)
    assert "none.textfsm: cannot be read: No such file" in told.err


def test_a_system_without_a_name_for_its_templates_says_which_variable_gives_one(
    cli: CommandLine, router: Router
) -> None:
    with listening(lambda: ssh_device(router)) as port:
        workspace(cli, port)
        told = cli("exec", "show ip arp", "--parse", expect=None)
        assert "sw1: nothing says whose templates to use for it; set netloom_textfsm_platform" in told.err


def test_without_the_templates_the_extra_is_named(device: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    find = PathFinder.find_spec
    monkeypatch.setattr(
        PathFinder,
        "find_spec",
        lambda name, *rest: None if name in ("textfsm", "ntc_templates") else find(name, *rest),
    )
    for name in ("textfsm", "ntc_templates"):
        monkeypatch.delitem(__import__("sys").modules, name, raising=False)
    told = device("exec", "show ip arp", "--parse", expect=64)
    assert "textfsm and ntc_templates not installed; pip install 'netloom[textfsm]'" in told.err
