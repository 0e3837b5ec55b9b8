"""What simulated devices say of a plan themselves: looked at before, and held against it in the course of a change."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.lab import eos_site, ios_site, junos_site, nxos_site
from tests.lab.sim_loop import START, Crash, Loop, wish_of

from netloom.errors import SessionClosed
from netloom.intent.change import ApplySettings
from netloom.intent.look import DONE, look
from netloom.intent.parting import Look
from netloom.intent.planned import Plan
from netloom.lab.simulation.faults import Fault, Kind
from netloom.lab.simulation.vendors.juniper_junos.database import database_of
from netloom.model.config import Line

INTENT = """
vlans:
  - {id: 30, name: printers}
interfaces:
  - {name: PORT, description: to the printers}
bgp_neighbors:
  - {peer: 10.0.0.2, remote_as: 65002, PASSWORD, description: by netloom}
"""


@dataclass(frozen=True)
class Site:
    """One vendor's device, and what is special about it."""

    name: str
    port: str
    running: Callable[..., Any]
    access: Callable[..., Any]
    transports: tuple[str, ...]
    asks: str
    """What it is asked for its own difference."""
    stages: str
    """What writes the candidate."""
    own: tuple[str, ...]
    """Lines of its own difference."""
    plant: Callable[[Loop], None]
    """Something else comes into the candidate, so that the device would do more than is planned."""
    planted: str = "vlan 99"
    staged: str = ""
    """The first command that finds the candidate there, where it is another than `asks`."""


def in_session(loop: Loop) -> None:
    found = loop.device.candidates["netloom-t1"]
    found.config = loop.device.applied(found.config, [Line("vlan 99")])


def in_file(loop: Loop) -> None:
    loop.device.files["netloom-t1.cfg"] += b"vlan 99\n"


def in_candidate(loop: Loop) -> None:
    database = database_of(loop.device)
    candidate = database.shared or next(iter(database.edits.values())).private or loop.device.config
    database.shared = loop.device.applied(candidate, [Line("set vlans planted vlan-id 99")])


EOS = Site(
    "leaf1", "Ethernet2", eos_site.leaf, eos_site.access, ("https", "ssh", "telnet"), "session-config.* diffs",
    r"configure session netloom-t1\b(?! )", ("+vlan 30", "+   description to the printers"), in_session,
)  # fmt: skip
NXOS = Site(
    "n1", "Ethernet1/5", nxos_site.nexus, nxos_site.access, ("https", "ssh"), "show diff rollback-patch",
    r"\bcheckpoint netloom", ("vlan 30", "  name printers"), in_file,
)  # fmt: skip
JUNOS = Site(
    "mx1", "xe-0/0/4", junos_site.router, junos_site.access, ("netconf", "ssh", "telnet"), r"get-configuration|compare",
    "load-configuration|set vlans", ("[edit vlans]", "+  printers {"), in_candidate, "vlans planted vlan-id 99",
    "commit-configuration|commit check",
)  # fmt: skip
SITES = {"arista_eos": EOS, "cisco_nxos": NXOS, "juniper_junos": JUNOS}
EVERY_WAY = [(site, way) for site in SITES.values() for way in site.transports]


def named(value: object) -> str:
    return value.name if isinstance(value, Site) else str(value)


@asynccontextmanager
async def loop_on(folder: Path, site: Site, transport: str) -> AsyncIterator[Loop]:
    settings = ApplySettings(timer_s=120, verify_s=20.0, settle_s=5.0, reach_s=100.0, pause_s=2.0)
    async with site.running(hurry=20.0) as running:
        text = INTENT.replace("PORT", site.port).replace(" PASSWORD,", "")
        wish = await wish_of(folder, text, site.name)
        yield await Loop(folder, running.device, site.access(running, transport), wish, settings).prepare()


async def looked(loop: Loop) -> Look:
    """What the device says of the plan."""
    plan = Plan("p", START, (loop.plan,))
    async with aclosing(look(plan, loop.means(), loop.settings, change="c1")) as looks:
        return await anext(looks)


def at(loop: Loop, command: str, act: Callable[[Loop], None]) -> None:
    """Do something before a command is carried out, once."""
    waiting = [act]

    def watch(said: str) -> None:
        if waiting and re.search(command, said):
            waiting.pop()(loop)

    loop.device.faults.watch = watch


def assert_untouched(loop: Loop) -> None:
    """Nothing runs that did not run before, nothing is left behind, and the journal says so."""
    loop.assert_whole()
    assert loop.entry.state == "refused"
    assert loop.device.config == loop.base
    assert loop.device.checkpoints == {}
    assert not [name for name in loop.device.files if "netloom" in name]
    if loop.platform.name == "juniper_junos":
        assert (database_of(loop.device).holder, database_of(loop.device).shared) == (None, None)


# ---- a look before -------------------------------------------------------------------------------


@pytest.mark.parametrize(("site", "transport"), EVERY_WAY, ids=named)
async def test_a_device_that_agrees_is_quoted_and_left_as_it_was(folder: Path, site: Site, transport: str) -> None:
    async with loop_on(folder, site, transport) as loop:
        found = await looked(loop)
        assert (found.state, found.parting) == ("agrees", None), found
        assert set(site.own) <= set(found.difference.splitlines())
        assert_untouched(loop)
        assert (loop.entry.steps, loop.entry.detail) == (("stage",), DONE)


@pytest.mark.parametrize(("site", "transport"), EVERY_WAY, ids=named)
async def test_a_device_that_would_do_more_is_told_apart(folder: Path, site: Site, transport: str) -> None:
    async with loop_on(folder, site, transport) as loop:
        at(loop, site.staged or site.asks, site.plant)
        found = await looked(loop)
        assert found.state == "parts", found
        assert f"the device adds '{site.planted}', which is not planned" in found.detail
        assert_untouched(loop)


async def test_a_system_without_a_candidate_says_that_it_tells_nothing(folder: Path) -> None:
    site = replace(EOS, name="edge1", port="GigabitEthernet3", running=ios_site.edge, access=ios_site.access)
    async with loop_on(folder, site, "ssh") as loop:
        asked = len(loop.device.log)
        found = await looked(loop)
        assert (found.state, found.difference) == ("untold", "")
        assert "tells no difference of its own" in found.detail
        assert len(loop.device.log) == asked


async def test_a_device_that_moved_since_is_not_staged(folder: Path) -> None:
    async with loop_on(folder, EOS, "https") as loop:
        loop.device.apply([Line("vlan 77")])
        found = await looked(loop)
        assert (found.state, loop.device.candidates) == ("failed", {})
        assert "moved since the plan was made" in found.detail


async def test_a_device_under_an_open_change_is_left_alone(folder: Path) -> None:
    async with loop_on(folder, EOS, "https") as loop:
        loop.moment = crash_when(loop, "commit timer")
        assert not await loop.apply()
        loop.moment = lambda _: None
        found = await looked(loop)
        assert found.state == "failed"
        assert "run `netloom recover` first" in found.detail
        assert await loop.recover()
        loop.assert_whole()


def crash_when(loop: Loop, command: str) -> Callable[[str], None]:
    """The controller dies after a command was carried out."""

    def moment(name: str) -> None:
        if name.startswith("after") and any(command in said for said in loop.device.log):
            raise Crash

    return moment


LOST: list[tuple[Site, str, Kind]] = [
    (site, command, kind)
    for site in SITES.values()
    for command in (site.asks, site.stages)
    for kind in ("reset", "reset_after")
]


@pytest.mark.parametrize(("site", "command", "kind"), LOST, ids=named)
async def test_a_lost_link_leaves_no_candidate_behind(folder: Path, site: Site, command: str, kind: Kind) -> None:
    async with loop_on(folder, site, site.transports[0]) as loop:
        after = 1 if site is JUNOS and command == site.asks else 0
        loop.device.faults.waiting.append(Fault(kind, command, after=after))
        found = await looked(loop)
        assert found.state == "failed", found
        assert loop.device.faults.struck
        assert_untouched(loop)


@pytest.mark.parametrize("site", SITES.values(), ids=named)
async def test_an_interrupt_leaves_no_candidate_behind(folder: Path, site: Site) -> None:
    async with loop_on(folder, site, site.transports[0]) as loop:
        reached = asyncio.Event()
        loop.device.faults.waiting.append(Fault("stall", site.asks, after=1 if site is JUNOS else 0))
        at(loop, site.asks, lambda _: reached.set())
        work = asyncio.create_task(looked(loop))
        await reached.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert_untouched(loop)


async def test_what_cannot_be_dropped_is_left_to_a_recovery(folder: Path) -> None:
    async with loop_on(folder, EOS, "https") as loop:

        def cut(name: str) -> None:
            if name == "before open" and loop.device.candidates:
                raise SessionClosed("the link is cut", device="leaf1")

        loop.moment = cut
        found = await looked(loop)
        assert found.state == "failed"
        assert "netloom recover drops it" in found.detail
        assert not loop.entry.finished
        assert list(loop.device.candidates) == ["netloom-t1"]
        assert await loop.recover()
        assert loop.device.candidates == {}
        assert_untouched(loop)


# ---- in the course of a change -------------------------------------------------------------------


@pytest.mark.parametrize("site", SITES.values(), ids=named)
async def test_a_device_that_would_do_more_stops_the_change_before_the_timer(folder: Path, site: Site) -> None:
    async with loop_on(folder, site, site.transports[0]) as loop:
        at(loop, site.staged or site.asks, site.plant)
        assert await loop.apply()
        assert_untouched(loop)
        assert "its own difference is another than the plan's" in loop.detail
        assert f"the device adds '{site.planted}', which is not planned" in loop.detail
        assert "arm" not in loop.entry.steps


@pytest.mark.parametrize("site", SITES.values(), ids=named)
async def test_a_device_that_would_do_less_stops_the_change_before_the_timer(folder: Path, site: Site) -> None:
    async with loop_on(folder, site, site.transports[0]) as loop:
        # the plan predicts a line that none of its own leads to
        more = "set system location building nine" if site is JUNOS else "vlan 98"
        after = loop.device.applied(loop.predicted, [Line(more)])
        short = "vlan 98" if site is not JUNOS else "system location building nine"
        loop.plan = replace(loop.plan, predicted=loop.platform.format(after))
        if site is NXOS:
            at(loop, site.asks, lambda _: loop.device.files.update({"netloom-t1.cfg": loop.device.text().encode()}))
            short = "interface Ethernet1/5 > description to the printers"
        assert await loop.apply()
        assert_untouched(loop)
        assert f"the device does not say that it adds '{short}'" in loop.detail
        assert "arm" not in loop.entry.steps
