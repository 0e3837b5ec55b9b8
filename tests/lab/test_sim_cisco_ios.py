"""netloom's own session on a simulated IOS, over SSH and Telnet; and its command line without any."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from tests.lab.ios_site import TRANSPORTS, Transport, access, edge, site
from tests.lab.sim_session import (
    enters,
    forgets_what_is_not_saved,
    is_gone_until_its_timer_has_run_out,
    names_a_refused_line,
    raises_privileges,
    typed,
)
from tests.platforms.cisco_ios_records import worlds
from tests.platforms.promises import QUICK, World
from tests.platforms.test_cisco_ios_properties import NEW as PROMISES

from netloom.collectors.state.observe import reads_of
from netloom.devices.session import Session, connect
from netloom.errors import CommandRejected
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendors.cisco_ios import VENDOR
from netloom.lab.simulation.vendors.cisco_ios.commands import IosShell
from netloom.model.config import Line
from netloom.model.host import SnmpAccess
from netloom.model.interface import InterfaceState
from netloom.model.noun import Record
from netloom.model.secret import Secret
from netloom.platforms.contract import load_platform
from netloom.transports.host_keys import HostKeys

IOS = load_platform("cisco_ios")
OBSERVED = tuple(noun for noun in IOS.nouns() if hasattr(IOS.module(noun), "READ"))
OF_SWITCHES = {"lag", "mac", "switchport"}
PORT = ("interface GigabitEthernet3",)


def shell_of(config: str = "", **changes: Any) -> IosShell:
    """A command line without a server in front of it."""
    spec = Spec(name="r1", platform="cisco_ios", config=config, **changes)
    return IosShell(Device(spec, smallest=VENDOR.smallest(spec)), "admin")


async def observe(session: Session, noun: str) -> list[Record]:
    module, outputs = IOS.module(noun), []
    assert module is not None
    for read in reads_of(module):
        try:
            outputs.append(await session.run(read.command))
        except CommandRejected:
            # a router has no switch's commands, and the other way round
            outputs.append("")
    records: list[Record] = module.observed(*outputs)
    return records


# ---- netloom's session ---------------------------------------------------------------------------


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_running_configuration_that_is_read_is_the_one_that_runs(
    transport: Transport, keys: HostKeys
) -> None:
    async with edge() as running, connect(access(running, transport), keys=keys) as session:
        text = await session.running_config()
        assert IOS.parse(text) == running.device.config
        assert text.startswith("Building configuration...\n\nCurrent configuration : ")
        assert text.rstrip().endswith("!\nend")
        assert "simulated" in await session.run("show version")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_every_noun_is_observed_on_the_router_or_the_switch(transport: Transport, keys: HostKeys) -> None:
    async with site() as (router, switch):
        async with connect(access(router, transport), keys=keys) as session:
            of_router = {noun for noun in OBSERVED if await observe(session, noun)}
        switch.device.apply([Line("interface TenGigabitEthernet1/1/1")])
        async with connect(access(switch, transport), keys=keys) as session:
            of_switch = {noun for noun in OBSERVED if await observe(session, noun)}
    assert of_router == {*OBSERVED} - OF_SWITCHES - {"optics"}
    assert of_switch >= OF_SWITCHES | {"optics", "vlan", "interface", "neighbor", "bgp_session"}


async def test_the_agent_tells_the_interfaces_that_the_screen_tells(keys: HostKeys) -> None:
    async with edge() as running:
        agent = SnmpAccess(version="2c", port=running.ports["snmp"], community=Secret("public"))
        async with connect(replace(access(running, "ssh"), snmp=agent), keys=keys) as session:
            module, of_device = IOS.module("interface"), IOS.module("device")
            assert module is not None
            assert of_device is not None
            told = {found.name: found for found in module.walked(await session.walk(module.WALK))}
            shown = {found.key[0]: found for found in await observe(session, "interface")}
            (device,) = of_device.walked(await session.walk(of_device.WALK))
        assert {*told} == {record.key[0] for record in running.device.records("interface")}
        for name, found in shown.items():
            assert isinstance(found, InterfaceState)
            assert told[name].oper_status == found.oper_status
            assert {item for item in found.addresses if ":" not in item} == set(told[name].addresses)
        assert device.os_version == "17.9.4a"
        assert "simulated" in (device.description or "")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_lines_are_entered_and_a_banner_is_one_of_them(transport: Transport, keys: HostKeys) -> None:
    lines = [
        Line("description by netloom", PORT),
        Line("ip address 10.3.0.1 255.255.255.0", PORT),
        Line("no shutdown", PORT),
        Line("vrf definition RED"),
        Line("ip access-list extended NEW"),
        Line("10 permit udp any any eq 514", ("ip access-list extended NEW",)),
        Line("banner login ^C\nno entry\n\n  without a reason\n^C"),
        Line("network 198.51.100.0", ("router bgp 65001", "address-family ipv4")),
    ]
    async with edge() as running, connect(access(running, transport), keys=keys) as session:
        await enters(session, running, lines)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_refused_line_is_named(transport: Transport, keys: HostKeys) -> None:
    route, clock = Line("ip route 10.8.0.0 255.255.0.0 Null0"), Line("ntp server 192.0.2.8")
    lines = [route, Line("description x", PORT), Line("frobnicate", PORT), clock]
    async with edge() as running, connect(access(running, transport), keys=keys) as session:
        await names_a_refused_line(session, running, lines, "Invalid input")


async def test_what_is_not_saved_does_not_outlive_a_reboot(keys: HostKeys) -> None:
    async with edge() as running:

        async def restart(session: Session) -> None:
            running.device.reboot()
            await session.run("show clock")

        await forgets_what_is_not_saved(
            lambda: connect(access(running, "ssh"), keys=keys),
            running,
            "ntp server 192.0.2.8",
            "ntp server 192.0.2.9",
            restart,
        )


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_privileges_are_raised_by_the_enable_password(transport: Transport, keys: HostKeys) -> None:
    async with edge(enable_password="more") as running:
        await raises_privileges(running, lambda word: access(running, transport, enable_password=word), keys)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_device_that_shuts_its_management_interface_is_gone_until_its_timer_has_run_out(
    transport: Transport, keys: HostKeys
) -> None:
    cut = [Line("shutdown", ("interface GigabitEthernet1",))]
    async with edge() as running:
        await is_gone_until_its_timer_has_run_out(
            lambda: connect(access(running, transport), keys=keys),
            running,
            lambda session: session.configure(cut, enter="configure terminal revert timer 5"),
        )


async def test_a_name_longer_than_the_prompt_is_configured_as_any(keys: HostKeys) -> None:
    async with edge() as running:
        running.device.apply([Line("hostname a-name-of-more-than-twenty-letters")])
        async with connect(access(running, "ssh"), keys=keys) as session:
            await session.configure([Line("description by netloom", PORT)])
        assert Line("description by netloom", PORT) in running.device.config


# ---- the command line ----------------------------------------------------------------------------


async def test_the_prompt_says_where_lines_go() -> None:
    shell = shell_of()
    prompts = []
    for line in (
        "configure terminal",
        "interface GigabitEthernet2",
        "interface GigabitEthernet2.10",
        "router bgp 65001",
        "address-family ipv4",
        "ip access-list extended TEST",
        "route-map OUT permit 10",
        "line vty 0 4",
        "archive",
        "interface range gi2-3",
        "exit",
        "end",
    ):
        shell.execute(line)
        prompts.append(shell.prompt())
    assert prompts == [
        "r1(config)#",
        "r1(config-if)#",
        "r1(config-subif)#",
        "r1(config-router)#",
        "r1(config-router-af)#",
        "r1(config-ext-nacl)#",
        "r1(config-route-map)#",
        "r1(config-line)#",
        "r1(config-archive)#",
        "r1(config-if-range)#",
        "r1(config)#",
        "r1#",
    ]


async def test_words_may_be_shortened_and_interfaces_have_one_name() -> None:
    shell = shell_of()
    typed(shell, "conf t", "int gi 2", "desc to spine1", "ip add 10.2.0.1 255.255.255.0", "no sh", "do wr mem", "end")
    assert sorted(shell.device.startup.section("interface GigabitEthernet2")) == [
        "description to spine1",
        "ip address 10.2.0.1 255.255.255.0",
        "negotiation auto",
    ]
    assert "GigabitEthernet2       10.2.0.1" in typed(shell, "sh ip int br")[0]
    assert typed(shell, "sh int gi 2 | inc Desc") == ["Description: to spine1"]


async def test_a_line_of_the_top_leaves_the_section_it_is_typed_in() -> None:
    shell = shell_of()
    typed(shell, "conf t", "interface Loopback1", "ip route 10.0.0.0 255.0.0.0 null0", "description lost")
    assert "ip route 10.0.0.0 255.0.0.0 Null0" in shell.device.config.tree
    assert "description lost" not in shell.device.config.section("interface Loopback1")


SLOTS = "".join(f"interface GigabitEthernet1/0/{number}\n" for number in (3, 4))
OVERLAPS = re.compile(r"% \S+ overlaps with ")


@settings(QUICK, max_examples=8)
@given(worlds(), worlds())
def test_what_netloom_types_is_taken_and_leads_where_it_says(first: World, second: World) -> None:
    async def run() -> None:
        shell = shell_of(IOS.format(PROMISES.empty) + SLOTS)
        for world in (first, second):
            predicted, lines = PROMISES.steer(shell.device.config, world)
            shell.execute("configure terminal")
            for text in (part for entry in IOS.script(lines) for part in entry.split("\n")):
                answer = shell.execute(text)
                # worlds know nothing of networks that two interfaces cannot share
                assume(not OVERLAPS.match(answer.text))
                assert not answer.refused, f"{shell.path} {text}: {answer.text}"
                if shell.question:
                    shell.execute("")
            shell.execute("end")
            assert shell.device.config == predicted
            assert IOS.parse(shell.execute("show running-config").text) == IOS.parse(IOS.format(predicted))

    asyncio.run(run())


REFUSED = [
    ("interface GigabitEthernet9", "% Invalid input detected at '^' marker."),
    ("no interface GigabitEthernet2", "% Removal of physical interfaces is not permitted"),
    ("frobnicate", "% Invalid input detected at '^' marker."),
    ("ip prefix-list A seq 5 deny 10.0.0.0/8", "%Insertion failed - seq # exists: 5 permit 10.0.0.0/8"),
    ("router bgp 65002", "BGP is already running; AS is 65001"),
    ("username ada password 0 x", "ERROR: Can not have both a user password and a user secret."),
]
IN_SECTIONS = [
    ("interface GigabitEthernet2", "vrf forwarding NONE", "% VRF NONE not configured."),
    ("interface GigabitEthernet2", "ip address 10.0.0.1 255.0.0.255", "Bad mask 255.0.0.255 for address 10.0.0.1"),
    ("interface GigabitEthernet2", "ip address 127.0.0.9 255.255.255.0", "% 127.0.0.0 overlaps with GigabitEthernet1"),
    ("router bgp 65001", "neighbor 10.0.0.9 activate", "% Specify remote-as or peer-group commands first"),
    ("ip access-list extended A", "10 deny ip any any", "% Duplicate sequence number"),
]


@pytest.mark.parametrize(("header", "line", "words"), [*((None, line, words) for line, words in REFUSED), *IN_SECTIONS])
async def test_refusals_are_worded_as_ios_words_them(header: str | None, line: str, words: str) -> None:
    shell = shell_of()
    typed(shell, "conf t", "router bgp 65001", "ip prefix-list A seq 5 permit 10.0.0.0/8", "username ada secret 0 x")
    typed(shell, "ip access-list extended A", "10 permit ip any any", "exit", header or "!")
    before = shell.device.config
    answer = shell.execute(line)
    assert answer.refused
    assert words in answer.text
    assert shell.device.config == before


async def test_the_caret_stands_under_the_word_that_is_to_blame() -> None:
    shell = shell_of()
    assert shell.execute("show ip nonsense").text == "           ^\n% Invalid input detected at '^' marker.\n\n"
    assert shell.execute("show ip").text == "% Incomplete command.\n\n"
    assert "% Unknown command or computer name" in shell.execute("frobnicate").text
    typed(shell, "conf t")
    assert shell.execute("no frobnicate").text.partition("^")[0] == " " * len("r1(config)#no ")


async def test_an_interface_that_changes_its_vrf_loses_its_addresses_and_says_so() -> None:
    shell = shell_of()
    typed(shell, "conf t", "vrf definition RED", "interface gi2", "ip address 10.2.0.1 255.255.255.0")
    said = typed(shell, "vrf forwarding RED")[0]
    assert said == "% Interface GigabitEthernet2 IPv4 disabled and address(es) removed due to enabling VRF RED"
    assert "no ip address" in shell.device.config.section("interface GigabitEthernet2")


async def test_an_interface_goes_back_to_how_it_came() -> None:
    shell = shell_of()
    typed(shell, "conf t", "interface gi2", "description x", "no shutdown", "exit")
    assert typed(shell, "default int gi2") == ["Interface GigabitEthernet2 set to default configuration"]
    assert [*shell.device.config.section("interface GigabitEthernet2")] == ["no ip address", "shutdown"]


async def test_an_account_goes_only_when_that_is_confirmed() -> None:
    shell = shell_of()
    typed(shell, "conf t", "username ada privilege 15 secret 0 x", "no username ada")
    assert shell.prompt().endswith("Do you want to continue? [confirm]")
    typed(shell, "n", "no username ada")
    assert any(text.startswith("username ada") for text in shell.device.config.tree)
    typed(shell, "")
    assert not any(text.startswith("username ada") for text in shell.device.config.tree)


async def test_the_configuration_is_printed_in_the_order_of_ios() -> None:
    shell = shell_of()
    typed(shell, "conf t", "ntp server 192.0.2.1", "interface Loopback0", "ip access-list extended B", "hostname r9")
    typed(shell, "interface gi10", "interface gi2", "ip address 10.2.0.2 255.255.255.0")
    typed(shell, "ip address 10.2.1.2 255.255.255.0 secondary", "description first", "ip name-server 10.0.0.1 10.0.0.2")
    typed(shell, "ip access-list extended B", "20 permit ip any any", "10 deny tcp any any", "end")
    shown = shell.execute("show running-config").text.splitlines()
    starts = (
        "version",
        "hostname",
        "ip name-server",
        "interface Loopback0",
        "interface GigabitEthernet2",
        "ip access-list",
        "ntp",
    )
    places = [next(at for at, line in enumerate(shown) if line.startswith(start)) for start in starts]
    assert places == sorted(places)
    assert "ip name-server 10.0.0.1 10.0.0.2" in shown
    at = shown.index("interface GigabitEthernet2")
    assert shown[at + 1 : at + 4] == [
        " description first",
        " ip address 10.2.1.2 255.255.255.0 secondary",
        " ip address 10.2.0.2 255.255.255.0",
    ]
    at = shown.index("ip access-list extended B")
    assert shown[at + 1 : at + 3] == [" 10 deny tcp any any", " 20 permit ip any any"]


async def test_what_routes_lead_to_answers() -> None:
    async with edge() as running:
        shell = IosShell(running.device, "admin")
        assert "Success rate is 100 percent (5/5)" in typed(shell, "ping 10.255.0.2")[0]
        assert typed(shell, "traceroute 10.255.0.2")[0].splitlines()[-1].split()[:2] == ["1", "10.255.0.2"]
        assert "Success rate is 0 percent (0/3)" in typed(shell, "ping 10.66.0.1 repeat 3")[0]
        assert "(0/5)" in typed(shell, "ping vrf BLUE 10.255.0.2")[0]
        running.device.links_down |= {"GigabitEthernet2", "GigabitEthernet4"}
        assert "(0/5)" in typed(shell, "ping 10.0.0.2")[0]
        assert "Active" in typed(shell, "show ip bgp summary | include ^10.0.0.2")[0]


async def test_answers_pass_one_filter_whose_expression_may_hold_bars() -> None:
    shell = shell_of()
    assert typed(shell, "show running-config | include ^hostname|^no aaa") == ["hostname r1\nno aaa new-model"]
    assert typed(shell, "show run | section line vty")[0].splitlines()[0] == "line vty 0 4"
    assert typed(shell, "show run | count interface") == ["Number of lines which match regexp = 4"]
    assert typed(shell, "show run | begin line vty")[0].startswith("line vty 0 4")


# ---- files and the archive -----------------------------------------------------------------------


async def test_configurations_are_copied_compared_and_replaced() -> None:
    shell = shell_of()
    typed(shell, "copy running-config flash:before", "", "conf t", "ip route 10.0.0.0 255.0.0.0 Null0")
    typed(shell, "interface gi2", "description new", "end")
    difference = typed(shell, "show archive config differences flash:before system:running-config")[0].splitlines()
    assert difference == [
        "!Contextual Config Diffs:",
        "interface GigabitEthernet2",
        " +description new",
        "+ip route 10.0.0.0 255.0.0.0 Null0",
    ]
    assert "Rollback Done" in typed(shell, "configure replace flash:before force")[0]
    assert typed(shell, "show archive config differences flash:before system:running-config") == [
        "!Contextual Config Diffs:\n!No changes were found"
    ]
    assert "No such file" in typed(shell, "configure replace flash:nothing force")[0]


async def test_a_replacement_asks_first_and_may_list_its_lines() -> None:
    shell = shell_of()
    typed(shell, "copy running-config flash:before", "", "conf t", "ip route 10.0.0.0 255.0.0.0 Null0", "end")
    typed(shell, "configure replace flash:before")
    assert shell.prompt().endswith("Enter Y if you are sure you want to proceed. ? [no]: ")
    typed(shell, "")
    assert "ip route 10.0.0.0 255.0.0.0 Null0" in shell.device.config.tree
    said = typed(shell, "configure replace flash:before list force")[0]
    assert "!List of Rollback Commands:\nno ip route 10.0.0.0 255.0.0.0 Null0\nend" in said
    assert "ip route 10.0.0.0 255.0.0.0 Null0" not in shell.device.config.tree


@pytest.mark.parametrize("options", ["force", "force revert trigger error timer 5"])
async def test_a_file_with_a_line_that_is_none_is_told(options: str) -> None:
    shell = shell_of()
    before = shell.device.config
    shell.device.files["bad"] = b"version 17.9\nhostname r2\nfrobnicate\n"
    said = typed(shell, f"configure replace flash:bad {options}")[0]
    assert "Rollback aborted after 5 passes" in said
    assert "frobnicate" in said
    assert (shell.device.config == before) == ("trigger" in options)
    assert shell.device.timers() == {}
    shell.device.files["empty"] = b"nothing here\n"
    assert "not a valid config file" in typed(shell, "configure replace flash:empty force")[0]


async def test_lines_of_a_file_are_entered_and_refused_one_by_one() -> None:
    shell = shell_of()
    shell.device.files["part"] = (
        b"interface Loopback7\n description one\nfrobnicate\nip route 10.0.0.0 255.0.0.0 Null0\nend\n"
    )
    typed(shell, "copy flash:part running-config")
    said = typed(shell, "")[0]
    assert "frobnicate\n^\n% Invalid input" in said
    assert "bytes copied" in said
    assert Line("description one", ("interface Loopback7",)) in shell.device.config
    assert "ip route 10.0.0.0 255.0.0.0 Null0" in shell.device.config.tree


async def test_the_archive_keeps_so_many_copies() -> None:
    shell = shell_of()
    typed(shell, "conf t", "archive", "maximum 3", "write-memory", "end", *["write memory"] * 5)
    shown = typed(shell, "show archive")[0].splitlines()
    assert shown[1] == "There are currently 3 archive configurations saved."
    assert shown[2].endswith("<timestamp>-5")
    assert shown[6].endswith("-4 <- Most Recent")
    assert typed(shell_of("hostname r1\n"), "show archive") == ["Archive feature not enabled"]


# ---- the rollback timer --------------------------------------------------------------------------


async def test_the_end_of_the_timer_replaces_the_configuration_by_the_copy() -> None:
    shell, other = shell_of(), None
    before = shell.device.config
    said = typed(shell, "configure terminal revert timer 5", "ip route 10.0.0.0 255.0.0.0 Null0", "end")
    assert said[0].startswith("Rollback Confirmed Change: Backing up current running config to flash:netloom-")
    status = typed(shell, "show archive config rollback timer")[0]
    assert status.splitlines()[1:] == ["Timer type: absolute timer", "Timer value: 5 min", "User: admin"]
    other = IosShell(shell.device, "eve")
    typed(other, "conf t", "ntp server 192.0.2.1")
    assert other.execute("do configure terminal revert timer 5").refused
    shell.device.run_out()
    assert shell.device.config == before, "with all that others changed since"
    assert typed(shell, "show archive config rollback timer") == ["%No Rollback Confirmed Change pending"]
    assert shell.execute("configure confirm").refused


async def test_a_change_is_confirmed_or_taken_back_at_once() -> None:
    shell = shell_of()
    typed(shell, "configure terminal revert timer 5", "ntp server 192.0.2.1", "end")
    assert typed(shell, "configure confirm") == [""]
    shell.device.run_out()
    assert "ntp server 192.0.2.1" in shell.device.config.tree
    typed(shell, "configure terminal revert timer 5", "ntp server 192.0.2.2", "end", "configure revert timer 60")
    assert 3590 < (shell.device.timer_left("rollback") or 0) <= 3600
    assert "Rollback Done" in typed(shell, "configure revert now")[0]
    assert "ntp server 192.0.2.2" not in shell.device.config.tree
    assert typed(shell, "configure revert now") == ["%No Rollback Confirmed Change pending"]


async def test_without_an_archive_no_timer_starts() -> None:
    shell = shell_of("hostname r1\n")
    answer = shell.execute("configure terminal revert timer 5")
    assert answer.refused
    assert answer.text.startswith("%Please turn config archive on")
    assert shell.prompt() == "r1#"
    assert shell.execute("configure terminal revert timer 121").refused


async def test_an_idle_timer_starts_anew_with_each_command() -> None:
    shell = shell_of(hurry=1000.0)
    typed(shell, "configure terminal revert timer idle 1", "ntp server 192.0.2.1", "end")
    for _ in range(5):
        await asyncio.sleep(0.03)
        assert "idle timer" in typed(shell, "show archive config rollback timer")[0]
    async with asyncio.timeout(5):
        while "ntp server 192.0.2.1" in shell.device.config.tree:  # noqa: ASYNC110 - the device's own time
            await asyncio.sleep(0.01)


async def test_a_device_that_starts_anew_has_forgotten_its_timer_and_what_was_not_saved() -> None:
    shell = shell_of()
    typed(shell, "configure terminal revert timer 5", "ntp server 192.0.2.1", "end", "reload")
    assert shell.prompt() == "System configuration has been modified. Save? [yes/no]: "
    typed(shell, "no")
    assert shell.execute("").end
    assert typed(shell, "show archive config rollback timer") == ["%No Rollback Confirmed Change pending"]
    assert "ntp server 192.0.2.1" not in shell.device.config.tree


async def test_a_reload_may_be_called_off() -> None:
    shell = shell_of()
    typed(shell, "conf t", "ntp server 192.0.2.1", "end", "reload in 10", "")
    assert typed(shell, "show reload")[0].startswith("Reload scheduled in 9 minutes")
    assert "SHUTDOWN ABORTED" in typed(shell, "reload cancel")[0]
    typed(shell, "reload in 10", "")
    shell.device.run_out()
    assert shell.device.boots == 2
    assert "ntp server 192.0.2.1" not in shell.device.config.tree


async def test_a_lock_ends_with_the_session_that_holds_it() -> None:
    shell = shell_of()
    other = IosShell(shell.device, "eve")
    assert not shell.execute("configure terminal lock").refused
    assert "locked by process '1' user 'admin'" in other.execute("configure terminal").text
    shell.closed()
    assert not other.execute("configure terminal").refused
    typed(other, "end")
    typed(shell, "end", "configure terminal lock")
    assert other.execute("clear configuration lock").text == ""
    assert not other.execute("configure terminal").refused
