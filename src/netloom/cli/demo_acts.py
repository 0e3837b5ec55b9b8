"""The demonstration's acts, on a real network."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from netloom.cli.demo_traffic import (
    FROM,
    LISTEN,
    SETTINGS,
    TO,
    has_switch,
    has_traffic,
    measured,
    now,
    seen,
    traffic,
    watching,
    workspace_of,
)
from netloom.cli.output import stdout, visible
from netloom.cli.plan_output import PlanFormat, write_plan
from netloom.cli.session import CommandLine, ask_secret
from netloom.cli.topology import write_map, write_path
from netloom.errors import NetloomError, UsageError
from netloom.lab.catalogue import WITH_SWITCH

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

    from netloom.app.watch.run import Watch
    from netloom.app.wiring import App
    from netloom.intent.apply import Change
    from netloom.intent.change import ApplySettings
    from netloom.intent.planned import Plan
    from netloom.lab.state import Lab
    from netloom.model.host import Access, Host

LAB = "fabric6"
SEED = "spine1"
BROKEN = "leaf1:eth1"
TIMER_S = 20
"""Of the good change; a verified one is confirmed long before."""
LLDP_S = 20
"""How long neighbors may take to introduce themselves."""
SHORT_TIMER_S = 10
"""Of the bad change, which waits for it to run out."""


class DemoFailed(NetloomError):
    """Something in the demonstration did not go as told."""


class Act:
    """What is going on in an act, and what came of it."""

    def __init__(self, title: str, status: Status | None) -> None:
        self.results: list[str] = []
        self._title = title
        self._status = status

    def note(self, text: str) -> None:
        """Say what is going on."""
        if self._status is not None:
            self._status.update(f"{self._title:<10} {text}")

    def append(self, result: str) -> None:
        """Say what came of it."""
        self.results.append(result)


class Demo:
    """The acts in their order; each says in a line what came of it."""

    watched = True
    """Whether collectors watch it, and traffic is made."""
    seeds: tuple[str, ...] = (SEED,)
    """Where discovery begins."""
    timer_s = TIMER_S
    to_change = 2
    """Devices that the good change is about."""
    files: tuple[str, ...] = ("demo",)
    """The folders of `netloom.app` whose contents make the workspace; later ones lie on top."""

    def __init__(self, line: CommandLine, folder: Path, *, yes: bool) -> None:
        self.line = line
        self.folder = folder
        self.yes = yes
        self.console: Console = stdout()

    @property
    def lab_name(self) -> str:
        """The lab: with a switch that samples traffic, where this machine can have one."""
        return WITH_SWITCH if has_switch() else LAB

    @contextmanager
    def act(self, title: str) -> Iterator[Act]:
        """One act: a spinner while it runs, then its result and how long it took."""
        started = time.monotonic()
        status = self.console.status(title) if self.console.is_terminal else None
        act = Act(title, status)
        try:
            with status or nullcontext():
                yield act
        except NetloomError:
            self.console.print(f"✕ {title}", style="bold red")
            raise
        took = f"{time.monotonic() - started:.1f} s"
        detail = visible("; ".join(act.results))
        self.console.print(f"✓ {title:<10} {detail}  ({took})", style="green", soft_wrap=True)

    def say(self, text: str = "", style: str = "") -> None:
        """A line between acts."""
        self.console.print(text, style=style, soft_wrap=True)

    async def play(self, *, once: bool) -> int:
        """All of it; 0 only if everything went as told."""
        from netloom.lab.up import lab_down

        lab = await self.raise_lab()
        try:
            app = self.open_workspace()
            async with self.watch(app) as watched:
                await self.look(app)
                if watched is not None:
                    await watched.reload()  # interfaces have names from now on
                await self.change_safely(app)
                await self.break_and_heal(app, lab)
                await self.survive_a_bad_change(app)
                if watched is not None:
                    await self.see_traffic(app, lab)
            await self.end(app)
            self.farewell(lab, once=once)
        finally:
            if once:
                await lab_down(lab.name)
        return 0

    async def raise_lab(self) -> Lab:
        """Bring the network up."""
        from netloom.lab.converge import wait_converged
        from netloom.lab.inspection import overview
        from netloom.lab.up import lab_down, lab_up

        if self.folder.exists() and any(self.folder.iterdir()) and not (self.folder / "netloom.yml").exists():
            raise UsageError(f"{self.folder} is not empty", hint="name another folder: netloom demo FOLDER")
        if workspace_of(self.folder) not in ("", self.lab_name):
            hint = "name another folder: netloom demo FOLDER"
            raise UsageError(f"{self.folder} is the workspace of another lab", hint=hint)
        if any(found.name == self.lab_name for found in overview()):
            await lab_down(self.lab_name)
        with self.act("lab") as said:
            lab = await lab_up(
                self.lab_name, on_progress=lambda phase, done, total: said.note(f"{phase} {done} of {total}")
            )
            said.note("waiting for BGP")
            await wait_converged(lab)
            how = "as an ordinary user" if lab.rootless else "in network namespaces"
            said.append(f"{len(lab.topology.real)} real machines {how}: FRR, LLDP, SNMP, SSH; BGP converged")
            if lab.topology.simulated:
                said.append(f"{len(lab.topology.simulated)} simulated devices beside them")
        for note in lab.notes:
            self.say(f"  {note}", "dim")
        return lab

    def open_workspace(self) -> App:
        """A workspace for that network."""
        from netloom.app.start import start_workspace
        from netloom.app.wiring import App
        from netloom.workspace import load_workspace

        contents = {name: text for folder in self.files for name, text in _demo_files(folder).items()}
        if (self.folder / "netloom.yml").exists():
            for name, text in contents.items():
                path = self.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        else:
            settings = {"lab": self.lab_name, "timer_s": self.timer_s}
            settings |= {"collectors": SETTINGS, "watch_listen": LISTEN} if self.watched else {}
            start_workspace(self.folder, settings, contents)
        return App(load_workspace(self.folder / "netloom.yml"), ask=ask_secret)

    @asynccontextmanager
    async def watch(self, app: App) -> AsyncIterator[Watch | None]:
        """Collectors at work meanwhile: flows, SNMP, syslog, traps, alerts."""
        if not self.watched:
            yield None
            return
        async with watching(app) as watch:
            with self.act("watch") as said:
                names = ", ".join(worker.label for worker in watch.status().workers)
                said.append(f"{names}, each in a process of its own")
            yield watch

    async def see_traffic(self, app: App, lab: Lab) -> None:
        """Make traffic, and see it by flows, samples, counters and an alert."""
        if not has_traffic():
            self.say("  no traffic: iperf3 is not installed", "dim")
            return
        kinds = ("NETFLOW_V9", "SFLOW_5") if self.lab_name == WITH_SWITCH else ("NETFLOW_V9",)
        began = now()
        with self.act("traffic") as said:
            sent = await traffic(lab, said.note)
            said.note("waiting for the routers to tell of it")
            told = await seen(app.streams, began, kinds)
            expect(set(told) == {*kinds, "alert"}, f"{', '.join(kinds)} and an alert, got {', '.join(told) or 'none'}")
            said.append(f"iperf3 sent {sent / 1e6:.1f} MB from {FROM} to {TO}")
            if "SFLOW_5" in kinds:
                sampled = measured(app.streams, "SFLOW_5", began)
                said.append(f"the switch's samples, one packet in 64, say {sampled / 1e6:.1f} MB with its headers")
        for question in QUESTIONS:
            self.say()
            self.say(f"$ netloom {question}", "bold")
            self.ask(shlex.split(question))
        self.say()

    def ask(self, words: Sequence[str]) -> None:
        """One command, as people type it in the workspace."""
        from netloom.cli.main import main

        self.console.file.flush()
        expect(main(["--config", str(self.folder), *words]) == 0, f"an answer to netloom {words[0]}")

    async def look(self, app: App) -> None:
        """Discover, collect, draw, back up."""
        from netloom.topology.graph import build

        with self.act("discover") as said:
            reached = await self.discover(app, [app.access(app.inventory.host(seed)) for seed in self.seeds])
            expect(len(reached) == len(app.inventory), f"{len(app.inventory)} devices found, got {', '.join(reached)}")
            said.append(f"{len(reached)} devices from {' and '.join(self.seeds)}, hop by hop over LLDP")
        with self.act("collect") as said:
            said.append(f"{await self.collect(app)} records: interfaces, neighbors, sessions, routes, …")
        write_map(build(app.view(), "lldp"))
        with self.act("backup") as said:
            said.append(await self.backup(app, "as found"))

    async def discover(self, app: App, seeds: Sequence[Access]) -> list[str]:
        """The devices behind the seeds; neighbors take a few seconds to introduce themselves."""
        from netloom.app.discover import from_seed

        started = time.monotonic()
        while True:
            reached: list[str] = []
            for seed in seeds:
                found = from_seed(seed, app.keys, app.inventory, access_of=app.access)
                reached += [device.name async for device in found if device.reached]
            if len(reached) == len(app.inventory) or time.monotonic() - started > LLDP_S:
                return reached
            await asyncio.sleep(0.5)

    async def collect(self, app: App) -> int:
        """Ask every device for everything; the number of records."""
        from netloom.app.collect import collect

        answers = [answer async for answer in collect(app, list(app.inventory), [])]
        for answer in answers:
            for error in answer.errors:
                raise DemoFailed(str(error))
        return sum(answer.count for answer in answers)

    async def backup(self, app: App, message: str) -> str:
        """Archive every configuration; what came of it."""
        from netloom.app.history import backup

        result = await backup(app, list(app.inventory), message=message)
        for error in result.errors.values():
            raise DemoFailed(str(error))
        return result.summary

    async def change_safely(self, app: App) -> None:
        """Plan, approve, apply, verify; and the same intent again changes nothing."""
        from netloom.intent.change import ApplySettings

        with self.act("plan") as said:
            plan = await self.plan(app, app.workspace.intent)
            expect(len(plan.changed) == self.to_change, f"{self.to_change} devices to change, not {len(plan.changed)}")
            said.append(f"{self.intent_names(app)} against the running configurations")
        self.say()
        write_plan(plan, PlanFormat.TEXT)
        self.remind()
        self.say()
        self.approve()
        with self.act("apply") as said:
            change = await self.apply(app, plan, ApplySettings(timer_s=self.timer_s, verify_s=9), said)
            expect(change.ok, f"the change done: {_ends(change)}")
            said.append(f"under a dead-man timer, checked, confirmed, saved: first {_names(change)}")
        with self.act("verify") as said:
            said.append(await self.verify(app))
            expect(not (await self.plan(app, app.workspace.intent)).changed, "nothing left to change")
            said.append("the same intent again changes nothing")

    def intent_names(self, app: App) -> str:
        """The intent's files."""
        return " and ".join(f"intent/{path.name}" for path in sorted(app.workspace.intent.glob("*.yml")))

    def remind(self) -> None:
        """Say what of this is not real: nothing here."""

    async def end(self, app: App) -> None:
        """The last act."""
        with self.act("backup") as said:
            said.append(await self.backup(app, "after the demonstration"))

    async def plan(self, app: App, intent: Path, hosts: Sequence[Host] | None = None) -> Plan:
        """A plan for every device, or for some."""
        from netloom.app.change import plan_change

        planned = await plan_change(app, list(app.inventory) if hosts is None else hosts, intent=intent)
        for error in planned.errors.values():
            raise DemoFailed(str(error))
        return planned.plan

    def approve(self) -> None:
        """Ask the spectator."""
        if self.yes:
            return
        if not sys.stdin.isatty():
            raise UsageError("there is no terminal to approve the plan on", hint="add --yes")
        if input("Type yes to apply: ").strip() != "yes":
            raise DemoFailed("not applied; the lab and the workspace stay: netloom lab down clears up")

    async def apply(self, app: App, plan: Plan, settings: ApplySettings, act: Act) -> Change:
        """Run a change to its end."""
        from netloom.app.change import prepare

        change = await prepare(app, plan, settings, accepted=["all"])
        async for event in change.run():
            act.note(f"{event.device}: {event.state.replace('_', ' ')}")
        return change

    async def verify(self, app: App) -> str:
        """Every check of the workspace."""
        from netloom.app.checks import Checks

        results = [result async for result in Checks(app).run()]
        for result in results:
            expect(result.passed is not False, str(result))
        return f"{len(results)} checks hold"

    async def break_and_heal(self, app: App, lab: Lab) -> None:
        """Cut a link, see it, and mend it."""
        from netloom.lab.breakage import break_link, heal
        from netloom.lab.converge import wait_converged
        from netloom.topology.graph import build
        from netloom.topology.path import trace

        ways = len(trace(app.view(), "host1", "host2").branches)
        before = datetime.now(UTC)
        with self.act("break") as said:
            await break_link(lab, BROKEN)
            after = await self.wait_for_sessions(app, down=2)
            said.append(f"the link at {BROKEN} is cut; seen after {after:.1f} s")
        for link in build(app.view(), "lldp").links:
            if link.state == "down":
                self.say(f"  LLDP {link.a} - {link.b}: up → down", "bold red")
        for moved in app.store.diff("bgp_session", since=before):
            if moved.before and moved.after and "state" in moved.fields:
                what = (
                    f"  BGP  {moved.hostname} {moved.before['peer']}: {moved.before['state']} → {moved.after['state']}"
                )
                self.say(what, "bold red")
        result = trace(app.view(), "host1", "host2")
        expect(result.delivered and ways == 2 and len(result.branches) == 1, "one of two ways left")
        self.say(f"  path host1 → host2: {ways} ways → {len(result.branches)}")
        write_path(result)
        self.say()
        with self.act("heal") as said:
            await heal(lab)
            await wait_converged(lab)
            await self.wait_for_sessions(app, down=0)
            said.append("the link is back, both ways are used again")

    async def wait_for_sessions(self, app: App, *, down: int) -> float:
        """Collect until so many BGP sessions are down; the seconds it took."""
        started = time.monotonic()
        while self.sessions_down(app) != down or not app.store.tables():
            await self.collect(app)
            if time.monotonic() - started > 20:
                raise DemoFailed(f"expected {down} BGP sessions down, got {self.sessions_down(app)}")
        return time.monotonic() - started

    def sessions_down(self, app: App) -> int:
        """How many ends of BGP sessions are not established."""
        from netloom.model.filter import parse_filter

        return len(app.store.query("bgp_session", parse_filter("state!=Established")))

    async def survive_a_bad_change(self, app: App) -> None:
        """Cut a router's own management; it comes back by itself."""
        from netloom.app.change import running_configs
        from netloom.intent.change import ApplySettings

        router = app.inventory.host("leaf2")
        before, _ = await running_configs(app, [router])
        plan = await self.plan(app, self.folder / "bad-change")
        self.say()
        self.say("Now a change that cuts off the router it is made on:")
        write_plan(plan, PlanFormat.TEXT)
        self.say()
        with self.act("bad change") as said:
            settings = ApplySettings(timer_s=SHORT_TIMER_S, verify_s=3, settle_s=3, step_s=4)
            change = await self.apply(app, plan, settings, said)
            outcome = change.outcomes[router.name]
            expect(outcome.state == "rolled_back", f"rolled back, not {outcome.state}: {outcome.detail}")
            after, errors = await running_configs(app, [router])
            expect(not errors and before == after, "the same running configuration as before")
            said.append(f"{router.name} undid it by itself, byte for byte")
        with self.act("verify") as said:
            said.append(await self.verify(app))

    def farewell(self, lab: Lab, *, once: bool) -> None:
        """What to try next."""
        self.say()
        if once:
            self.say(f"All went as told. The workspace is in {self.folder}.", "bold")
            return
        self.say(f"All went as told. The lab {lab.name} is up, and {self.folder} is yours to play in:", "bold")
        if shutil.which("netloom") is None:
            self.say(f"  {f'. {sys.prefix}/bin/activate':<40} so that netloom is found")
        for command, why in NEXT:
            self.say(f"  {command.format(folder=self.folder):<40} {why}")


QUESTIONS = (
    "flows top src_addr,dst_addr,type --last 2m -n 5",
    "metrics show interface.in_bps --where 'hostname=leaf1 and tags.interface=eth3' --last 90s --step 10s --plot",
    "events --name 'BGP_*,CHANGE_*,ALERT_*' --last 5m -n 16",
)
"""What is asked of what was watched."""

NEXT = (
    ("cd {folder}", "the workspace"),
    ("netloom show bgp_session", "what was collected; try --diff '5 min ago'"),
    ("netloom path host1 host2", "hop by hop, every branch"),
    ("netloom map -o map.svg", "the network drawn"),
    ("netloom watch", "the collectors; netloom status in another terminal"),
    ("netloom flows top src_addr,dst_port", "who talked; try --plot, -o talkers.svg"),
    ("netloom history leaf1", "its configurations through time"),
    ("netloom lab break leaf1:eth1", "then netloom collect, map, path"),
    ("edit intent/fabric.yml; netloom plan", "then netloom apply"),
    ("netloom lab down", "clears up"),
)


def _demo_files(name: str) -> dict[str, str]:
    """The demonstration's workspace: relative path → content."""
    top = files("netloom.app").joinpath(name)
    found: dict[str, str] = {}
    waiting = [("", top)]
    while waiting:
        prefix, folder = waiting.pop()
        for entry in folder.iterdir():
            if entry.is_dir():
                waiting.append((f"{prefix}{entry.name}/", entry))
            else:
                found[prefix + entry.name] = entry.read_text()
    return dict(sorted(found.items()))


def expect(condition: bool, what: str) -> None:
    """Raises DemoFailed where it is not so."""
    if not condition:
        raise DemoFailed(f"expected {what}")


def _ends(change: Change) -> str:
    ends = [f"{name} {outcome.state}: {outcome.detail}" for name, outcome in change.outcomes.items()]
    return "; ".join([*ends, change.stopped])


def _names(change: Change) -> str:
    return ", then ".join(", ".join(batch) for batch in change.batches)
