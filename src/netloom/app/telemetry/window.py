"""The span of time that a question is about, and the steps that it falls into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from netloom.errors import UsageError
from netloom.model.when import parse_span, parse_when

SECOND = 1_000_000_000
DEFAULT = timedelta(hours=1)
SHORT_S = 600
"""Of a shorter span people are told the seconds."""
STEPS_WANTED, STEPS_READ = 60, 20
"""A series without a step of its own has about as many, and as many where people read them as a table."""
STEPS_MOST = 20_000
NICE = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 604800)
"""Steps in seconds that people count in; from a minute on, summaries know them."""
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)
"""What nanoseconds since 1970 can tell in 64 bits."""


@dataclass(frozen=True, slots=True)
class Window:
    """From a moment up to another, which is not included."""

    since: datetime
    until: datetime

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.until - self.since).total_seconds()

    @property
    def before(self) -> Window:
        """The span of the same length that ends where this one begins."""
        return Window(self.since - (self.until - self.since), self.since)

    def __str__(self) -> str:
        since, until = self.since.astimezone(), self.until.astimezone()
        clock = "%H:%M:%S" if self.seconds < SHORT_S else "%H:%M"
        last = until.strftime(clock if since.date() == until.date() else f"%Y-%m-%d {clock}")
        return f"{since:%Y-%m-%d} {since.strftime(clock)} to {last} {until:%Z}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A span of time as somebody wrote it."""

    last: str | None = None
    """How long it is: `1h`."""
    since: str | None = None
    until: str | None = None
    at: str | None = None
    """As asked then rather than now."""

    def window(self, now: datetime, default: timedelta = DEFAULT) -> Window:
        """What is meant, as far as moments can be stored; raises SourceError and UsageError."""
        if self.last and self.since and self.until:
            raise UsageError("expected at most two of --last, --since and --until")
        try:
            since, until = self._ends(now, default)
        except OverflowError as exc:
            raise UsageError("the span of time is out of the calendar") from exc
        since, until = max(since, FIRST), min(until, LAST)
        if since >= until:
            raise UsageError(f"the span of time ends at {_told(until)}, before it begins at {_told(since)}")
        return Window(since, until)

    def _ends(self, now: datetime, default: timedelta) -> tuple[datetime, datetime]:
        then = parse_when(self.at, now).astimezone(now.tzinfo) if self.at else now
        length = parse_span(self.last) if self.last else default
        until = parse_when(self.until, then) if self.until else then.astimezone(UTC)
        since = parse_when(self.since, then) if self.since else until - length
        if self.since and self.last:
            until = min(since + length, until)
        return since, until


def step_for(window: Window, asked: str | None = None, wanted: int = STEPS_WANTED) -> timedelta:
    """The step as asked for, or one that people count in; raises SourceError and UsageError."""
    if asked is None:
        least = window.seconds / wanted
        return timedelta(seconds=next((step for step in NICE if step >= least), NICE[-1]))
    step = parse_span(asked)
    if window.seconds / step.total_seconds() > STEPS_MOST:
        raise UsageError(f"{window.seconds / step.total_seconds():.0f} steps of {asked}", hint="ask for longer ones")
    return step


def aligned(window: Window, step: timedelta) -> Window:
    """The window with its beginning moved back to where a step begins: its first step is whole."""
    return Window(window.since - (window.since - FIRST) % step, window.until)


def steps_of(window: Window, step: timedelta) -> list[tuple[datetime, float]]:
    """Where each step begins, and how many of its seconds lie in the window."""
    found = []
    at = window.since - (window.since - FIRST) % step
    while at < window.until:
        covered = min(at + step, window.until) - max(at, window.since)
        found.append((at, covered.total_seconds()))
        at += step
    return found


def nanoseconds(moment: datetime) -> int:
    """Since 1970."""
    return (moment - FIRST) // timedelta(microseconds=1) * 1000


def moment_of(time_ns: int) -> datetime:
    """The moment, in UTC."""
    return FIRST + timedelta(microseconds=time_ns // 1000)


def span_words(span: timedelta) -> str:
    """How long, as people say it: `5 min`, `1 h 30 min`."""
    seconds = int(span.total_seconds())
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _told(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
