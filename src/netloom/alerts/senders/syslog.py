"""Messages of RFC 5424, one an alert, over UDP (RFC 5426), TCP with counted octets (RFC 6587) or TLS (RFC 5425)."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from urllib.parse import urlsplit

from netloom.alerts.lifecycle import Alert
from netloom.alerts.receiver import Notification, Syslog
from netloom.alerts.senders.contract import Surroundings, authorities, details, moment
from netloom.alerts.wording import one_line
from netloom.errors import Refused, Unreachable
from netloom.transports.dialogue import connect, verifying_context
from netloom.transports.web import lookup

PORTS = {"udp": 514, "tcp": 514, "tls": 6514}
_SEVERITIES = {"critical": 2, "warning": 4, "info": 6}
_RESOLVED = 5
_ELEMENT = "alert@32473"
"""An SD-ID under the enterprise number that RFC 5612 keeps for documentation: netloom has none."""


async def send(way: Syslog, notification: Notification, around: Surroundings) -> str:
    """Send a message an alert; raises NetloomError."""
    parts = urlsplit(way.to)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    messages = [line(alert, way, around) for alert in (*notification.firing, *notification.resolved)]
    try:
        address = (await lookup(host, port))[0]
        if parts.scheme == "udp":
            await _datagrams(address, port, messages)
        else:
            async with await connect(address, port) as dialogue:
                if parts.scheme == "tls":
                    await dialogue.start_tls(verifying_context(authorities(way.ca, around)), host)
                await dialogue.write(b"".join(b"%d %s" % (len(each), each) for each in messages))
    except ssl.SSLCertVerificationError as exc:
        raise Refused(f"its certificate cannot be verified: {exc.verify_message}", device=host) from exc
    except OSError as exc:
        raise Unreachable(exc.strerror or str(exc) or type(exc).__name__, device=f"{host}:{port}") from exc
    return ""


async def _datagrams(address: str, port: int, messages: list[bytes]) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as opened:
        opened.setblocking(False)
        opened.connect((address, port))
        for message in messages:
            await asyncio.get_running_loop().sock_sendall(opened, message[:8192])


def line(alert: Alert, way: Syslog, around: Surroundings) -> bytes:
    """One message."""
    severity = _SEVERITIES[alert.severity] if alert.state == "firing" else _RESOLVED
    name = "ALERT_FIRING" if alert.state == "firing" else "ALERT_RESOLVED"
    told = {key.replace(".", "_"): text for key, text in details(alert).items()}
    parameters = "".join(f' {_name(key)}="{_escaped(text)}"' for key, text in told.items())
    when = moment(time.time())
    host = "".join(character if "!" <= character <= "~" else "-" for character in around.own_name)[:255] or "-"
    head = f"<{way.facility * 8 + severity}>1 {when} {host} netloom - {name}"
    return f"{head} [{_ELEMENT}{parameters}] {one_line(alert.summary)}".encode()


def _name(key: str) -> str:
    """A parameter's name (section 6.3.3): printable ASCII but =, space, ] and \"."""
    return "".join(character if "!" <= character <= "~" and character not in '="]' else "_" for character in key)[:32]


def _escaped(text: str) -> str:
    return one_line(text).replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
