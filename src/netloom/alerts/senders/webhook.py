"""JSON to a URL, in Alertmanager's form."""

from __future__ import annotations

import json
from typing import Any

from netloom.alerts.receiver import Notification, Webhook
from netloom.alerts.senders.contract import Surroundings, authorities, document, followed
from netloom.errors import CommandRejected, SecretError
from netloom.transports.dialogue import verifying_context
from netloom.transports.web import Asked, fetch, parse_url


async def send(way: Webhook, notification: Notification, around: Surroundings) -> str:
    """Post the message; raises NetloomError where the answer is no success."""
    fields, url = dict(way.headers), followed(way.url, around)
    if way.token is not None:
        if not url.startswith("https://"):
            raise SecretError("a token is not sent without TLS", hint="use an https:// URL")
        fields["Authorization"] = f"Bearer {followed(way.token, around)}"
    await post(url, document(notification), fields, authorities(way.ca, around))
    return ""


async def post(url: str, body: Any, fields: dict[str, str], ca: str | None) -> None:
    """Post JSON to a URL; raises NetloomError. Errors name the host, not the path: who knows that can write, too."""
    try:
        place = parse_url(url)[0].netloc
        asked = Asked(
            url=url,
            method="POST",
            fields={"Content-Type": "application/json", **fields},
            body=json.dumps(body, ensure_ascii=False).encode(),
            context=verifying_context(ca),
            limit=1 << 16,
        )
        fetched = await fetch(asked)
    except (ValueError, OSError) as exc:
        raise SecretError("the webhook's URL, its fields or its file of certificates cannot be used") from exc
    if not 200 <= fetched.answer.status < 300:
        answer = fetched.answer.body[:200].decode(errors="replace")
        raise CommandRejected(device=place, line="POST", answer=f"HTTP {fetched.answer.status} {answer}")
