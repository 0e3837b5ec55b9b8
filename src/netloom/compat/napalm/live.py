"""NAPALM's getters on a device, through one of netloom's sessions."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from netloom.compat.napalm.asking import Asker, Asking, Question
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.view import getters
from netloom.devices.session import Session
from netloom.errors import CommandRejected, DeviceError, UsageError

_NARROWED: Mapping[str, tuple[str, ...]] = {
    "get_bgp_config": ("group", "neighbor"),
    "get_bgp_neighbors_detail": ("neighbor_address",),
    "get_config": ("retrieve", "format"),
    "get_lldp_neighbors_detail": ("interface",),
    "get_network_instances": ("name",),
}
"""Arguments that choose a part of the answer, which is the same question for all of it."""


async def live(session: Session, getter: str, **arguments: Any) -> Any:
    """What NAPALM's getter returns for this device, with NAPALM's own arguments; raises UsageError, DeviceError.

    A question that the device refuses has no answer: the getter says what it says of a device without one.
    """
    if getter == "is_alive":
        return {"is_alive": await _answers(session)}
    if getter == "cli":
        return {command: await session.run(command) for command in arguments.get("commands", ())}
    platform = session.platform.name
    known = askers(platform)
    if getter not in known:
        hint = f"expected one of {', '.join(sorted([*known, 'cli', 'is_alive']))}"
        raise UsageError(f"{platform} has no getter {getter!r}", hint=hint)
    part = {name: arguments.pop(name) for name in _NARROWED.get(getter, ()) if name in arguments}
    try:
        asking = known[getter](structured=session.access.transport in ("http", "https"), **arguments)
    except TypeError as exc:  # an argument that NAPALM does not have, or none where it wants one
        raise UsageError(f"{getter}: {str(exc).partition('() ')[2] or exc}") from exc
    sanitized = getter == "get_config" and arguments.get("sanitized", False)
    view = getters(platform)["get_config_sanitized" if sanitized else getter]
    try:
        return _narrowed(getter, view(Replies(await _replies(session, asking))), part)
    except ValueError as exc:
        raise UsageError(f"{session.access.name}: {getter}: {exc}") from exc


def askers(platform: str) -> Mapping[str, Asker]:
    """What each getter of a platform asks, by NAPALM's names."""
    if not getters(platform):
        return {}
    found: Mapping[str, Asker] = importlib.import_module(f"netloom.compat.napalm.{platform}.asks").ASKS
    return found


async def _replies(session: Session, asking: Asking) -> dict[str, str]:
    """Lead the asking to its end."""
    found: dict[str, str] = {}
    try:
        question = next(asking)
        while True:
            name, answer = await _answer(session, question)
            if answer:
                found[name] = answer
            question = asking.send(answer)
    except StopIteration as end:
        return found | dict(end.value or {})


async def _answer(session: Session, question: Question) -> tuple[str, str]:
    """The first form that the device takes, or nothing."""
    for form in question.forms:
        try:
            if question.by == "rpc":
                answer = await session.rpc(form)
            else:
                answer = await session.run(f"{form} | json" if question.json else form)
        except CommandRejected:
            continue
        return question.name or form, answer
    return question.name or question.forms[0], ""


async def _answers(session: Session) -> bool:
    try:
        await session.open()
    except DeviceError:
        return False
    return True


def _narrowed(getter: str, answer: Any, part: Mapping[str, Any]) -> Any:
    given = {name: value for name, value in part.items() if value}
    if getter == "get_config":
        kept = given.get("retrieve", "all")
        return answer if kept == "all" else {name: text if name == kept else "" for name, text in answer.items()}
    if getter in ("get_lldp_neighbors_detail", "get_network_instances"):
        for name in given.values():
            answer = {name: answer[name]} if name in answer else {}
        return answer
    if getter == "get_bgp_neighbors_detail" and (address := given.get("neighbor_address")):
        return _of_neighbor(answer, address)
    if getter == "get_bgp_config":
        return _of_group(answer, given.get("group", ""), given.get("neighbor", ""))
    return answer


def _of_neighbor(answer: Any, address: str) -> Any:
    found: dict[str, Any] = {}
    for instance, systems in answer.items():
        for number, rows in systems.items():
            if own := [row for row in rows if row["remote_address"] == address]:
                found.setdefault(instance, {})[number] = own
    return found


def _of_group(answer: Any, group: str, neighbor: str) -> Any:
    if neighbor:
        return {
            name: {**settings, "neighbors": {neighbor: settings["neighbors"][neighbor]}}
            for name, settings in answer.items()
            if neighbor in settings["neighbors"]
        }
    return {group: answer[group]} if group in answer else {} if group else answer
