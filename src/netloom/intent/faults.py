"""Faults of a whole run, each told once however many hosts it concerns."""

from __future__ import annotations

from collections.abc import Iterable

from netloom.errors import SourceError


class Faults:
    """Collects errors in what people wrote, with the hosts on which they show."""

    def __init__(self) -> None:
        self._hosts: dict[str, list[str]] = {}
        self._errors: dict[str, SourceError] = {}

    def add(self, errors: Iterable[SourceError], host: str | None = None) -> None:
        """Keep errors, seen while looking at one host, or at none."""
        for error in errors:
            # the same slip gives other values on other hosts
            same = f"{error.file}:{error.line}:{error.column} {error.message.partition(', got ')[0]}"
            self._errors.setdefault(same, error)
            hosts = self._hosts.setdefault(same, [])
            if host is not None and host not in hosts[-1:]:
                hosts.append(host)

    def errors(self) -> tuple[SourceError, ...]:
        """Every error once, in the order of files and lines."""
        found = [on_hosts(error, self._hosts[same]) for same, error in self._errors.items()]
        return tuple(sorted(found, key=lambda error: (error.file, error.line or 0, error.column or 0)))


def joined(errors: tuple[SourceError, ...]) -> SourceError:
    """Several errors as one, each on a line of its own."""
    first, *others = errors
    if not others:
        return first
    words = "\n".join([f"{first.message}; {first.hint}" if first.hint else first.message, *map(str, others)])
    return SourceError(words, file=first.file, line=first.line, column=first.column)


def on_hosts(error: SourceError, hosts: list[str]) -> SourceError:
    """The error with the hosts that it shows on."""
    if not hosts:
        return error
    others = f" and {len(hosts) - 1} more" if len(hosts) > 1 else ""
    message = f"{error.message} (on {hosts[0]}{others})"
    return SourceError(message, file=error.file, line=error.line, column=error.column, hint=error.hint)
