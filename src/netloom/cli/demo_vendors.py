"""`netloom demo --vendors`: the same loop over a simulated site of four vendors, beside the real fabric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.cli.change import PlanFormat, write_plan
from netloom.cli.demo import SEED, Demo, expect
from netloom.lab.catalogue import WITH_SITE

if TYPE_CHECKING:
    from netloom.app.wiring import App

SITE = {"edge1": "Junos", "core1": "NX-OS", "access1": "EOS", "branch1": "IOS"}
WAYS = {
    "arista_eos": "the session's commit timer",
    "cisco_ios": "the revert timer",
    "cisco_nxos": "configure replace",
    "juniper_junos": "commit confirmed",
}
"""Platform → what takes a change back."""
TIMER_S = 60
"""What IOS and Junos count in minutes."""


class VendorsDemo(Demo):
    """Four vendors' devices in the same plan as the fabric, and a mistake that each of them takes back."""

    lab_name = WITH_SITE
    seeds = (SEED, "edge1")
    to_change = 6
    files = ("demo", "demo_vendors")

    def remind(self) -> None:
        """Say which devices are simulated."""
        named = ", ".join(f"{name} ({system})" for name, system in SITE.items())
        self.say(f"Simulated, no vendor's software: {named}. The others are real.", "yellow")

    async def end(self, app: App) -> None:
        """A mistake on all four that no device refuses and the checks find."""
        await self.survive_a_bad_site(app)
        await super().end(app)

    async def survive_a_bad_site(self, app: App) -> None:
        """Each device goes back by its own machinery, byte for byte."""
        from netloom.app.change import running_configs
        from netloom.intent.change import ApplySettings

        hosts = [app.inventory.host(name) for name in SITE]
        before, _ = await running_configs(app, hosts)
        plan = await self.plan(app, self.folder / "bad-site")
        self.say()
        self.say("Now a mistake that no device refuses: the new BGP peers get a wrong AS number.")
        self.remind()
        write_plan(plan, PlanFormat.TEXT)
        self.say()
        with self.act("bad site") as said:
            settings = ApplySettings(timer_s=TIMER_S, verify_s=2, failed_share=1.0)
            change = await self.apply(app, plan, settings, said)
            for name in SITE:
                outcome = change.outcomes[name]
                expect(outcome.state == "rolled_back", f"{name} rolled back, not {outcome.state}: {outcome.detail}")
            after, errors = await running_configs(app, hosts)
            expect(not errors and before == after, "the same running configurations as before")
            ways = ", ".join(f"{device.device} by {WAYS[device.platform]}" for device in plan.changed)
            said.append(f"the checks failed, and each went back byte for byte: {ways}")
        with self.act("verify") as said:
            said.append(await self.verify(app))
