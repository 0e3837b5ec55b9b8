"""netloom's own session on a simulated Junos, by every way that leads to it; and its command line without any."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from tests.lab.junos_site import HERE, TRANSPORTS, Transport, access, router
from tests.lab.sim_session import typed

from netloom.collectors.state.observe import reads_of
from netloom.devices.session import Session, connect
from netloom.errors import CommandRejected, Refused, SessionClosed
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendors.juniper_junos import VENDOR
from netloom.lab.simulation.vendors.juniper_junos.database import database_of
from netloom.lab.simulation.vendors.juniper_junos.shell import JunosShell
from netloom.model.config import Line
from netloom.model.noun import Record
from netloom.platforms.contract import load_platform
from netloom.platforms.juniper_junos import show_instance
from netloom.transports.host_keys import HostKeys

JUNOS = load_platform("juniper_junos")
OBSERVED = tuple(noun for noun in JUNOS.nouns() if hasattr(JUNOS.module(noun), "READ"))
NO_BRIDGING = ("show bridge", "bridge-instance", "bridge-mac")
ACCOUNTS = "show configuration"
"""The accounts are told in XML only."""
ONLY_XML = (("interface", show_instance.READ),)


def shell_of(config: str | None = None, **changes: Any) -> JunosShell:
    """A command line without a server in front of it."""
    text = (HERE / "juniper_junos_mx1.conf").read_text() if config is None else config
    spec = Spec(name="mx1", platform="juniper_junos", config=text, **changes)
    return JunosShell(Device(spec, smallest=VENDOR.smallest(spec)), "admin")


async def observe(session: Session, noun: str, *, screens: bool = False) -> list[Record]:
    """A noun's state; a switch has no bridge domains to tell of."""
    module = JUNOS.module(noun)
    assert module is not None
    found = []
    for read in reads_of(module):
        if not screens:
            try:
                found.append(await session.read(read))
            except CommandRejected:
                assert any(word in read.command for word in NO_BRIDGING), read.command
        elif not read.command.startswith((*NO_BRIDGING, ACCOUNTS)) and (noun, read) not in ONLY_XML:
            found.append(await session.run(read.command.replace(" | display xml", "")))
    records: list[Record] = module.observed(*found)
    return records


# ---- netloom's session ---------------------------------------------------------------------------


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_running_configuration_that_is_read_is_the_one_that_runs(
    transport: Transport, keys: HostKeys
) -> None:
    async with router() as running, connect(access(running, transport), keys=keys) as session:
        text = await session.running_config()
        assert JUNOS.parse(text) == running.device.config
        assert JUNOS.normalise(text) == (HERE / "juniper_junos_mx1.conf").read_text()
        assert "simulated" in await session.run("show version")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_every_noun_is_observed(transport: Transport, keys: HostKeys) -> None:
    async with router() as running, connect(access(running, transport), keys=keys) as session:
        found = {noun: await observe(session, noun) for noun in OBSERVED}
    assert {noun: bool(records) for noun, records in found.items()} == dict.fromkeys(OBSERVED, True)


async def test_screens_tell_the_objects_that_xml_tells(keys: HostKeys) -> None:
    async with router() as running, connect(access(running, "ssh"), keys=keys) as session:
        for noun in OBSERVED:
            told = {record.key for record in await observe(session, noun)}
            shown = {record.key for record in await observe(session, noun, screens=True)}
            if noun == "user":
                assert shown <= told
            else:
                assert shown == told, noun


async def test_what_is_shown_follows_the_configuration_and_the_cables(keys: HostKeys) -> None:
    async with router() as running, connect(access(running, "netconf"), keys=keys) as session:

        async def states(noun: str) -> dict[tuple[str, ...], Any]:
            return {record.key: record for record in await observe(session, noun)}

        assert (await states("interface"))["ge-0/0/0",].oper_status == "up"
        assert (await states("interface"))["xe-0/0/3",].admin_status == "down"
        (bgp,) = (await states("bgp_session")).values()
        assert (bgp.state, bgp.pfx_rx, bgp.peer_asn) == ("Established", 1, 65002)
        (ospf,) = (await states("ospf_neighbor")).values()
        assert (ospf.state, ospf.interface, ospf.neighbor_id) == ("Full", "ge-0/0/0.0", "192.0.2.2")
        ways = {record.prefix: record.protocol for record in (await states("route")).values()}
        assert ways["10.97.0.0/16"] == "bgp"
        assert ways["10.98.0.0/16"] == "static"
        running.device.links_down.add("ge-0/0/0")
        assert (await states("interface"))["ge-0/0/0.0",].oper_status == "down"
        (bgp,) = (await states("bgp_session")).values()
        assert bgp.state == "Active"
        assert "10.97.0.0/16" not in {record.prefix for record in (await states("route")).values()}
        assert {record.local_interface for record in (await states("neighbor")).values()} == {"xe-0/0/1"}


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_lines_are_entered_and_committed(transport: Transport, keys: HostKeys) -> None:
    lines = [
        Line('set interfaces xe-0/0/4 description "by <netloom> & co"'),
        Line("set vlans printers vlan-id 30"),
        Line("delete vlans voice"),
        Line("deactivate protocols ospf"),
    ]
    async with router() as running, connect(access(running, transport), keys=keys) as session:
        before = running.device.config
        await session.configure(lines)
        assert running.device.config == JUNOS.apply_lines(before, lines)
        assert running.device.startup == running.device.config, "a commit is on disk at once"
        assert JUNOS.parse(await session.running_config()) == running.device.config
        last = database_of(running.device).history[0]
        assert (last.comment, last.client) == ("netloom", "netconf" if transport == "netconf" else "cli")
        await session.save()
        database = database_of(running.device)
        assert (database.holder, database.shared) == (None, None)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("wrong", [0, 2, 6])
async def test_a_refused_line_is_named_and_nothing_is_committed(
    transport: Transport, keys: HostKeys, wrong: int
) -> None:
    lines = [Line(f"set vlans v{number} vlan-id {number}") for number in range(31, 38)]
    lines[wrong] = Line("set vlanss v vlan-id 40")
    async with router() as running, connect(access(running, transport), keys=keys) as session:
        before = running.device.config
        with pytest.raises(CommandRejected, match="syntax error") as caught:
            await session.configure(lines)
        assert (caught.value.number, caught.value.line) == (wrong + 1, "set vlanss v vlan-id 40")
        assert running.device.config is before
        database = database_of(running.device)
        assert (database.holder, database.shared, len(database.history)) == (None, None, 1)
        with pytest.raises(CommandRejected, match="syntax error"):
            await session.run("show nonsense")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_what_does_not_pass_the_check_is_not_committed(transport: Transport, keys: HostKeys) -> None:
    lines = [Line("set vlans v31 vlan-id 31"), Line("set protocols bgp group PEERS import NOWHERE")]
    async with router() as running, connect(access(running, transport), keys=keys) as session:
        with pytest.raises(CommandRejected, match="NOWHERE referenced but not defined"):
            await session.configure(lines)
        assert "v31" not in running.device.config.tree["vlans"]
        assert database_of(running.device).shared is None


async def test_somebodys_lock_is_told_and_kept(keys: HostKeys) -> None:
    async with router() as running:
        other = database_of(running.device).join("eve", "cli", "exclusive")
        for transport in TRANSPORTS:
            async with connect(access(running, transport), keys=keys) as session:
                with pytest.raises(CommandRejected, match=r"locked by:\s+eve"):
                    await session.configure([Line("set vlans v31 vlan-id 31")])
        assert database_of(running.device).holder == other.number


async def test_the_lock_of_a_session_that_died_is_free(keys: HostKeys) -> None:
    async with router() as running:
        async with connect(access(running, "netconf"), keys=keys) as session:
            await session.rpc("<lock-configuration/>")
            await session.rpc(
                '<load-configuration action="set" format="text"><configuration-set>set vlans v31 vlan-id 31'
                "</configuration-set></load-configuration>"
            )
            assert database_of(running.device).shared is not None
            running.device.hang_up()
        async with asyncio.timeout(5):
            while database_of(running.device).holder is not None:  # noqa: ASYNC110 - the server's own time
                await asyncio.sleep(0.01)
        assert database_of(running.device).shared is None


async def test_a_reboot_takes_what_was_not_confirmed_and_leaves_the_history(keys: HostKeys) -> None:
    async with router() as running:
        async with connect(access(running, "ssh"), keys=keys) as session:
            await session.configure([Line("set vlans kept vlan-id 31")])
            await session.configure(
                [Line("set vlans gone vlan-id 32"), Line("commit confirmed 5")],
                enter="configure exclusive",
                leave="exit configuration-mode",
            )
            assert "gone" in running.device.config.tree["vlans"]
            running.device.reboot()
            with pytest.raises((SessionClosed, Refused)):
                await session.run("show version")
        vlans = running.device.config.tree["vlans"]
        assert "kept" in vlans
        assert "gone" not in vlans
        assert running.device.timers() == {}
        async with connect(access(running, "ssh"), keys=keys) as session:
            history = await session.run("show system commit")
            assert "netloom" in history
            assert history.splitlines()[0].endswith("by root via other")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_device_that_shuts_its_management_interface_is_gone_until_its_timer_has_run_out(
    transport: Transport, keys: HostKeys
) -> None:
    async with router() as running:
        database = database_of(running.device)
        async with connect(access(running, transport), keys=keys) as session:
            await session.run("show version")
            edit = database.join("eve", "cli")
            shut = running.device.applied(running.device.config, [Line("set interfaces em0 disable")])
            database.change(edit, shut)
            shell = JunosShell(running.device, "eve")
            typed(shell, "configure", "commit confirmed 10")
            with pytest.raises((SessionClosed, Refused)):
                await session.run("show version")
        async with connect(access(running, transport), keys=keys) as session:
            with pytest.raises((SessionClosed, Refused)):
                await session.run("show version")
        running.device.run_out()
        async with connect(access(running, transport), keys=keys) as session:
            assert JUNOS.parse(await session.running_config()) == running.device.startup


# ---- the command line ----------------------------------------------------------------------------


async def test_the_prompt_says_where_lines_go() -> None:
    shell = shell_of()
    prompts = []
    for line in (
        "configure",
        "edit interfaces ge-0/0/0",
        "edit unit 0",
        "up",
        "up 5",
        "edit protocols",
        "exit",
        "edit snmp",
        "top",
        "exit configuration-mode",
    ):
        shell.execute(line)
        prompts.append(shell.prompt().strip().splitlines()[0])
    assert prompts == [
        "[edit]",
        "[edit interfaces ge-0/0/0]",
        "[edit interfaces ge-0/0/0 unit 0]",
        "[edit interfaces ge-0/0/0]",
        "[edit]",
        "[edit protocols]",
        "[edit]",
        "[edit snmp]",
        "[edit]",
        "admin@mx1>",
    ]


async def test_the_greeting_says_that_it_is_simulated() -> None:
    assert "simulated" in shell_of().greeting()


async def test_words_may_be_shortened() -> None:
    shell = shell_of()
    assert typed(shell, "sh ver")[0].startswith("Hostname: mx1")
    assert typed(shell, "show int terse")[0].startswith("Interface")
    assert "ge-0/0/0" in typed(shell, "show interfaces ge-0/0/0 ext")[0]
    typed(shell, "conf", "set int xe-0/0/9 description short", "set sys host-name mx9", "comm")
    assert "xe-0/0/9" in shell.device.config.tree["interfaces"]
    assert shell.device.hostname == "mx9"
    assert shell.prompt().endswith("admin@mx9# ")


async def test_refusals_point_at_the_word() -> None:
    shell = shell_of()
    shown = shell.execute("show nonsense")
    assert shown.refused
    assert shown.text == f"{' ' * len('admin@mx1> show ')}^\nsyntax error, expecting <command>.\n"
    assert typed(shell, "frobnicate")[0].endswith("unknown command.")
    typed(shell, "configure")
    assert shell.execute("set foo bar").text == f"{' ' * len('admin@mx1# set ')}^\nsyntax error.\n"
    assert typed(shell, "set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.300/24")[0].endswith(
        "error: invalid prefix '10.0.0.300/24': 10.0.0.300/24"
    )
    assert typed(shell, "delete vlans nothing") == ["warning: statement not found"]
    assert typed(shell, "frobnicate")[0].endswith("unknown command.")
    assert shell.device.config is database_of(shell.device).candidate(shell.configuring.edit)  # type: ignore[union-attr]


async def test_answers_pass_filters() -> None:
    shell = shell_of()
    assert typed(shell, "show configuration vlans | display set | match vlan-id") == [
        "set vlans users vlan-id 10\nset vlans voice vlan-id 20"
    ]
    assert typed(shell, "show configuration vlans | display json | no-more")[0].startswith("{")
    document = json.loads(typed(shell, "show configuration vlans | display json")[0])
    assert document["configuration"]["vlans"]["vlan"][1] == {"name": "voice", "vlan-id": 20}
    others = [line for line in typed(shell, "show interfaces terse")[0].splitlines() if "ge-" not in line]
    assert typed(shell, "show interfaces terse | except ge- | count") == [f"Count: {len(others)} lines"]
    assert typed(shell, "show configuration | find vlans | last 2") == ["}\n}"]
    assert typed(shell, "show version | display xml rpc")[0].count("get-software-information") == 1
    assert typed(shell, "show version | frobnicate")[0].startswith("error: syntax error")


async def test_a_candidate_changes_nothing_before_its_commit_and_shows_what_it_would() -> None:
    shell = shell_of()
    typed(shell, "configure", "edit vlans", "set printers vlan-id 30", "delete voice")
    assert typed(shell, "top show | compare") == [
        "[edit vlans]\n-  voice {\n-      vlan-id 20;\n-  }\n+  printers {\n+      vlan-id 30;\n+  }"
    ]
    assert typed(shell, "show")[0].count("vlan-id") == 2
    assert "printers" not in shell.device.config.tree["vlans"]
    assert typed(shell, "commit") == ["commit complete"]
    assert "printers" in shell.device.config.tree["vlans"]
    assert typed(shell, "run show system commit")[0].startswith("0   ")
    assert typed(shell, "top", "show | compare rollback 1")[1].startswith("[edit vlans]")


async def test_leaving_asks_about_what_was_not_committed() -> None:
    shell = shell_of()
    typed(shell, "configure", "set vlans v31 vlan-id 31")
    assert typed(shell, "exit") == ["The configuration has been changed but not committed"]
    assert shell.prompt() == "Exit with uncommitted changes? [yes,no] (yes) "
    typed(shell, "no")
    assert shell.configuring is not None
    assert typed(shell, "exit", "yes")[1] == "Exiting configuration mode"
    assert database_of(shell.device).shared is not None, "the shared candidate stays"
    assert "has been changed but not committed" in typed(shell, "configure")[0]


@pytest.mark.parametrize("mode", ["private", "exclusive"])
async def test_private_and_exclusive_changes_go_with_their_session(mode: str) -> None:
    shell = shell_of()
    assert "uncommitted changes will be discarded on exit" in typed(shell, f"configure {mode}")[0]
    typed(shell, "set vlans v31 vlan-id 31", "exit")
    assert shell.prompt().startswith("Discard uncommitted changes?")
    typed(shell, "yes", f"configure {mode}", "set vlans v32 vlan-id 32")
    shell.closed()
    database = database_of(shell.device)
    assert (database.shared, database.holder, database.edits) == (None, None, {})


async def test_two_private_copies_are_merged() -> None:
    one = shell_of()
    other = JunosShell(one.device, "eve")
    typed(one, "configure private", "set vlans one vlan-id 31")
    typed(other, "configure private", "set vlans two vlan-id 32")
    assert typed(one, "commit") == ["commit complete"]
    assert typed(other, "commit") == ["commit complete"]
    assert {"one", "two"} <= set(one.device.config.tree["vlans"])


async def test_the_database_is_refused_where_somebody_is_in_the_way() -> None:
    one = shell_of()
    other = JunosShell(one.device, "eve")
    typed(one, "configure exclusive")
    assert "configuration database locked by:\n  admin terminal p0" in typed(other, "configure exclusive")[0]
    assert "locked by" in typed(other, "configure private")[0]
    typed(other, "configure")
    assert "locked by" in typed(other, "set vlans v31 vlan-id 31")[0]
    typed(one, "exit")
    assert typed(other, "set vlans v31 vlan-id 31") == [""]
    assert typed(one, "configure exclusive") == ["error: configuration database modified"]
    assert "shared configuration database modified" in typed(one, "configure private")[0]
    assert "eve" in typed(one, "configure", "status")[1]


async def test_a_commit_is_checked_and_confirmed() -> None:
    shell = shell_of()
    typed(shell, "configure", "set interfaces ge-0/0/0 unit 0 family inet filter input NONE")
    said = typed(shell, "commit check")[0]
    assert "[edit interfaces ge-0/0/0 unit 0 family inet filter]\n  'input'" in said
    assert said.endswith("error: configuration check-out failed")
    assert typed(shell, "rollback", "commit check") == ["load complete", "configuration check succeeds"]
    typed(shell, "set vlans v31 vlan-id 31")
    assert "automatically rolled back in 5 minutes" in typed(shell, 'commit confirmed 5 comment "try this"')[0]
    assert 299 < (shell.device.timer_left("commit") or 0) <= 300
    assert typed(shell, "run show system commit")[0].splitlines()[1].strip() == "try this"
    assert typed(shell, "commit check") == ["configuration check succeeds"]
    assert shell.device.timers() == {}, "a check confirms"
    typed(shell, "set vlans v32 vlan-id 32", "commit confirmed 5")
    shell.device.run_out()
    assert "v31" in shell.device.config.tree["vlans"]
    assert "v32" not in shell.device.config.tree["vlans"]
    assert typed(shell, "commit confirmed 0")[0].startswith("error:")
    assert "not supported" in typed(shell, "exit", "configure private", "commit confirmed 5")[2]


async def test_a_real_timer_runs_out_by_itself() -> None:
    shell = shell_of(hurry=1000.0)
    typed(shell, "configure", "set vlans v31 vlan-id 31", "commit confirmed 1")
    async with asyncio.timeout(5):
        while "v31" in shell.device.config.tree["vlans"]:  # noqa: ASYNC110 - the device's own time
            await asyncio.sleep(0.01)
    assert shell.device.timers() == {}
    assert "by root via other" in typed(shell, "run show system commit")[0].splitlines()[0]


async def test_the_history_goes_back_and_the_clock_runs_on() -> None:
    shell = shell_of(hurry=1000.0)
    typed(shell, "configure", "set vlans v31 vlan-id 31", "commit", "set vlans v32 vlan-id 32", "commit and-quit")
    assert shell.configuring is None
    assert "v32" not in typed(shell, "show system rollback 1")[0]
    assert typed(shell, "show system rollback compare 1 0")[0].count("+") == 3
    typed(shell, "configure", "rollback 2", "commit")
    assert "v31" not in shell.device.config.tree["vlans"]
    assert typed(shell, "rollback 49")[0].startswith("error: rollback 49")
    before = database_of(shell.device).clock
    shell.device.reboot()
    assert database_of(shell.device).clock >= database_of(shell.device).history[0].at
    assert before - database_of(shell.device).clock < 10


@pytest.mark.parametrize(
    ("how", "text", "there"),
    [
        ("merge", "vlans { v31 { vlan-id 31; } }", {"users", "voice", "v31"}),
        ("replace", "replace: vlans { v31 { vlan-id 31; } }", {"v31"}),
        ("merge", "vlans { delete: voice; }", {"users"}),
        ("set", "set vlans v31 vlan-id 31\ndelete vlans voice", {"users", "v31"}),
        ("override", "system { host-name mx1; }\nvlans { v31 { vlan-id 31; } }", {"v31"}),
        ("merge", "<vlans><vlan><name>v31</name><vlan-id>31</vlan-id></vlan></vlans>", {"users", "voice", "v31"}),
    ],
)
async def test_configurations_are_loaded_from_the_terminal(how: str, text: str, there: set[str]) -> None:
    shell = shell_of()
    typed(shell, "configure")
    if text.startswith("<"):
        text = f"<configuration>{text}</configuration>"
    assert "Type ^D" in typed(shell, f"load {how} terminal")[0]
    takes_end = [shell.takes_end]
    assert typed(shell, *text.splitlines(), "\x04")[-1] == "load complete"
    assert [*takes_end, shell.takes_end] == [True, False]
    typed(shell, "commit")
    assert set(shell.device.config.tree["vlans"]) == there


async def test_a_load_names_the_line_that_is_wrong_and_takes_the_others() -> None:
    shell = shell_of()
    typed(shell, "configure", "load set terminal")
    said = typed(shell, "set vlans v31 vlan-id 31", "set vlanss v vlan-id 1", "delete snmp foo", "\x04")[-1]
    assert "terminal:2:(5) syntax error: vlanss" in said
    assert "statement not found" in said
    assert said.endswith("load complete (1 error)")
    assert "v31" in typed(shell, "show vlans")[0]
    assert typed(shell, "load merge /var/tmp/none")[0].startswith("error: cannot open file")
    typed(shell, "rollback 0", "save /var/tmp/whole", "delete snmp", "load override /var/tmp/whole")
    assert typed(shell, "show | compare") == [""]


async def test_statements_are_moved_renamed_and_remarked() -> None:
    shell = shell_of()
    typed(shell, "configure", "edit firewall family inet filter EDGE")
    typed(shell, "insert term REST before term TCP", "rename term TCP to term FIRST", "annotate term FIRST why", "top")
    assert list(shell.configuring.config.tree["firewall"]["family"]["inet"]["filter"]["EDGE"]["term"]) == [  # type: ignore[union-attr]
        "REST",
        "FIRST",
    ]
    typed(shell, "rollback", "deactivate snmp", "set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.9/24")
    assert "inactive: snmp {" in typed(shell, "show")[0]
    assert typed(shell, "show | compare")[0].splitlines() == [
        "[edit]",
        "! inactive: snmp { ... }",
        "[edit interfaces ge-0/0/0 unit 0 family inet]",
        "+     address 10.0.0.9/24;",
    ]
    typed(shell, "rollback", "insert firewall family inet filter EDGE term REST before term TCP")
    assert typed(shell, "show | compare")[0].splitlines() == [
        "[edit firewall family inet filter EDGE]",
        "!     term REST { ... }",
        "!     term TCP { ... }",
    ]
    typed(shell, "delete", "yes")
    assert typed(shell, "show") == [""]


async def test_a_reboot_asks_first() -> None:
    shell = shell_of()
    typed(shell, "request system reboot", "no")
    assert shell.device.boots == 1
    assert typed(shell, "request system reboot", "yes")[1] == "Shutdown NOW!"
    assert shell.device.boots == 2


async def test_pings_reach_what_routes_lead_to() -> None:
    async with router() as running:
        shell = JunosShell(running.device, "admin")
        assert " 0% packet loss" in typed(shell, "ping 10.0.0.2 count 2")[0]
        assert "100% packet loss" in typed(shell, "ping 203.0.113.9")[0]
        assert "* * *" in typed(shell, "traceroute 203.0.113.9")[0]


@pytest.mark.parametrize("rest", ["", "terse", "descriptions", "ge-0/0/0", "ge-0/0/0.0 terse", "extensive"])
async def test_interfaces_are_shown_in_every_depth(rest: str) -> None:
    shell = shell_of()
    shown = typed(shell, f"show interfaces {rest}")[0]
    assert "ge-0/0/0" in shown
    assert JUNOS.module("interface").observed(shown)  # type: ignore[union-attr]
    assert typed(shell, "show interfaces ge-9/9/9")[0].endswith("device ge-9/9/9 not found.")


def test_every_command_has_a_name_of_its_own() -> None:
    from netloom.lab.simulation.vendors.juniper_junos.registry import SHOWS  # noqa: PLC0415 - for this test alone

    commands: Sequence[str] = [show.command for show in SHOWS]
    rpcs = [rpc for show in SHOWS for rpc in show.rpcs]
    assert len(set(commands)) == len(commands)
    assert len(set(rpcs)) == len(rpcs)
