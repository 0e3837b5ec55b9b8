"""Commands of Junos' operational mode over NETCONF (Juniper, Junos XML protocol: <command>)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from netloom.platforms import xml_output
from netloom.platforms.contract import CommandRpc

_PRINTED = ("output", "configuration-output")


def request(command: str) -> str:
    """The command, to be answered as it is on the screen."""
    return f'<command format="text">{escape(command)}</command>'


def output(reply: str) -> str:
    """What the command prints; elements as they are where the device knows no other form of them."""
    texts = [
        found.text or ""
        for element in xml_output.elements(reply)
        for found in element.iter()
        if found.tag in _PRINTED and not len(found)
    ]
    return "".join(texts).lstrip("\n") if texts else reply


COMMAND_RPC = CommandRpc(request, output)
