"""netloom's own session on a simulated EOS, by every way that leads to it; and its command line without any."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from tests.lab.eos_site import TRANSPORTS, Transport, access, leaf
from tests.lab.sim_session import (
    enters,
    forgets_what_is_not_saved,
    is_gone_until_its_timer_has_run_out,
    names_a_refused_line,
    observe,
    observes_all,
    raises_privileges,
    typed,
)

from netloom.collectors.state.observe import reads_of
from netloom.devices.session import Session, connect
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendors.arista_eos import VENDOR
from netloom.lab.simulation.vendors.arista_eos.commands import EosShell
from netloom.lab.simulation.vendors.arista_eos.eapi import answer
from netloom.model.config import Line
from netloom.platforms.contract import load_platform
from netloom.transports.host_keys import HostKeys

EOS = load_platform("arista_eos")
OBSERVED = tuple(noun for noun in EOS.nouns() if hasattr(EOS.module(noun), "READ"))
ETHERNET = ("interface Ethernet2",)
# what a screen tells that JSON does not, or tells in other words
LOOSE = {"environment", "interface", "vrf", "route", "bgp_session", "neighbor", "user", "optics"}


def shell_of(config: str = "hostname leaf\n", **changes: Any) -> EosShell:
    """A command line without a server in front of it."""
    spec = Spec(name="leaf", platform="arista_eos", config=config, **changes)
    return EosShell(Device(spec, smallest=VENDOR.smallest(spec)), "admin")


# ---- netloom's session ---------------------------------------------------------------------------


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_running_configuration_that_is_read_is_the_one_that_runs(
    transport: Transport, keys: HostKeys
) -> None:
    async with leaf() as running, connect(access(running, transport), keys=keys) as session:
        text = await session.running_config()
        assert EOS.parse(text) == running.device.config
        assert text.startswith("! Command: show running-config\n! device: leaf1 (vEOS-simulated, EOS-4.33.1F)\n!\n")
        assert text.endswith("\nend\n")
        assert "simulated" in await session.run("show version")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_every_noun_is_observed(transport: Transport, keys: HostKeys) -> None:
    async with leaf() as running, connect(access(running, transport), keys=keys) as session:
        await observes_all(session, OBSERVED)


async def test_screens_tell_the_objects_that_json_tells(keys: HostKeys) -> None:
    async with leaf() as running, connect(access(running, "ssh"), keys=keys) as session:
        for noun in OBSERVED:
            commands = [read.command for read in reads_of(EOS.module(noun))]
            told = await observe(session, noun, commands)
            shown = await observe(session, noun, [command.removesuffix(" | json") for command in commands])
            assert [record.key for record in shown] == [record.key for record in told], noun
            if noun not in LOOSE:
                # ages and uptimes go on between the two questions
                assert [type(record) for record in shown] == [type(record) for record in told], noun


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_lines_are_entered_and_a_banner_is_one_of_them(transport: Transport, keys: HostKeys) -> None:
    lines = [
        Line("description by netloom", ETHERNET),
        Line("vlan 30"),
        Line("name voice", ("vlan 30",)),
        Line("banner motd\nno entry\n\n  without a reason\nEOF"),
        Line("network 198.51.100.0/24", ("router bgp 65001",)),
    ]
    async with leaf() as running, connect(access(running, transport), keys=keys) as session:
        await enters(session, running, lines)
        assert await session.running_config() == await session.run("show running-config")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_refused_line_is_named(transport: Transport, keys: HostKeys) -> None:
    lines = [Line("vlan 30"), Line("description x", ETHERNET), Line("frobnicate", ETHERNET), Line("vlan 31")]
    async with leaf() as running, connect(access(running, transport), keys=keys) as session:
        await names_a_refused_line(session, running, lines, "Invalid input")


async def test_what_is_not_saved_does_not_outlive_a_reboot(keys: HostKeys) -> None:
    async with leaf() as running:
        await forgets_what_is_not_saved(
            lambda: connect(access(running, "ssh"), keys=keys),
            running,
            "vlan 30",
            "vlan 31",
            lambda session: session.run("reload now"),
        )


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_privileges_are_raised_by_the_enable_password(transport: Transport, keys: HostKeys) -> None:
    async with leaf(enable_password="more") as running:
        await raises_privileges(running, lambda word: access(running, transport, enable_password=word), keys)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_device_that_shuts_its_management_interface_is_gone_until_its_timer_has_run_out(
    transport: Transport, keys: HostKeys
) -> None:
    async def cut(session: Session) -> None:
        await session.configure([Line("shutdown", ("interface Management1",))], enter="configure session cut")
        await session.run("configure session cut commit timer 00:10:00")

    async with leaf() as running:
        await is_gone_until_its_timer_has_run_out(lambda: connect(access(running, transport), keys=keys), running, cut)


# ---- the command line ----------------------------------------------------------------------------


async def test_the_prompt_says_where_lines_go() -> None:
    shell = shell_of()
    prompts = []
    for line in (
        "configure",
        "interface Ethernet1",
        "router bgp 65001",
        "address-family ipv4",
        "ip access-list TEST",
        "vlan 10",
        "end",
        "configure session migration",
        "int lo7",
    ):
        shell.execute(line)
        prompts.append(shell.prompt())
    assert prompts == [
        "leaf(config)#",
        "leaf(config-if-Et1)#",
        "leaf(config-router-bgp)#",
        "leaf(config-router-bgp-af)#",
        "leaf(config-acl-TEST)#",
        "leaf(config-vlan-10)#",
        "leaf#",
        "leaf(config-s-migrat)#",
        "leaf(config-s-migrat-if-Lo7)#",
    ]


async def test_words_may_be_shortened_and_interfaces_have_one_name() -> None:
    shell = shell_of()
    typed(shell, "conf t", "int et 5", "descr to spine1", "no sh", "sh ip int br", "exit", "exit", "wr")
    assert shell.device.text() == shell.device.text(shell.device.startup)
    assert list(shell.device.startup.section("interface Ethernet5")) == ["description to spine1"]
    typed(shell, "conf", "int et5", "sh")
    assert Line("shutdown", ("interface Ethernet5",)) in shell.device.config
    assert "Ethernet5" in typed(shell, "sh int desc | inc Et5", "sh int status | inc admin", "do sh int et5")[2]
    typed(shell, "end")
    assert Line("description to spine1", ("interface Ethernet5",)) in shell.device.startup
    assert "Ethernet5" in typed(shell, "sh int e5")[0]


async def test_refusals_are_worded_as_eos_words_them() -> None:
    shell = shell_of(enable_password="more")
    assert shell.prompt() == "leaf>"
    assert typed(shell, "show running-config", "configure", "frobnicate") == [
        "% Invalid input (privileged mode required)",
        "% Invalid input (privileged mode required)",
        "% Invalid input (privileged mode required)",
    ]
    assert typed(shell, "enable", "less") == ["", "% Bad secret"]
    assert typed(shell, "enable", "more", "frobnicate", "show interfaces Et9") == [
        "",
        "",
        "% Invalid input",
        "% Interface does not exist",
    ]
    assert shell.prompt() == "leaf#"


async def test_answers_pass_filters() -> None:
    shell = shell_of("hostname leaf\nvlan 10\n   name users\nrouter bgp 65001\n   router-id 192.0.2.1\n")
    assert typed(shell, "show running-config | include name") == ["hostname leaf\n   name users"]
    assert typed(shell, "show running-config | section router bgp") == ["router bgp 65001\n   router-id 192.0.2.1"]
    assert json.loads(typed(shell, "show hostname | json")[0])["hostname"] == "leaf"
    assert typed(shell, "show logging | json") == ["% This is an unconverted command"]


async def test_secrets_are_removed_on_demand() -> None:
    shell = shell_of("hostname leaf\nsnmp-server community s3cret ro\nusername ada secret sha512 $6$hush\n")
    shown = typed(shell, "show running-config sanitized")[0]
    assert "<removed>" in shown
    assert "s3cret" not in shown
    assert "hush" not in shown


async def test_configurations_are_copied_and_replaced() -> None:
    shell = shell_of()
    typed(shell, "copy running-config flash:before", "configure checkpoint save one", "conf", "vlan 10", "end")
    assert "+vlan 10" in typed(shell, "show running-config diffs")[0]
    typed(shell, "copy run start")
    assert "vlan 10" not in shell.device.startup.tree
    typed(shell, "copy running-config startup-config", "configure replace flash:before")
    assert "vlan 10" in shell.device.startup.tree
    assert "vlan 10" not in shell.device.config.tree
    typed(shell, "configure replace startup-config", "configure checkpoint restore one")
    assert "vlan 10" not in shell.device.config.tree
    assert typed(shell, "configure replace flash:nothing")[0].startswith("% ")


# ---- configuration sessions ----------------------------------------------------------------------


def states(shell: EosShell) -> dict[str, str]:
    told = json.loads(typed(shell, "show configuration sessions detail | json")[0])
    return {name: found["state"] for name, found in told["sessions"].items()}


async def test_a_session_changes_nothing_before_its_commit_and_shows_what_it_would() -> None:
    shell = shell_of()
    typed(shell, "configure session one", "vlan 10", "name users", "end")
    assert "vlan 10" not in shell.device.config.tree
    difference = typed(shell, "show session-config named one diffs")[0].splitlines()
    assert (
        typed(shell, "configure session one", "vlan 10", "sh session-config diffs", "end")[2].splitlines() == difference
    )
    assert difference[:2] == ["--- system:/running-config", "+++ session:/one-session-config"]
    assert {"+vlan 10", "+   name users"} <= set(difference)
    assert typed(shell, "configure session one", "commit") == ["", ""]
    assert shell.prompt() == "leaf#"
    assert "vlan 10" in shell.device.config.tree


async def test_the_last_of_two_sessions_wins() -> None:
    shell, other = shell_of(), None
    other = EosShell(shell.device, "eve")
    typed(shell, "configure session one", "vlan 10", "end")
    typed(other, "configure session two", "vlan 20", "end")
    typed(shell, "configure session one commit")
    typed(other, "configure session two commit")
    assert list(shell.device.config.tree) == ["hostname leaf", "vlan 20"]


async def test_five_sessions_may_be_pending_even_of_people_who_are_gone() -> None:
    shell = shell_of()
    for number in range(5):
        typed(EosShell(shell.device, "gone"), f"configure session s{number}", "vlan 10")
    assert "Maximum number of pending sessions" in typed(shell, "configure session more")[0]
    assert typed(shell, "configure session s3 abort", "configure session more") == ["", ""]


async def test_a_second_commit_confirms_and_the_end_of_the_timer_reverts() -> None:
    shell = shell_of()
    typed(shell, "configure session one", "vlan 10", "commit timer 00:05:00")
    assert 299 < (shell.device.timer_left("commit") or 0) <= 300
    assert "vlan 10" in shell.device.config.tree
    typed(shell, "configure session one commit")
    shell.device.run_out()
    assert "vlan 10" in shell.device.config.tree
    typed(shell, "configure session two", "vlan 20", "commit timer 0:0:30", "configure", "vlan 30")
    shell.device.run_out()
    assert "vlan 20" not in shell.device.config.tree
    assert "vlan 30" not in shell.device.config.tree, "the checkpoint before the commit replaces all"


async def test_a_real_timer_runs_out_by_itself() -> None:
    shell = shell_of(hurry=1000.0)
    typed(shell, "configure session one", "vlan 10", "commit timer 00:00:30")
    async with asyncio.timeout(5):
        while "vlan 10" in shell.device.config.tree:  # noqa: ASYNC110 - the device's own time
            await asyncio.sleep(0.01)
    assert shell.device.timers() == {}


async def test_an_abort_under_the_timer_goes_back_at_once_and_others_wait_for_the_timer() -> None:
    shell = shell_of()
    typed(shell, "configure session one", "vlan 10", "commit timer 00:05:00", "configure session two", "vlan 20", "end")
    assert "commit timer of session one is running" in typed(shell, "configure session two commit")[0]
    assert typed(shell, "configure session one abort") == [""]
    assert "vlan 10" not in shell.device.config.tree
    assert states(shell) == {"two": "pending"}
    assert "does not exist" in typed(shell, "configure session one commit")[0]


@pytest.mark.parametrize(
    ("release", "state", "key"), [("4.28.1F", "pendingCommitTimer", None), ("4.33.1F", "committed", "one")]
)
async def test_each_release_tells_of_the_timer_in_its_own_words(release: str, state: str, key: str | None) -> None:
    shell = shell_of(f"! device: leaf (vEOS, EOS-{release})\n!\nhostname leaf\n")
    typed(shell, "configure session one", "vlan 10", "commit timer 00:05:00")
    assert states(shell) == {"one": state}
    told = json.loads(typed(shell, "show configuration sessions detail | json")[0])
    assert told.get("commitTimerSessionName") == key
    ends = told.get("commitTimerExpireTime") or told["sessions"]["one"]["commitBy"] - time.time()
    assert 298 < ends < 302
    assert release[:4] in typed(shell, "show version")[0]


async def test_a_session_that_somebody_ended_takes_no_more_lines() -> None:
    shell = shell_of()
    typed(shell, "configure session one", "vlan 10")
    typed(EosShell(shell.device, "eve"), "configure session one abort")
    assert shell.execute("vlan 20").refused
    assert shell.prompt() == "leaf#"


async def test_a_clean_session_replaces_the_whole() -> None:
    shell = shell_of()
    typed(shell, "configure session one", "rollback clean-config", "hostname other", "commit")
    assert list(shell.device.config.tree) == ["hostname other"]


# ---- eAPI ----------------------------------------------------------------------------------------


async def ask(device: Device, *commands: Any, form: str = "json") -> dict[str, Any]:
    params = {"version": 1, "cmds": list(commands), "format": form}
    body = json.dumps({"jsonrpc": "2.0", "method": "runCmds", "params": params, "id": "7"}).encode()
    reply = await answer(device, "POST", "/command-api", {}, body)
    assert reply.status == 200
    told: dict[str, Any] = json.loads(reply.body)
    assert told["id"] == "7"
    return told


async def test_eapi_answers_each_command_and_names_the_one_that_failed() -> None:
    device = shell_of().device
    told = await ask(device, "enable", "show hostname", "show nonsense", "show version")
    assert told["error"]["code"] == 1002
    assert told["error"]["message"] == "CLI command 3 of 4 'show nonsense' failed: invalid command"
    assert [*told["error"]["data"][1]] == ["hostname", "fqdn"]
    assert told["error"]["data"][2] == {"errors": ["Invalid input (at token 1: 'nonsense')"]}


@pytest.mark.parametrize(
    ("command", "code"),
    [("show logging", 1003), ("configure session none commit", 1000), ("show running-config interfaces", 1002)],
)
async def test_eapi_tells_kinds_of_failures_apart(command: str, code: int) -> None:
    assert (await ask(shell_of().device, command))["error"]["code"] == code


async def test_eapi_takes_what_a_command_asks_for_as_its_input() -> None:
    device = shell_of(enable_password="more").device
    enable = {"cmd": "enable", "input": "more"}
    told = await ask(device, enable, "configure", {"cmd": "banner login", "input": "one\ntwo"}, "end")
    assert told["result"] == [{}, {}, {}, {}]
    assert Line("banner login\none\ntwo\nEOF") in device.config
    refused = await ask(device, {"cmd": "enable", "input": "less"})
    assert refused["error"]["data"] == [{"errors": ["Bad secret"]}]
    refused = await ask(device, "show running-config")
    assert refused["error"]["data"] == [{"errors": ["Invalid input (privileged mode required)"]}]


async def test_eapi_gives_text_where_text_is_asked_for() -> None:
    told = await ask(shell_of().device, "show hostname", "show version | json", form="text")
    assert told["result"][0]["output"].startswith("Hostname: leaf")
    assert json.loads(told["result"][1]["output"])["mfgName"] == "Arista"
