"""A mail server: its greeting, EHLO, and perhaps STARTTLS."""

from __future__ import annotations

from netloom.collectors.probe.certificates import context_of, tell
from netloom.collectors.probe.look import Look
from netloom.transports.smtp import SmtpSession


async def look(look: Look) -> None:
    """Speak with it; no mail is sent."""
    dialogue, name = await look.connected(25)
    async with dialogue:
        session = SmtpSession(dialogue, look.target)
        try:
            await session.greet()
            if look.module.smtp.starttls:
                await session.start_tls(context_of(look), look.module.tls.server_name or name)
        finally:
            if session.last is not None:
                look.told["probe_smtp_status_code"] = session.last.code
        if dialogue.tls is not None:
            tell(look, dialogue.tls)
        await session.quit()
