"""Several nouns of one device over one session, each with its moment, its records or the reason why there are none."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from netloom.collectors.state.observe import Observable, Observer, observable_nouns
from netloom.errors import DeviceError, Unsupported
from netloom.model.noun import Record

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one device said of one noun at one moment, or why it did not."""

    device: str
    noun: str
    observed_at: datetime
    records: tuple[Record, ...] = ()
    error: DeviceError | None = None
    notes: tuple[str, ...] = ()
    """What could not be asked, where the records came without it."""

    @property
    def available(self) -> bool:
        """False where this platform or access cannot tell; that is no failure of the device."""
        return not isinstance(self.error, Unsupported)

    @property
    def failed(self) -> bool:
        """Whether the device should have answered and did not."""
        return self.error is not None and self.available


def now() -> datetime:
    """The clock that collecting uses."""
    return datetime.now(UTC)


async def collect_device(
    session: Observable, nouns: Sequence[str] | None = None, *, clock: Clock = now
) -> AsyncGenerator[Collected, None]:
    """The nouns of one device in this order, None for all it can show; one that fails does not stop the others."""
    observer = Observer(session)
    for noun in observable_nouns(session.platform) if nouns is None else nouns:
        device = session.access.name
        try:
            found = await observer.observe(noun)
        except DeviceError as exc:
            yield Collected(device=device, noun=noun, observed_at=clock(), error=exc)
        else:
            yield Collected(
                device=device, noun=noun, observed_at=clock(), records=tuple(found.records), notes=found.notes
            )
