"""`netloom demo --vendors`: the same loop over a simulated site of four vendors, beside the real fabric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.cli.demo_acts import SEED, Demo, DemoFailed, expect
from netloom.cli.plan_output import PlanFormat, write_plan
from netloom.lab.catalogue import WITH_SITE
from netloom.model.filter import parse_filter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netloom.app.wiring import App
    from netloom.model.host import Host

SITE = {"edge1": "Junos", "core1": "NX-OS", "access1": "EOS", "branch1": "IOS"}
WAYS = {
    "arista_eos": "the abort of its session",
    "cisco_ios": "configure revert now",
    "cisco_nxos": "the commit timer of configure replace",
    "juniper_junos": "rollback 1 within commit confirmed",
}
"""Platform → what takes a change back."""
TIMER_S = 60
"""IOS and Junos count in minutes."""
SHORT_TIMER_S = 30
"""The shortest that NX-OS has: it goes back when the timer runs out, and no sooner."""


class VendorsDemo(Demo):
    """Four vendors' devices in the same plan as the fabric, and a mistake that each of them takes back."""

    watched = False
    seeds = (SEED, "edge1")
    timer_s = TIMER_S
    to_change = 6
    files = ("demo", "demo_vendors")

    @property
    def lab_name(self) -> str:
        """The lab: the fabric and the site."""
        return WITH_SITE

    def remind(self) -> None:
        """Say which devices are simulated."""
        named = ", ".join(f"{name} ({system})" for name, system in SITE.items())
        self.say(f"Simulated, no vendor's software: {named}. The others are real.", "yellow")

    async def change_safely(self, app: App) -> None:
        """As ever; then both ends of the new peers are configured, and their sessions come up."""
        await super().change_safely(app)
        with self.act("ring") as said:
            await self.collect(app)
            stand = len(app.store.query("bgp_session", parse_filter("state=Established"), hosts=list(SITE)))
            expect(stand == 2 * len(SITE), f"{2 * len(SITE)} ends of BGP sessions at the site, not {stand}")
            said.append(f"{len(SITE)} BGP sessions stand at the site, two of them new, each between two vendors")

    async def end(self, app: App) -> None:
        """A mistake on all four that no device refuses and the checks find."""
        await self.survive_a_bad_site(app)
        await super().end(app)

    async def survive_a_bad_site(self, app: App) -> None:
        """Each device goes back by its own machinery, byte for byte."""
        from netloom.intent.change import ApplySettings

        hosts = [app.inventory.host(name) for name in SITE]
        before = await self.configs(app, hosts)
        plan = await self.plan(app, self.folder / "bad-site")
        self.say()
        self.say("Now a mistake that no device refuses: a peer of each of the four gets a wrong AS number.")
        self.say("A change stops at the first device that goes back, so each is tried by itself.")
        write_plan(plan, PlanFormat.TEXT)
        self.remind()
        self.say()
        with self.act("bad site") as said:
            for host in hosts:
                own = await self.plan(app, self.folder / "bad-site", [host])
                settings = ApplySettings(timer_s=SHORT_TIMER_S, verify_s=1)
                change = await self.apply(app, own, settings, said)
                outcome = change.outcomes[host.name]
                told = f"{host.name} rolled back, not {outcome.state}: {outcome.detail}"
                expect(outcome.state == "rolled_back", told)
            expect(before == await self.configs(app, hosts), "the same running configurations as before")
            ways = ", ".join(f"{device.device} by {WAYS[device.platform]}" for device in plan.changed)
            said.append(f"the checks failed, and each is as before: {ways}")
        with self.act("verify") as said:
            said.append(await self.verify(app))

    async def configs(self, app: App, hosts: Sequence[Host]) -> dict[str, str]:
        """The running configurations, without the time at which they were printed."""
        from netloom.app.change import running_configs

        found, errors = await running_configs(app, hosts)
        for error in errors.values():
            raise DemoFailed(str(error))
        return {host.name: app.platform(host).normalise(found[host.name]) for host in hosts}
