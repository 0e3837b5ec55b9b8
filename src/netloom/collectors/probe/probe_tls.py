"""A TLS session, for its certificate."""

from __future__ import annotations

from netloom.collectors.probe.certificates import start_tls
from netloom.collectors.probe.look import Look


async def look(look: Look) -> None:
    """Connect, and begin TLS."""
    dialogue, name = await look.connected(443)
    async with dialogue:
        await start_tls(look, dialogue, name)
