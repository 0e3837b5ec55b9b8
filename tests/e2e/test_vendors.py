"""The whole loop on a simulated site of four vendors, each by its own API and commit machinery."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.resources import files

import pytest
from tests.command import CommandLine

from netloom.app.wiring import App
from netloom.devices.session import connect
from netloom.lab.state import Lab
from netloom.model.config import Line
from netloom.workspace import load_workspace

pytestmark = pytest.mark.lab

SITE = {"edge1": "juniper_junos", "core1": "cisco_nxos", "access1": "arista_eos", "branch1": "cisco_ios"}
WISHES = ("intent/site.yml", "checks/site.yml", *(f"inventory/host_vars/{name}.yml" for name in SITE))


@pytest.fixture(scope="module")
def site(own_lab: Callable[[str, str], tuple[Lab, CommandLine]]) -> tuple[Lab, CommandLine]:
    """A site of four and a workspace with the demonstration's wishes for it."""
    lab, cli = own_lab("sites:4", "vendors")
    demo = files("netloom.app") / "demo_vendors"
    cli.write({name: demo.joinpath(name).read_text() for name in WISHES})
    return lab, cli


@pytest.fixture
def cli(site: tuple[Lab, CommandLine]) -> CommandLine:
    """The command line in that workspace."""
    return site[1]


def by_host(cli: CommandLine, noun: str, column: str) -> dict[str, list[object]]:
    """What was collected of a noun: one column, by device."""
    found: dict[str, list[object]] = {name: [] for name in SITE}
    for row in cli("show", noun, "-f", "json").rows():
        found[row["hostname"]].append(row[column])
    return found


def test_every_noun_of_every_vendor_is_collected(cli: CommandLine) -> None:
    cli("collect")
    assert by_host(cli, "neighbor", "protocol") == {name: ["LLDP", "LLDP"] for name in SITE}
    assert by_host(cli, "bgp_session", "state") == {name: ["Established"] for name in SITE}
    for noun in ("device", "interface", "route", "vlan", "arp"):
        assert all(by_host(cli, noun, "hostname").values()), noun
    assert all("users" in names for names in by_host(cli, "vlan", "name").values())


def test_every_screen_says_that_they_are_simulated(cli: CommandLine) -> None:
    cli("collect", "device", "neighbor")
    drawn = cli("map").out
    assert all(f"{name} (simulated)" in drawn for name in SITE)
    assert "4 simulated" in cli("map", "-f", "svg").out
    replies = cli("exec", "show version", "-f", "json").rows()
    assert {row["device"] for row in replies} == set(SITE)
    assert all("simulated" in row["output"].lower() for row in replies)
    assert all("simulated" in row["groups"] for row in cli("inventory", "-f", "json").rows())


def test_archived_configurations_are_the_devices_own(cli: CommandLine) -> None:
    assert "4 new" in cli("backup", "-m", "first").err
    assert "none changed" in cli("backup").err
    archived = {name: (cli.folder / "configs" / f"{name}.cfg").read_text() for name in SITE}
    assert archived["edge1"].startswith("system {\n    host-name edge1;")
    assert all("10.64.1." in text for text in archived.values())
    for name, platform in SITE.items():
        found = cli("parse", platform, "config", f"configs/{name}.cfg").json()
        assert found["records"]["bgp_neighbor"]
        assert not any("BGP" in line or "ip address" in line for line in found["unknown"])


def test_one_plan_for_all_is_applied_verified_and_rolled_back(cli: CommandLine) -> None:
    before = running(cli)
    planned = cli("plan", "--lines").out
    assert "on 4 of 4 devices" in planned
    assert planned.index("+ acl ipv4 FROM-RING") < planned.index("acl_in: not set → FROM-RING")
    applied = cli("apply", "--yes", "--accept", "all")
    assert [line for line in applied.out.splitlines() if line.endswith(": done")] == [
        f"{name} (simulated): done" for name in sorted(SITE)
    ]
    change = next(word for word in applied.err.split() if word.startswith("2") and "-" in word)
    assert "4 devices as wished" in cli("plan").out
    assert "[FAIL]" not in cli("verify").out
    cli("collect", "bgp_session")
    assert by_host(cli, "bgp_session", "state") == {name: ["Established", "Established"] for name in SITE}
    configure(cli, "access1", Line("neighbor 10.64.1.2 description of somebody", ("router bgp 64514",)))
    assert "of somebody → core1" in cli("drift", "--detailed-exitcode", expect=2).out
    assert "access1 (simulated): done" in cli("apply", "--yes").out
    back = cli("rollback", change, "--yes", "--accept", "all")
    assert back.out.count(": done") == len(SITE)
    assert running(cli) == before


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("edge1", Line("set vlans users description by-hand")),
        ("core1", Line("description by hand", ("interface Ethernet1/3",))),
        ("access1", Line("description by hand", ("interface Ethernet3",))),
        ("branch1", Line("description by hand", ("interface GigabitEthernet1/0/3",))),
    ],
)
def test_what_somebody_changed_by_hand_is_archived_and_taken_back(cli: CommandLine, name: str, line: Line) -> None:
    cli("backup")
    before = running(cli)[name]
    configure(cli, name, line)
    assert running(cli)[name] != before
    drifted = cli("backup", "-m", f"{name} by hand")
    assert "1 changed" in drifted.err
    assert "by" in cli("diff", name, "HEAD~1", "HEAD").out
    restored = cli("rollback", "HEAD~1", "-l", name, "--yes", "--accept", "all")
    assert f"{name} (simulated): done" in restored.out
    assert running(cli)[name] == before


def test_a_stalled_device_holds_up_no_other(site: tuple[Lab, CommandLine]) -> None:
    lab, cli = site
    cli.write({"inventory/group_vars/all.yml": "netloom_command_timeout: 2\n"})
    try:
        cli("lab", "break", "access1", "--fault", "stall", "--lab", lab.name)
        ran = cli("exec", "show version", "-f", "json", expect=None)
        assert ran.status in (3, 4)
        replies = {row["device"]: row for row in ran.rows()}
        assert "no answer within 2 s" in replies["access1"]["error"]
        assert all(replies[name]["error"] is None for name in SITE if name != "access1")
    finally:
        cli("lab", "heal", "--lab", lab.name)
        (cli.folder / "inventory" / "group_vars" / "all.yml").unlink()
    assert cli("exec", "show version", "-l", "access1").out


def running(cli: CommandLine) -> dict[str, str]:
    """The running configurations, without what changes by itself."""
    app = App(load_workspace(cli.folder / "netloom.yml"), ask=lambda _: "")

    async def one(name: str) -> str:
        host = app.inventory.host(name)
        async with connect(app.access(host), keys=app.keys) as session:
            return app.platform(host).normalise(await session.running_config())

    async def every() -> list[str]:
        return list(await asyncio.gather(*(one(name) for name in SITE)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(cli.home))
        return dict(zip(SITE, asyncio.run(every()), strict=True))


def configure(cli: CommandLine, name: str, line: Line) -> None:
    """Somebody's edit, past the plan."""
    app = App(load_workspace(cli.folder / "netloom.yml"), ask=lambda _: "")

    async def edit() -> None:
        async with connect(app.access(app.inventory.host(name)), keys=app.keys) as session:
            await session.configure([line])

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(cli.home))
        asyncio.run(edit())
