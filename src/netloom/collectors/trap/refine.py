"""From notifications to records: translated, secrets hidden, named, events recognised."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.codecs.snmp_notification import Notification
from netloom.collectors.contract import Context
from netloom.collectors.secrecy import Secrecy, hidden
from netloom.collectors.senders import Names, networks
from netloom.collectors.trap import events
from netloom.collectors.trap.decode import trap
from netloom.collectors.trap.settings import TrapSettings
from netloom.model.event import Event
from netloom.model.trap import Trap, Varbind

_SECRET = re.compile(r"community(?!Index|Status)|authKey|privKey|keyChange|password|passphrase|secret", re.IGNORECASE)
"""Objects whose values are secrets: snmpTrapCommunity, ospfIfAuthKey, …"""


class TrapRefinery:
    """Makes records of notifications."""

    def __init__(self, context: Context) -> None:
        settings: TrapSettings = context.settings
        self._site = context.site
        self._secrecy = Secrecy(context.key)
        self._events = settings.events
        self._names = Names(context.site.exporters, networks(settings.relays, "relays"))
        self.redacted = 0

    def refine(self, found: Notification, source: str, received_ns: int) -> tuple[Trap, Event | None, str | None]:
        """The trap, the event that it is if any, and the inventory's name of the device."""
        record = self._without_secrets(trap(found, source, received_ns, translated=True))
        (device,) = self._names.of([source], [record.agent_address])
        return record, events.event(record, device, self._site) if self._events else None, device

    def _without_secrets(self, record: Trap) -> Trap:
        varbinds = tuple(self._shown(each) for each in record.varbinds)
        if varbinds == record.varbinds:
            return record
        self.redacted += 1
        return replace(record, varbinds=varbinds)

    def _shown(self, varbind: Varbind) -> Varbind:
        value = varbind.value
        if not isinstance(value, str) or not value:
            return varbind
        if varbind.type == "OCTET STRING" and _SECRET.search((varbind.name or "").partition(".")[0]):
            return replace(varbind, value=self._secrecy.mark(value))
        secrets = self._secrecy.secrets([value])
        return replace(varbind, value=hidden(value, secrets)) if secrets else varbind
