"""A device's plan: a pure function of its running configuration and of what is wished for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from netloom.errors import PlanError, SourceError
from netloom.intent.bindings import unbound
from netloom.intent.faults import on_hosts
from netloom.intent.layers import refuse_both
from netloom.intent.lines import owned_lines, template_lines
from netloom.intent.merge import Objects, wanted
from netloom.intent.order import Name
from netloom.intent.planned import DevicePlan, Operation, Risk, config_hash
from netloom.intent.risks import assess, few
from netloom.intent.secrecy import shown
from netloom.intent.situation import Management, Situation
from netloom.intent.steer import Goal, Steering, configured, plannable
from netloom.intent.wish import Stated, Wish
from netloom.model.config import Config, Line
from netloom.platforms.contract import Platform
from netloom.platforms.stated_defaults import reconciled
from netloom.platforms.wording import acquainted

REDACTED = "<netloom:"
"""How a placeholder for a redacted secret starts."""

Unredact = Callable[[str, Sequence[str]], str | None]
"""Takes a line with placeholders and the running lines; gives the line with its secrets, None where they are lost."""


@dataclass(frozen=True, slots=True)
class Target:
    """A whole configuration to go to."""

    text: str
    """As archived: secrets may be placeholders."""
    reason: str
    """What it is, for people: «commit 1a2b3c»."""


def plan_device(
    device: str, platform: Platform, running: str, wish: Wish, *, management: Management | None = None
) -> DevicePlan:
    """What leads a device from its running configuration to a wish; raises PlanError or SourceError."""
    base = _parsed(device, platform, running)
    try:
        goal = _goal(device, platform, base, wish)
        steering = Steering(platform, base, goal)
        steering.run()
    except SourceError as exc:
        raise on_hosts(exc, [device]) from exc
    frame = _Frame(device, platform, running, base, management)
    owned = owned_lines(platform, base, wish.templates)
    return frame.plan(steering.operations, steering.config, owned, wish.on_change)


def plan_towards(
    device: str,
    platform: Platform,
    running: str,
    target: Target,
    *,
    unredact: Unredact | None = None,
    management: Management | None = None,
) -> DevicePlan:
    """What leads a device to a whole configuration, such as an earlier commit's; raises PlanError.

    Modelled objects change as objects; whatever still differs then follows as lines.
    """
    base = _parsed(device, platform, running)
    aim = _parsed(device, platform, _with_secrets(device, running, target.text, unredact))
    aim = reconciled(platform, base, aim)
    base = acquainted(base, aim)
    goal = Goal(device=device, objects=configured(platform, aim), reason=lambda _: target.reason)
    operations, config = _steered(platform, base, goal)
    rest = tuple(platform.delta(config, aim)) if config != aim else ()
    if rest:
        config = platform.apply_lines(config, rest)
        operations.append(Operation("lines", (), "update", None, None, rest, target.reason))
    # where no line is left to make, the rest is what no command changes: the system's release, its licences
    if config != aim and platform.delta(config, aim):
        raise PlanError(
            f"{device}: the lines made do not lead to {target.reason}: {_first_difference(platform, config, aim)}"
        )
    frame = _Frame(device, platform, running, base, management)
    made = frame.plan(operations, config, set(), ())
    return made if config == aim or made.empty else replace(made, risks=(*made.risks, _kept(platform, config, aim)))


def _kept(platform: Platform, config: Config, aim: Config) -> Risk:
    left = [shown(line, platform.secrets) for line in config.lines() if line not in aim]
    left += [shown(line, platform.secrets) for line in aim.lines() if line not in config]
    return Risk("beyond_reach", "medium", f"no command changes these lines, which differ: {few(left)}")


def _steered(platform: Platform, base: Config, goal: Goal) -> tuple[list[Operation], Config]:
    """As far as objects lead: nothing where they do not come to rest, for lines lead everywhere."""
    steering = Steering(platform, base, goal)
    try:
        steering.run()
    except PlanError:
        return [], base
    return steering.operations, steering.config


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every plan of a device has in common."""

    device: str
    platform: Platform
    running: str
    base: Config
    management: Management | None

    def plan(
        self, operations: Sequence[Operation], config: Config, owned: set[Line], on_change: tuple[str, ...]
    ) -> DevicePlan:
        """The plan, once its way back is known to lead back."""
        platform = self.platform
        inverse = tuple(platform.delta(config, self.base)) if operations else ()
        back = platform.apply_lines(config, inverse)
        if back != self.base:
            raise PlanError(f"{self.device}: there is no way back: {_first_difference(platform, back, self.base)}")
        situation = Situation(
            device=self.device,
            platform=platform,
            base=self.base,
            predicted=config,
            operations=tuple(operations),
            owned=owned,
            management=self.management,
        )
        return DevicePlan(
            device=self.device,
            platform=platform.name,
            base_hash=config_hash(platform, self.running),
            operations=tuple(operations),
            inverse=inverse,
            predicted=platform.format(config),
            risks=assess(situation) if operations else (),
            on_change=on_change if operations else (),
        )


def _goal(device: str, platform: Platform, base: Config, wish: Wish) -> Goal:
    known = plannable(platform)
    stated: dict[Name, Stated] = {}
    for item in wish.objects:
        if item.noun not in known:
            raise item.place.error(f"{platform.name} does not speak {item.noun}")
        stated[item.noun, item.key] = item
    own = wish.own & known.keys()
    wishes = {noun: list(wish.of(noun)) for noun in known}
    unsure = {noun: why for noun, module in known.items() if (why := getattr(module, "unsure", _sure)(base))}
    objects = wanted(_floor(platform, base, wish), wishes, own, unsure)
    before = configured(platform, base)
    refuse_both(device, before, objects, stated)
    followers = unbound(before, objects, stated)

    def reason(name: Name) -> str:
        if name in followers:
            return followers[name] if name not in stated else f"{followers[name]}, {stated[name].said}"
        if name in stated:
            return stated[name].said
        if name[0] in own:
            return "owned and not wished for"
        return "templates" if name[1] in before.get(name[0], {}) else "side effect"

    return Goal(device=device, objects=objects, stated=stated, templates=wish.templates, reason=reason)


def _sure(_: Config) -> None:
    """Most systems show the keys by which parts are named."""


def _floor(platform: Platform, base: Config, wish: Wish) -> Objects:
    """What is configured once the templates hold: objects in a section that a template replaces go with it."""
    for rendered in wish.templates:
        base = platform.apply_lines(base, template_lines(platform, base, rendered))
    return configured(platform, base)


def _parsed(device: str, platform: Platform, text: str) -> Config:
    try:
        return platform.parse(text)
    except ValueError as exc:
        raise PlanError(f"{device}: its configuration does not parse as {platform.name}: {exc}") from exc


def _with_secrets(device: str, running: str, target: str, unredact: Unredact | None) -> str:
    if REDACTED not in target:
        return target
    known = running.splitlines()
    made = []
    for line in target.splitlines():
        full = unredact(line, known) if unredact is not None and REDACTED in line else line
        if full is None or REDACTED in full:
            words = f"{device}: {line.strip()!r} was archived without its secret"
            raise PlanError(words, hint="the running configuration no longer holds it: set it by hand first")
        made.append(full)
    return "\n".join(made) + "\n"


def _first_difference(platform: Platform, config: Config, target: Config) -> str:
    there, wished = set(config.lines()), set(target.lines())
    for line in target.lines():
        if line not in there:
            return f"{shown(line, platform.secrets)!r} would be missing"
    for line in config.lines():
        if line not in wished:
            return f"{shown(line, platform.secrets)!r} would stay"
    return "the order of lines differs"
