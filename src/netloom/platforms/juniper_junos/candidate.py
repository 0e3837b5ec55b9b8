"""What is done to Junos' candidate over NETCONF: locked, loaded with lines, committed, dropped.

Only what the device refuses leaves a candidate to drop: a session that broke took its lock, and all that was loaded
under it, along, and another session's <discard-changes/> would empty what somebody else has in the candidate by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from netloom.errors import CommandRejected
from netloom.model.config import Line
from netloom.platforms import xml_output
from netloom.platforms.contract import Ask, Talk
from netloom.platforms.juniper_junos.script import script

LOCK = Ask("<lock-configuration/>", by="rpc")
UNLOCK = Ask("<unlock-configuration/>", by="rpc")
CHECK = Ask("<commit-configuration><check/></commit-configuration>", by="rpc")
DISCARD = Ask("<discard-changes/>", by="rpc")
LOG = "netloom"
"""What the history says of commits that no guard watched over."""


def enter(lines: Sequence[Line]) -> Talk[None]:
    """Lock, load, commit, unlock; nothing of it stays where the device refuses a line or the whole."""
    yield LOCK
    try:
        yield from load(lines)
        accepted((yield commit(LOG)))
    except CommandRejected:
        yield from drop()
        raise
    yield UNLOCK


def load(lines: Sequence[Line]) -> Talk[None]:
    """Write lines to the candidate that we hold; raises CommandRejected with the first refused one and its number."""
    try:
        accepted((yield _load(lines)))
    except CommandRejected as exc:
        yield from _name(lines, exc)


def commit(log: str, more: str = "") -> Ask:
    """A commit with this log."""
    return Ask(f"<commit-configuration>{more}<log>{log}</log></commit-configuration>", by="rpc")


def drop() -> Talk[None]:
    """Empty the candidate and unlock it; both are refused where the lock is not ours."""
    try:
        yield DISCARD
        yield UNLOCK
    except CommandRejected:
        return


def accepted(reply: str) -> None:
    """Raise CommandRejected for errors that Junos reports among results rather than as the reply."""
    if "error" not in reply:
        return
    for element in xml_output.elements(reply):
        for error in (found for found in element.iter("error") if found.find("message") is not None):
            if "warning" not in (xml_output.text(error, "severity") or ""):
                answer = xml_output.text(error, "message") or ""
                raise CommandRejected(device="", line=xml_output.text(error, "path") or "", answer=answer)


def _load(lines: Sequence[Line]) -> Ask:
    text = escape("\n".join(script(lines)))
    loaded = f"<configuration-set>{text}</configuration-set>"
    return Ask(f'<load-configuration action="set" format="text">{loaded}</load-configuration>', by="rpc")


def _name(lines: Sequence[Line], refused: CommandRejected) -> Talk[None]:
    """Find out which line it was, for Junos tells a word of it at most: halve what is loaded until one is left."""
    good, bad = 0, len(lines)
    while bad - good > 1:
        middle = (good + bad) // 2
        yield DISCARD
        try:
            accepted((yield _load(lines[:middle])))
        except CommandRejected as exc:
            bad, refused = middle, exc
        else:
            good = middle
    line = lines[bad - 1].text if lines else refused.line
    raise CommandRejected(device=refused.device or "", line=line, answer=refused.answer, number=bad) from refused
