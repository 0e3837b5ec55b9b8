"""Mail, sent (RFC 5321): EHLO, STARTTLS (RFC 3207), AUTH (RFC 4954), one message.

Law: where STARTTLS is asked for, nothing but EHLO is said before it; a password is never said in the clear.
"""

from __future__ import annotations

import ipaddress
import ssl
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from netloom.errors import AuthenticationFailed, CommandRejected, NetloomError, Unsupported
from netloom.model.secret import Secret
from netloom.transports.dialogue import Dialogue

_LINES = 100


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers."""

    code: int
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code} {' '.join(self.lines)}"[:300]


class SmtpSession:
    """One conversation over a connection; each step raises DeviceError, OSError, EOFError, ValueError."""

    def __init__(self, dialogue: Dialogue, server: str) -> None:
        self._dialogue = dialogue
        self._server = server
        self.extensions: dict[str, str] = {}
        """EHLO's keywords in capitals, and their parameters."""
        self.last: Reply | None = None

    async def greet(self) -> None:
        """Wait for the server's greeting, and say EHLO."""
        self._expect(await self._reply(), 220, "its greeting")
        await self._hello()

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Go on under TLS, and say EHLO again; raises ssl.SSLError too."""
        if "STARTTLS" not in self.extensions:
            raise Unsupported("the mail server offers no STARTTLS", device=self._server, hint="use `security: tls`?")
        await self.say("STARTTLS", 220)
        await self._dialogue.start_tls(context, name)
        await self._hello()

    async def log_in(self, user: str, password: Secret) -> None:
        """AUTH PLAIN, or LOGIN where there is no other."""
        if self._dialogue.tls is None:
            raise Unsupported("a password is not sent without TLS", device=self._server)
        offered = self.extensions.get("AUTH", "").upper().split()
        if "PLAIN" in offered:
            words = b64encode(f"\0{user}\0{password.reveal()}".encode()).decode()
            reply = await self._ask(f"AUTH PLAIN {words}")
        elif "LOGIN" in offered:
            await self.say("AUTH LOGIN", 334)
            self._expect(await self._ask(b64encode(user.encode()).decode()), 334, "AUTH LOGIN")
            reply = await self._ask(b64encode(password.reveal().encode()).decode())
        else:
            raise Unsupported(f"expected AUTH PLAIN or LOGIN, got {' '.join(offered) or 'none'}", device=self._server)
        if reply.code != 235:
            raise AuthenticationFailed(f"it does not accept {user!r}: {reply}", device=self._server)

    async def send(self, sender: str, recipients: Sequence[str], message: bytes) -> list[str]:
        """Hand one message over; what it said of recipients that it refuses. All refused is an error."""
        await self.say(f"MAIL FROM:<{sender}>", 250)
        refused: list[str] = []
        for recipient in recipients:
            reply = await self._ask(f"RCPT TO:<{recipient}>")
            if reply.code not in (250, 251):
                refused.append(f"{recipient}: {reply}")
        if len(refused) == len(recipients):
            raise CommandRejected(device=self._server, line="RCPT TO", answer="; ".join(refused))
        await self.say("DATA", 354)
        lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").split(b"\n")
        stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
        await self._dialogue.write(stuffed + b"\r\n.\r\n")
        self._expect(await self._reply(), 250, "the message")
        return refused

    async def say(self, line: str, expected: int) -> Reply:
        """A command, and its answer of a code; raises CommandRejected."""
        return self._expect(await self._ask(line), expected, line)

    async def quit(self) -> None:
        """Say goodbye; whatever it answers."""
        try:
            await self._ask("QUIT")
        except (NetloomError, OSError, EOFError, ValueError):
            return

    async def _hello(self) -> None:
        own = ipaddress.ip_address(self._dialogue.own_address.partition("%")[0])
        reply = await self.say(f"EHLO [{'IPv6:' if own.version == 6 else ''}{own}]", 250)
        words = [line.partition(" ") for line in reply.lines[1:]]
        self.extensions = {name.upper(): parameters for name, _, parameters in words}

    async def _ask(self, line: str) -> Reply:
        if not line.isprintable():
            raise ValueError("expected one line")
        await self._dialogue.write(line.encode() + b"\r\n")
        return await self._reply()

    async def _reply(self) -> Reply:
        lines: list[str] = []
        while len(lines) < _LINES:
            line = (await self._dialogue.read_line(4096)).decode(errors="replace")
            lines.append(line[4:])
            if not line[:3].isdigit() or line[3:4] not in ("", " ", "-"):
                raise ValueError(f"expected a reply of SMTP, got {line[:60]!r}")
            if line[3:4] != "-":
                self.last = Reply(int(line[:3]), tuple(lines))
                return self.last
        raise ValueError(f"expected at most {_LINES} lines")

    def _expect(self, reply: Reply, code: int, what: str) -> Reply:
        if reply.code != code:
            raise CommandRejected(device=self._server, line=what.partition(" ")[0], answer=str(reply))
        return reply
