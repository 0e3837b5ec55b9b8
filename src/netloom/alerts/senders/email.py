"""Mail: a text that says what happens, first what is worst."""

from __future__ import annotations

import hashlib
import json
import ssl
import time
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from netloom.alerts.receiver import Email, Notification
from netloom.alerts.senders.contract import SHOWN, Surroundings, authorities, details, followed
from netloom.alerts.wording import one_line
from netloom.errors import NetloomError, Refused, Unreachable
from netloom.model.secret import Secret
from netloom.transports.dialogue import Dialogue, connect, verifying_context
from netloom.transports.smtp import SmtpSession
from netloom.transports.web import lookup

_FORM = policy.SMTP.clone(max_line_length=900)
"""Short lines fold a subject before its first word, which some readers show as a blank (RFC 5322, 2.1.1: 998)."""


async def send(way: Email, notification: Notification, around: Surroundings) -> str:
    """Hand the message to the mail server; says which recipients it refused. Raises NetloomError."""
    place = f"{way.server}:{way.port}"
    password = None if way.password is None else Secret(followed(way.password, around))
    try:
        context = verifying_context(authorities(way.ca, around))
        async with await _connected(way) as dialogue:
            if way.security == "tls":
                await dialogue.start_tls(context, way.server)
            session = SmtpSession(dialogue, place)
            await session.greet()
            if way.security == "starttls":
                await session.start_tls(context, way.server)
            if password is not None and way.username is not None:
                await session.log_in(way.username, password)
            refused = await session.send(way.sender, way.to, message(way, notification, around))
            await session.quit()
    except ssl.SSLCertVerificationError as exc:
        raise Refused(f"its certificate cannot be verified: {exc.verify_message}", device=place) from exc
    except (OSError, EOFError, ValueError) as exc:
        raise Unreachable(str(exc) or type(exc).__name__, device=place) from exc
    return "; ".join(refused)


async def _connected(way: Email) -> Dialogue:
    last: OSError | NetloomError = Unreachable("it has no address", device=way.server)
    for address in await lookup(way.server, way.port):
        try:
            return await connect(address, way.port)
        except OSError as exc:
            last = exc
    raise last


def message(way: Email, notification: Notification, around: Surroundings) -> bytes:
    """The message as it is sent."""
    mail = EmailMessage()
    mail["From"] = way.sender
    mail["To"] = ", ".join(way.to)
    mail["Subject"] = one_line(f"{way.subject_prefix}{notification.title}")[:200]
    mail["Date"] = format_datetime(datetime.fromtimestamp(time.time(), UTC))
    domain = way.sender.rpartition("@")[2]
    mail["Message-ID"] = make_msgid(domain=domain)
    # Mail readers show the messages of one group as one conversation.
    group = hashlib.sha256(json.dumps([notification.receiver.name, notification.group]).encode()).hexdigest()[:24]
    mail["References"] = f"<{group}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Netloom-Severity"] = notification.severity
    mail.set_content(text(notification, around), cte="quoted-printable")
    return mail.as_bytes(policy=_FORM)


def text(notification: Notification, around: Surroundings) -> str:
    """What people read."""
    lines = []
    alerts = [*notification.firing, *notification.resolved]
    for alert in alerts[:SHOWN]:
        word = alert.severity.upper() if alert.state == "firing" else "RESOLVED"
        lines.append(f"{word}: {one_line(alert.summary)}")
        lines += [f"  {name}: {one_line(told)}" for name, told in details(alert).items()]
        lines.append("")
    if len(alerts) > SHOWN:
        lines += [f"… and {len(alerts) - SHOWN} more", ""]
    lines.append(f"-- \nnetloom on {around.own_name}; `netloom alerts` shows what is so now")
    return "\n".join(lines) + "\n"
