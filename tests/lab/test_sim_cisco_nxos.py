"""netloom's own session on a simulated Nexus, by every way that leads to it; its command line and its NX-API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.lab.nxos_site import TRANSPORTS, Transport, access, nexus
from tests.lab.sim_session import (
    enters,
    forgets_what_is_not_saved,
    names_a_refused_line,
    observe,
    observes_all,
    raises_privileges,
    typed,
)

from netloom.collectors.state.observe import Observer, reads_of
from netloom.devices.session import connect
from netloom.errors import AuthenticationFailed, CommandRejected, Refused, SessionClosed
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendors.cisco_nxos import VENDOR
from netloom.lab.simulation.vendors.cisco_nxos.commands import NxosShell
from netloom.lab.simulation.vendors.cisco_nxos.nxapi import answer
from netloom.model.config import Line
from netloom.model.secret import Secret
from netloom.platforms.cisco_nxos.api import InsApi
from netloom.platforms.contract import load_platform
from netloom.transports.host_keys import HostKeys

NXOS = load_platform("cisco_nxos")
OBSERVED = tuple(noun for noun in NXOS.nouns() if hasattr(NXOS.module(noun), "READ"))
PORT = ("interface Ethernet1/5",)
# ages and uptimes go on between two questions; a screen tells less of some, more of others, or in other words
LOOSE = {"acl", "arp", "bgp_session", "device", "environment", "interface", "neighbor", "ospf_neighbor", "route", "vrf"}


def shell_of(config: str = "", **changes: Any) -> NxosShell:
    """A command line without a server in front of it."""
    spec = Spec(name="n1", platform="cisco_nxos", config=config, **changes)
    return NxosShell(Device(spec, smallest=VENDOR.smallest(spec)), "admin")


# ---- netloom's session ---------------------------------------------------------------------------


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_running_configuration_that_is_read_is_the_one_that_runs(
    transport: Transport, keys: HostKeys
) -> None:
    async with nexus() as running, connect(access(running, transport), keys=keys) as session:
        text = await session.running_config()
        assert NXOS.parse(text) == running.device.config
        assert text.lstrip().startswith("!Command: show running-config\n!")
        assert "simulated" in await session.run("show version")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_every_noun_is_observed(transport: Transport, keys: HostKeys) -> None:
    async with nexus() as running, connect(access(running, transport), keys=keys) as session:
        await observes_all(session, OBSERVED)


@pytest.mark.parametrize("form", ["", " | xml"])
async def test_screens_and_xml_tell_the_objects_that_json_tells(form: str, keys: HostKeys) -> None:
    async with nexus() as running, connect(access(running, "ssh"), keys=keys) as session:
        for noun in OBSERVED:
            commands = [read.command for read in reads_of(NXOS.module(noun))]
            told = await observe(session, noun, commands)
            shown = await observe(session, noun, [command.replace(" | json", form) for command in commands])
            if noun != "arp" or form:  # a table of all VRFs does not tell which
                assert [record.key for record in shown] == [record.key for record in told], noun
            if noun not in LOOSE:
                assert shown == told, noun


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_feature_that_is_off_has_no_records_and_is_no_error(transport: Transport, keys: HostKeys) -> None:
    config = "version 9.3(8) Bios:version\nhostname n1\nno cdp enable\n"
    async with nexus(config=config) as running, connect(access(running, transport), keys=keys) as session:
        with pytest.raises(CommandRejected, match="Invalid command"):
            await session.run("show ip ospf neighbors vrf all")
        observer = Observer(session)
        for noun in ("bgp_session", "ospf_neighbor", "neighbor", "lag"):
            found = await observer.observe(noun)
            assert (found.records, found.notes) == ([], ()), noun


async def test_a_switch_without_neighbors_has_none(keys: HostKeys) -> None:
    async with nexus(cables=()) as running, connect(access(running, "https"), keys=keys) as session:
        found = await Observer(session).observe("neighbor")
        assert (found.records, found.notes) == ([], ())


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_lines_are_entered_and_a_banner_is_one_of_them(transport: Transport, keys: HostKeys) -> None:
    lines = [
        Line("description by netloom", PORT),
        Line("vlan 30"),
        Line("name speech", ("vlan 30",)),
        Line("network 198.51.100.0/24", ("router bgp 65001", "address-family ipv4 unicast")),
    ]
    if transport != "https":
        lines.append(Line("banner motd #\nno entry\n\n  without a reason\n#"))
    async with nexus() as running, connect(access(running, transport), keys=keys) as session:
        await enters(session, running, lines)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_refused_line_is_named(transport: Transport, keys: HostKeys) -> None:
    lines = [Line("vlan 30"), Line("description x", PORT), Line("frobnicate", PORT), Line("vlan 31")]
    async with nexus() as running, connect(access(running, transport), keys=keys) as session:
        await names_a_refused_line(session, running, lines, "Invalid command")


async def test_what_is_not_saved_does_not_outlive_a_reboot(keys: HostKeys) -> None:
    ways: Iterator[Transport] = iter(("ssh", "https"))
    async with nexus() as running:
        await forgets_what_is_not_saved(
            lambda: connect(access(running, next(ways)), keys=keys),
            running,
            "vlan 30",
            "vlan 31",
            lambda session: session.run("reload"),
        )


@pytest.mark.parametrize("transport", ["ssh", "telnet"])
async def test_privileges_are_raised_by_the_enable_password(transport: Transport, keys: HostKeys) -> None:
    async with nexus(enable_password="more") as running:
        await raises_privileges(
            running, lambda word: access(running, transport, enable_password=word), keys, (AuthenticationFailed,)
        )


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_wrong_password_is_refused(transport: Transport, keys: HostKeys) -> None:
    async with nexus() as running:
        wrong = access(running, transport, password=Secret("wrong"))
        async with connect(wrong, keys=keys) as session:
            with pytest.raises((AuthenticationFailed, Refused)):
                await session.run("show version")


async def test_a_session_that_cuts_itself_off_is_gone(keys: HostKeys) -> None:
    async with nexus() as running, connect(access(running, "ssh"), keys=keys) as session:
        with pytest.raises(SessionClosed):
            await session.configure([Line("shutdown", ("interface mgmt0",))])
        running.device.reboot()
        assert running.device.reachable


# ---- the command line ----------------------------------------------------------------------------


async def test_words_may_be_shortened_and_names_too() -> None:
    shell = shell_of()
    typed(shell, "conf t", "int e1/2", "desc two words", "no shut", "vlan 10", "na ten", "int po7", "int lo 0", "end")
    tree = shell.device.config.tree
    assert (
        tree["interface Ethernet1/2"] == {"description two words": {}}
        or "description two words" in (tree["interface Ethernet1/2"])
    )
    assert "name ten" in tree["vlan 10"]
    assert {"interface port-channel7", "interface loopback0"} <= set(tree)
    assert "description two words" in typed(shell, "sh run int eth1/2")[0]


async def test_a_range_of_interfaces_is_each_of_them() -> None:
    shell = shell_of()
    typed(shell, "configure terminal", "interface eth1/2-4, eth1/6")
    assert shell.prompt() == "n1(config-if-range)#"
    typed(shell, "description in a range", "end")
    tree = shell.device.config.tree
    described = [name for name, below in tree.items() if "description in a range" in below]
    assert described == [f"interface Ethernet1/{number}" for number in (2, 3, 4, 6)]


async def test_prompts_say_where_one_is() -> None:
    shell = shell_of("hostname n1\nfeature bgp\nfeature ospf\n")
    prompts = []
    for line in (
        *("configure terminal", "interface Ethernet1/1", "interface Ethernet1/1.5", "vlan 5", "vrf context RED"),
        *("router ospf 1", "router bgp 1", "address-family ipv4 unicast", "neighbor 10.0.0.1"),
        *("address-family ipv4 unicast", "exit", "vrf RED", "ip access-list A", "route-map R permit 10", "end"),
    ):
        shell.execute(line)
        prompts.append(shell.prompt())
    assert prompts == [
        "n1(config)#",
        "n1(config-if)#",
        "n1(config-subif)#",
        "n1(config-vlan)#",
        "n1(config-vrf)#",
        "n1(config-router)#",
        "n1(config-router)#",
        "n1(config-router-af)#",
        "n1(config-router-neighbor)#",
        "n1(config-router-neighbor-af)#",
        "n1(config-router-neighbor)#",
        "n1(config-router-vrf)#",
        "n1(config-acl)#",
        "n1(config-route-map)#",
        "n1#",
    ]


async def test_a_refusal_marks_the_first_word_that_is_not_understood() -> None:
    shell = shell_of()
    assert shell.execute("show ip frobnicate now").text == f"{' ' * 11}^\n% Invalid command at '^' marker.\n"
    assert "% Incomplete command" in shell.execute("show ip").text
    shell.execute("configure terminal")
    assert shell.execute("frobnicate").text == f"{' ' * 11}^\n% Invalid command at '^' marker.\n"


@pytest.mark.parametrize(
    "line", ["router bgp 1", "router ospf 1", "interface Vlan5", "lldp transmit", "interface Tunnel1"]
)
async def test_a_line_of_a_feature_that_is_off_is_not_known(line: str) -> None:
    shell = shell_of("hostname n1\n")
    assert "% Invalid command" in typed(shell, "configure terminal", line)[1]


async def test_a_port_that_switches_takes_no_address() -> None:
    shell = shell_of()
    said = typed(
        shell,
        "conf t",
        "interface Ethernet1/1",
        "ip address 10.0.0.1/24",
        "no switchport",
        "ip address 10.0.0.1 255.255.255.0",
    )
    assert "% Invalid command" in said[2]
    assert "ip address 10.0.0.1/24" in shell.device.config.tree["interface Ethernet1/1"]


async def test_what_asks_waits_for_its_answer() -> None:
    shell = shell_of()
    typed(shell, "checkpoint file own", "delete own")
    assert "Do you want to delete" in shell.prompt()
    typed(shell, "no")
    assert "own" in shell.device.files
    typed(shell, "terminal dont-ask", "delete own")
    assert shell.device.files == {}


async def test_pipes_choose_lines() -> None:
    shell = shell_of()
    assert typed(shell, "show running-config | include hostname") == ["hostname n1"]
    assert typed(shell, "show run | sec mgmt0")[0].startswith("interface mgmt0\n")
    assert "hostname" not in typed(shell, "show running-config | exc hostname | no-more")[0]
    assert "structured output" in typed(shell, "show logging info | json")[0]


# ---- checkpoints and replacements ----------------------------------------------------------------


async def test_a_checkpoint_is_named_shown_compared_and_rolled_back_to() -> None:
    shell = shell_of()
    assert typed(shell, "checkpoint before") == ["...Done"]
    assert "already exists" in typed(shell, "checkpoint before")[0]
    typed(shell, "conf t", "vlan 77", "end")
    assert "1) before:\nCreated by admin" in typed(shell, "show checkpoint summary")[0]
    assert "no vlan 77" in typed(shell, "show diff rollback-patch running-config checkpoint before")[0]
    assert "hostname n1" in typed(shell, "show checkpoint before")[0]
    assert "Rollback completed successfully." in typed(shell, "rollback running-config checkpoint before atomic")[0]
    assert "vlan 77" not in shell.device.config.tree
    assert "Patch is Empty" in typed(shell, "show diff rollback-patch running-config checkpoint before")[0]
    typed(shell, "no checkpoint before")
    assert "does not exist" in typed(shell, "rollback running-config checkpoint before")[0]


async def test_ten_checkpoints_are_the_most() -> None:
    shell = shell_of()
    said = typed(shell, *["checkpoint"] * 11)
    assert said[:10] == ["...Done"] * 10
    assert "Maximum number" in said[10]


async def test_a_replacement_goes_back_by_itself_unless_it_is_committed() -> None:
    shell = shell_of(hurry=500)
    device = shell.device
    base = device.config
    device.files["new.cfg"] = f"{device.text()}vlan 88\n".encode()
    typed(shell, "configure replace bootflash:new.cfg commit-timeout 60")
    assert "vlan 88" in device.config.tree
    assert "seconds remaining" in typed(shell, "show config-replace status")[0]
    assert "commit timer is running" in typed(shell, "rollback running-config file new.cfg")[0]
    over = asyncio.Event()
    device.start_timer("after it", 61, over.set)
    async with asyncio.timeout(5):
        await over.wait()
    assert device.config == base
    assert "Last operation : Rollback to previous configuration" in typed(shell, "show config-replace status")[0]
    typed(shell, "configure replace bootflash:new.cfg commit-timeout 60", "configure replace commit")
    assert "vlan 88" in device.config.tree
    assert device.timers() == {}
    assert "waits for its commit" in typed(shell, "configure replace commit")[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [("frobnicate\n", "Use 'show config-replace log exec'"), ("router ospf 5\n", "failed")],
)
async def test_a_replacement_happens_as_a_whole_or_not_at_all(change: str, words: str) -> None:
    shell = shell_of()
    base = shell.device.config
    shell.device.files["new.cfg"] = f"{shell.device.text()}vlan 88\n{change}".encode()
    assert "Patch validation failed" in typed(shell, "configure replace bootflash:new.cfg verify-only")[0]
    assert words in typed(shell, "configure replace bootflash:new.cfg")[0]
    assert shell.device.config == base
    assert change.strip() in typed(shell, "show config-replace log exec")[0]


@pytest.mark.parametrize("seconds", ["29", "3601", "soon"])
async def test_a_timer_out_of_range_is_refused(seconds: str) -> None:
    shell = shell_of()
    shell.device.files["new.cfg"] = shell.device.text().encode()
    assert "% Invalid" in typed(shell, f"configure replace bootflash:new.cfg commit-timeout {seconds}")[0]


async def test_a_file_of_another_release_is_refused() -> None:
    shell = shell_of()
    shell.device.files["new.cfg"] = shell.device.text().replace("9.3(8)", "10.2(3)").encode()
    assert "Version mismatch" in typed(shell, "configure replace bootflash:new.cfg")[0]


# ---- NX-API --------------------------------------------------------------------------------------


async def posted(shell: NxosShell, document: object, path: str = "/ins") -> Any:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return json.loads((await answer(shell.device, "POST", path, {}, body)).body)


def call(number: int, command: str, method: str = "cli") -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": {"cmd": command, "version": 1}, "id": number}


async def test_json_rpc_answers_in_turn_and_stops_at_the_first_refusal() -> None:
    shell = shell_of()
    said = await posted(shell, [call(1, "show hostname"), call(2, "show frob"), call(3, "show version")])
    assert [reply["id"] for reply in said] == [1, 2]
    assert said[0]["result"] == {"body": {"hostname": "n1"}}
    assert said[1]["error"] == {"code": -32602, "message": "Invalid params", "data": {"msg": "% Invalid command\n"}}
    single = await posted(shell, call(7, "show hostname", "cli_ascii"))
    assert single == {"jsonrpc": "2.0", "id": 7, "result": {"msg": "n1 \n"}}
    assert (await posted(shell, call(8, "vlan 66")))["result"] is None
    assert "vlan 66" in shell.device.config.tree


async def test_what_is_no_request_is_refused() -> None:
    shell = shell_of()
    assert (await posted(shell, b"{"))["error"]["code"] == -32700
    assert (await posted(shell, [1]))["error"]["code"] == -32600
    assert (await posted(shell, call(1, "show version", "dance")))["error"]["code"] == -32601
    assert (await answer(shell.device, "POST", "/api", {}, b"")).status == 404
    assert (await answer(shell.device, "GET", "/ins", {}, b"")).status == 405


@pytest.mark.parametrize("command", ["show logging info", "show interface counters table"])
async def test_what_has_no_structure_is_no_json(command: str) -> None:
    said = await posted(shell_of(), call(1, command))
    assert "error" in said


async def test_the_older_form_answers_netlooms_requests() -> None:
    api, shell = InsApi(), shell_of()
    for commands in (["show hostname | json", "show version | json"], ["show hostname", "show clock"]):
        body = (await answer(shell.device, "POST", "/ins", {}, api.request(commands).body)).body
        answers = api.answers(body, commands)
        assert [found.error for found in answers] == [None, None]
        assert "n1" in answers[0].output
    lines = ["interface Ethernet1/3", "description old form", "frobnicate"]
    answers = api.answers((await answer(shell.device, "POST", "/ins", {}, api.request(lines).body)).body, lines)
    assert [found.error for found in answers] == [None, None, "% Invalid command"]
    assert "description old form" in shell.device.config.tree["interface Ethernet1/3"]


async def test_questions_are_refused_over_the_api() -> None:
    shell = shell_of()
    shell.device.files["a"] = b"x"
    said = await posted(shell, [call(1, "delete a")])
    assert "terminal dont-ask" in said[0]["error"]["data"]["msg"]
    await posted(shell, [call(1, "terminal dont-ask"), call(2, "delete a")])
    assert shell.device.files == {}
