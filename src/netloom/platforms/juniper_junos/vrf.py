"""Routing instances."""

from __future__ import annotations

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.vrf import Vrf, VrfState
from netloom.platforms.juniper_junos import show_instance
from netloom.platforms.juniper_junos.instances import MANAGEMENT, home, instances
from netloom.platforms.juniper_junos.outputs import Forms
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, section, text, text_path, value

_TARGET = "target:"


def configured(config: Config) -> list[Vrf]:
    """Every instance of type vrf or virtual-router, and the one for management."""
    return [
        Vrf(
            name=name,
            description=text(below, "description"),
            rd=value(below, "route-distinguisher"),
            import_targets=_targets(below, "import"),
            export_targets=_targets(below, "export"),
        )
        for name, _, below in instances(config)
    ]


def lines(record: Vrf, config: Config) -> list[Line]:
    """Its type, route distinguisher and targets."""
    return lines_of(_paths(record, config), config)


def render(have: Vrf | None, want: Vrf | None, config: Config) -> list[Line]:
    """The least change; an instance goes with all that is in it."""
    if want is None:
        return changed(config, [], [], [home(have.name)] if have is not None else [])
    for field in ("import_targets", "export_targets"):
        if len(getattr(want, field)) > 1:
            hint = "several targets need policies: vrf-import and vrf-export, by a template"
            raise Unsupported(f"vrf {want.name}: Junos takes one of {field}", device="", hint=hint)
    if want.routing and set(want.routing) != {"ipv4", "ipv6"}:
        raise Unsupported(f"vrf {want.name}: a Junos instance routes both families", device="")
    before = _paths(have, config) if have is not None else []
    return changed(config, before, _paths(want, config))


def canonical(record: Vrf) -> Vrf:
    """Targets without the word before them; both families are routed in any case."""
    return Vrf(
        record.name,
        record.description,
        record.rd,
        tuple(_plain(target) for target in record.import_targets),
        tuple(_plain(target) for target in record.export_targets),
    )


def _targets(below: Tree, way: str) -> tuple[str, ...]:
    said = below.get("vrf-target", {})
    found = value(said, way) or _whole(said)
    return (_plain(found),) if found is not None else ()


def _whole(said: Tree) -> str | None:
    """The target for both ways."""
    return next((target for target in said if target not in ("import", "export", "auto")), None)


def _plain(target: str) -> str:
    return target.removeprefix(_TARGET)


def _long(target: str) -> str:
    return target if target.count(":") > 1 else _TARGET + target


def _paths(record: Vrf, config: Config) -> list[Words]:
    base = home(record.name)
    there = section(config, *base)
    found: list[Words] = []
    needs = bool(record.rd or record.import_targets or record.export_targets)
    kind = value(there, "instance-type")
    if kind is not None or record.name != MANAGEMENT:
        found.append((*base, "instance-type", "vrf" if needs else kind or "virtual-router"))
    else:
        found.append(base)
    if record.description is not None:
        found.append(text_path(config, (*base, "description"), record.description))
    if record.rd is not None:
        found.append((*base, "route-distinguisher", record.rd))
    both = record.import_targets and record.import_targets == record.export_targets
    apart = any(word in there.get("vrf-target", {}) for word in ("import", "export"))
    if both and not apart:
        return [*found, (*base, "vrf-target", _long(record.import_targets[0]))]
    every = record.import_targets and record.export_targets
    whole = _whole(there.get("vrf-target", {})) if every else None
    for way, targets in (("import", record.import_targets), ("export", record.export_targets)):
        said = value(there.get("vrf-target", {}), way)
        for target in targets:
            shared = said is None and whole is not None and _plain(whole) == target
            found.append((*base, "vrf-target", *((str(whole),) if shared else (way, _long(target)))))
    return found


READ = show_instance.READ

_FORMS: Forms[VrfState] = Forms({"instance-information": show_instance.vrfs}, show_instance.SCREENS)


def observed(*outputs: str) -> list[VrfState]:
    """`show route instance`, brief or in detail."""
    return _FORMS.observed(outputs)
