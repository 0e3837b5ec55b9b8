"""How a device has moved: away from what is wished for, and away from what was archived."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.errors import PlanError
from netloom.intent.plan import plan_device
from netloom.intent.planned import DevicePlan
from netloom.intent.wish import Wish
from netloom.model.config import Config, Line
from netloom.platforms.contract import Platform


@dataclass(frozen=True, slots=True)
class Drift:
    """One device's drift."""

    device: str
    plan: DevicePlan
    """What would lead it back to the intent."""
    appeared: tuple[Line, ...] = ()
    """Lines that the archive does not hold, and that the plan leaves alone."""
    vanished: tuple[Line, ...] = ()
    """Lines that only the archive holds, and that the plan does not bring back."""

    @property
    def empty(self) -> bool:
        """Whether it stands as wished and as archived."""
        return self.plan.empty and not self.appeared and not self.vanished


@dataclass(frozen=True, slots=True)
class Archived:
    """A configuration of the archive, and the running one in the same form: secrets are placeholders in both."""

    archived: str
    running: str


def drift(device: str, platform: Platform, running: str, wish: Wish, archive: Archived | None = None) -> Drift:
    """A device's drift from its intent and, where the intent says nothing, from the archive; raises PlanError."""
    plan = plan_device(device, platform, running, wish)
    if archive is None:
        return Drift(device, plan)
    try:
        before = platform.parse(platform.normalise(archive.archived))
        now = platform.parse(platform.normalise(archive.running))
    except ValueError as exc:
        raise PlanError(f"{device}: its configuration does not parse as {platform.name}: {exc}") from exc
    there, wished = platform.parse(running), platform.parse(plan.predicted)
    return Drift(device, plan, _only(now, before, there, wished), _only(before, now, wished, there))


def _only(config: Config, other: Config, having: Config, lacking: Config) -> tuple[Line, ...]:
    """The lines that one configuration alone holds, without those that the plan tells of: one side of it lacks them."""
    return tuple(line for line in config.lines() if line not in other and (line not in having or line in lacking))
