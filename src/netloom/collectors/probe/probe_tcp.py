"""A connection, and a dialogue in turns: what must come, what is said, where TLS begins."""

from __future__ import annotations

from netloom.collectors.probe.certificates import start_tls
from netloom.collectors.probe.look import Failed, Look, groups, matches
from netloom.collectors.probe.settings import Step
from netloom.transports.dialogue import Dialogue

LINES = 100
"""So many lines are read in search of one."""
LINE_BYTES = 4096


async def look(look: Look) -> None:
    """Connect, and go through the dialogue."""
    if not look.place(0)[1]:
        raise Failed("expected a port: in the target, host:port, or in the module")
    dialogue, name = await look.connected(0)
    async with dialogue:
        if look.module.tcp.tls:
            await start_tls(look, dialogue, name)
        known: dict[str, str] = {}
        for step in look.module.tcp.dialogue:
            await _turn(look, dialogue, step, name, known)


async def _turn(look: Look, dialogue: Dialogue, step: Step, name: str, known: dict[str, str]) -> None:
    if step.expect:
        known |= await _expected(look, dialogue, step.expect)
    if step.send:
        text = step.send
        for key, value in known.items():
            text = text.replace(f"{{{key}}}", value)
        await dialogue.write(text.encode() + b"\r\n")
    if step.starttls:
        await start_tls(look, dialogue, name)


async def _expected(look: Look, dialogue: Dialogue, expression: str) -> dict[str, str]:
    """Read on to a line that matches, and tell what its groups stand for."""
    last = ""
    for _ in range(LINES):
        try:
            last = (await dialogue.read_line(LINE_BYTES)).decode(errors="replace")
        except EOFError as exc:
            look.told["probe_failed_due_to_regex"] = True
            raise Failed(f"expected {expression!r}, got {last[:100]!r} and the connection's end") from exc
        if matches(expression, last):
            look.told["probe_failed_due_to_regex"] = False
            return groups(expression, last)
    look.told["probe_failed_due_to_regex"] = True
    raise Failed(f"expected {expression!r} within {LINES} lines, got {last[:100]!r}")
