"""What people set for the SNMP collector: `collectors: {snmp: {…}}` in netloom.yml."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SnmpSettings:
    """Polling SNMP agents."""

    interval_s: float = 60.0
    """Each device is asked so often; devices are spread over it."""
    refresh_polls: int = 10
    """What seldom changes (names, speeds, what a device has at all) is read every so many polls, and after changes."""
    parallel: int = 200
    """Devices asked at once."""
    in_flight: int = 8
    """Columns of one device asked for at once."""
    max_repetitions: int = 128
    """Rows of a column in one answer at most; fewer where they do not fit, or where the agent sends fewer."""
    reply_octets: int = 1400
    """No answer is asked for that would be larger: it fits a frame."""
    max_rows: int = 200_000
    """Rows of one column; a device that has more, or makes them up, is not believed."""
    requests_per_s: float = 200.0
    """Requests a second to one device; 0 is as many as it answers."""
    tries_s: float = 1.0
    """Seconds to wait for the first answer; each further try waits as much longer."""
    tries: int = 3
    """How often a request is sent before the device counts as silent."""
    poll_s: float = 50.0
    """A device that takes longer is left until its next turn."""
    groups: tuple[str, ...] = ()
    """Only devices of these groups, of those that the inventory has SNMP settings for; empty is all of them."""
    max_waiting: int = 2_000_000
    """Metrics that wait for a store that cannot be written; more are dropped and counted."""
    flush_s: float = 2.0
    """So often metrics are made durable."""

    def __post_init__(self) -> None:
        """Hold the values to what they can be; raises ValueError."""
        for name in ("refresh_polls", "parallel", "in_flight", "max_repetitions", "max_rows", "tries", "max_waiting"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, got {getattr(self, name)}")
        for name in ("interval_s", "tries_s", "poll_s", "flush_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name}: expected more than 0, got {getattr(self, name)}")
        if self.requests_per_s < 0:
            raise ValueError(f"requests_per_s: expected 0 or more, got {self.requests_per_s}")
        if not 484 <= self.reply_octets <= 65_000:
            raise ValueError(f"reply_octets: expected 484 to 65000 (RFC 3417 §3.2.1), got {self.reply_octets}")


SETTINGS = SnmpSettings
