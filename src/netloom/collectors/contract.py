"""What a collector is: a folder with `settings.py` (SETTINGS, a dataclass) and `run.py` (`collector(context)`).

Each collector runs in a process of its own that may die at any moment: what it acknowledged is in the store, what it
lost is counted, and what it needs after a restart stands in its folder.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from netloom.collectors.health import Health
from netloom.collectors.site import Site
from netloom.model.host import Access, Host
from netloom.model.noun import Record
from netloom.model.secret import Secret


class Writer(Protocol):
    """Appends rows to one stream of the store: what was appended is safe once `flush` has returned."""

    @property
    def waiting(self) -> int:
        """Rows that no flush has written yet."""
        ...

    def append(self, batch: Any) -> None:
        """Keep a pyarrow.RecordBatch of some of the stream's columns for the next flush."""
        ...

    def add(
        self, records: Sequence[Record], *, hostnames: Sequence[str | None] | None = None, namespace: str = "default"
    ) -> None:
        """Keep records for the next flush."""
        ...

    def flush(self) -> int:
        """Write what waits, durably, and say how many rows; raises StoreError, and then everything still waits."""
        ...

    def discard(self) -> int:
        """Forget what waits, and say how many rows."""
        ...

    def close(self) -> None:
        """Finish; what was not flushed is dropped."""
        ...


class Devices(Protocol):
    """The inventory's devices, for collectors that ask them."""

    def __iter__(self) -> Iterator[Host]: ...

    def access(self, host: Host) -> Access:
        """How to get at one, its secrets resolved; raises NetloomError."""
        ...


@dataclass(slots=True)
class Context:
    """What a collector is given; `reload` brings a new one, of which settings, site and devices count."""

    settings: Any
    """The collector's own SETTINGS, read from `collectors:` of netloom.yml."""
    folder: Path
    """Where it keeps what must outlive it; made already, for it alone."""
    writer: Callable[[str], Writer]
    """A stream's name to a new writer."""
    health: Health
    site: Site
    devices: Devices
    worker: int = 0
    """Which of several processes of this collector this one is."""
    workers: int = 1
    namespace: str = "default"
    open_socket: Callable[[int, int], socket.socket] = socket.socket
    """Opens a socket of an address family and a type where this collector listens: in a lab's network perhaps."""
    key: bytes = b""
    """The workspace's own, which marks redacted secrets."""
    secret: Callable[[str], Secret] = Secret
    """Follows a reference to a secret that settings hold; raises SecretError."""
    root: Path | None = None
    """The workspace's folder, for what people wrote there: `profiles/`, `mibs/`."""


class Collector(Protocol):
    """One running collector."""

    async def run(self) -> None:
        """Collect until `stop` is called and all that came is stored; says `health.ready()` once it listens."""
        ...

    def reload(self, context: Context) -> None:
        """Take over new settings, site and devices without losing anything that is on its way."""
        ...

    def stop(self) -> None:
        """Make `run` end: receive nothing more, decode and store what came, return."""
        ...
