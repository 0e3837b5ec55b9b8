"""One message, by whichever way its receiver is told."""

from __future__ import annotations

import asyncio
from importlib import import_module

from netloom.alerts.receiver import Command, Email, Notification, Slack, Syslog, Webhook
from netloom.alerts.senders.contract import Surroundings
from netloom.errors import OperationTimeout

_MODULES = {Email: "email", Webhook: "webhook", Slack: "slack", Syslog: "syslog", Command: "command"}


async def deliver(notification: Notification, around: Surroundings) -> str:
    """Send it within the receiver's time; what there is to complain of nonetheless. Raises NetloomError."""
    receiver = notification.receiver
    module = import_module(f"netloom.alerts.senders.{_MODULES[type(receiver.way)]}")
    try:
        async with asyncio.timeout(receiver.timeout_s):
            said: str = await module.send(receiver.way, notification, around)
    except TimeoutError as exc:
        raise OperationTimeout(f"not done within {receiver.timeout_s:g} s", device=receiver.name) from exc
    return said
