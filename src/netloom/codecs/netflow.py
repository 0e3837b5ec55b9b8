"""NetFlow of any version and IPFIX: the messages in a datagram, or in a file of datagrams one behind the other."""

from __future__ import annotations

from collections.abc import Iterator

from netloom.codecs import ipfix, netflow5
from netloom.codecs.ipfix import FlowError, Message

VERSIONS = frozenset((*netflow5.TEMPLATES, ipfix.NETFLOW9, ipfix.IPFIX))


def messages(data: bytes | memoryview) -> Iterator[Message]:
    """Each message in its order; raises FlowError where what follows is none."""
    view, at = memoryview(data).toreadonly(), 0
    while at < len(view):
        version = int.from_bytes(view[at : at + 2])
        if version in netflow5.TEMPLATES:
            message, at = netflow5.message_at(view, at)
        elif version in VERSIONS:
            message, at = ipfix.message_at(view, at)
        else:
            raise FlowError(f"expected a version of NetFlow or IPFIX, got {version}", offset=at)
        yield message
