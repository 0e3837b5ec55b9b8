"""How a device has moved: away from what is wished for, and away from what was archived."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.errors import PlanError
from netloom.intent.plan import plan_device
from netloom.intent.planned import DevicePlan
from netloom.intent.situation import modelled
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
    """Lines that no noun knows and the archive does not hold."""
    vanished: tuple[Line, ...] = ()
    """Lines that no noun knows and only the archive holds."""

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
    """A device's drift from its intent and, in lines that no noun knows, from the archive; raises PlanError."""
    plan = plan_device(device, platform, running, wish)
    if archive is None:
        return Drift(device, plan)
    try:
        before = platform.parse(platform.normalise(archive.archived))
        now = platform.parse(platform.normalise(archive.running))
    except ValueError as exc:
        raise PlanError(f"{device}: its configuration does not parse as {platform.name}: {exc}") from exc
    return Drift(device, plan, _only(platform, now, before), _only(platform, before, now))


def _only(platform: Platform, config: Config, other: Config) -> tuple[Line, ...]:
    known = modelled(platform, config)
    return tuple(line for line in config.lines() if line not in other and line not in known)
