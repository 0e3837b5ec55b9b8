"""Where the replies that NAPALM's Junos driver asks for are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.codecs import marked_yaml
from netloom.compat.napalm.replies import Replies
from netloom.platforms.juniper_junos import outputs

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element


def facts(replies: Replies) -> dict[str, object]:
    """The facts that PyEZ gathered, where they were recorded (`facts.yml`)."""
    content = marked_yaml.load(replies.first("facts"), "facts.yml").data if "facts" in replies else None
    return {str(name): value for name, value in content.items()} if isinstance(content, dict) else {}


def reply(replies: Replies, *rpcs: str) -> list[Element]:
    """What the first of these RPCs that was asked answered; nothing where none was."""
    text = replies.first(*rpcs)
    return outputs.elements(text) if text.strip() else []


def every(replies: Replies, rpc: str, *names: str) -> list[Element]:
    """The elements of these names in an RPC's answer."""
    return [found for element in reply(replies, rpc) for found in element.iter(*names)]


def filter_of(path: str) -> str:
    """The filter that asks for the part of the configuration at a path; recorders call the answer by it."""
    *around, last = ("configuration", *path.split("/"))
    return "".join(f"<{step}>" for step in around) + f"<{last}/>" + "".join(f"</{step}>" for step in reversed(around))


def configuration(replies: Replies, filter_path: str, path: str | None = None) -> list[Element]:
    """The elements of the configuration at a path, from the part of it that was asked for."""
    asked = filter_of(filter_path)
    answers = [replies[asked]] if asked in replies else list(replies.starting("<configuration>").values())
    return [
        found
        for answer in answers
        for element in outputs.elements(answer)
        if element.tag == "configuration"
        for found in element.findall(path or filter_path)
    ]
