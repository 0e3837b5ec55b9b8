"""The error tree: every failure netloom reports, and whose fault it is.

NetloomError
├── UsageError              the command line asks for something that does not exist (exit 64)
├── SourceError             what a person wrote is wrong; carries file:line:column (exit 1)
├── SecretError             a secret's reference cannot be followed (exit 1)
├── CodecError              bytes are not what their protocol says; each codec has its own leaf
├── DeviceError             one device; never stops the others (exit 3)
│   ├── Unreachable         no route, no answer, name unknown (exit 4)
│   ├── Refused             the port is closed, or the device dropped us before login (exit 4)
│   ├── AuthenticationFailed
│   ├── HostKeyChanged      a pinned host key differs; nothing was sent
│   ├── AlgorithmMismatch   no common algorithm; names the setting that permits a legacy one
│   ├── OperationTimeout    one operation took longer than its limit
│   ├── SessionClosed       the device closed the session in mid-operation
│   ├── CommandRejected     the device refused a line; carries the line and the device's words
│   ├── OutputNotUnderstood the device's answer does not parse
│   └── Unsupported         the platform cannot do what was asked
├── PlanError               a plan cannot be made or used
│   ├── StalePlan           the device moved since the plan was made
│   └── PlanRefused         a guard, a risk or a halt forbids it
├── LockHeld                another operator holds the device
├── HistoryError            the archive's Git repository cannot do what was asked
├── StoreError              the store cannot be read or written
└── LabError                the lab cannot be brought up, found or taken down
    └── CapabilityMissing   the machine lacks what the lab needs; says what to install or enable
"""

from __future__ import annotations


class NetloomError(Exception):
    """Something went wrong that a person can act on."""

    exit_status = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(NetloomError):
    """The command line asks for something that does not exist."""

    exit_status = 64


class SourceError(NetloomError):
    """What a person wrote is wrong, at a place in a file."""

    def __init__(
        self, message: str, *, file: str, line: int | None = None, column: int | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place} {super().__str__()}"


class SecretError(NetloomError):
    """A secret's reference cannot be followed."""


class CodecError(NetloomError):
    """Bytes are not what their protocol says."""

    def __init__(self, message: str, *, offset: int | None = None) -> None:
        super().__init__(message if offset is None else f"at offset {offset}: {message}")
        self.offset = offset


class DeviceError(NetloomError):
    """One device failed; the others go on."""

    exit_status = 3

    def __init__(self, message: str, *, device: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.device = device

    def __str__(self) -> str:
        return f"{self.device}: {super().__str__()}"


class Unreachable(DeviceError):
    """No route, no answer, or an unknown name."""

    exit_status = 4


class Refused(Unreachable):
    """The port is closed, or the device dropped the connection before login."""


class AuthenticationFailed(DeviceError):
    """The device accepts none of the credentials offered."""


class HostKeyChanged(DeviceError):
    """The pinned host key differs from the one offered; nothing was sent."""


class AlgorithmMismatch(DeviceError):
    """Client and device share no algorithm."""


class OperationTimeout(DeviceError):
    """One operation took longer than its limit."""


class SessionClosed(DeviceError):
    """The device closed the session in mid-operation."""


class CommandRejected(DeviceError):
    """The device refused a line."""

    def __init__(self, *, device: str, line: str, answer: str, number: int | None = None) -> None:
        place = f"line {number}: " if number is not None else ""
        super().__init__(f"{place}{line.strip()!r} was rejected: {answer.strip()}", device=device)
        self.line = line
        self.answer = answer
        self.number = number


class OutputNotUnderstood(DeviceError):
    """The device's answer does not parse."""


class Unsupported(DeviceError):
    """The platform cannot do what was asked."""


class PlanError(NetloomError):
    """A plan cannot be made or used."""


class StalePlan(PlanError):
    """The device moved since the plan was made."""


class PlanRefused(PlanError):
    """A guard, a risk or a halt forbids the change."""


class LockHeld(NetloomError):
    """Another operator holds the device."""


class HistoryError(NetloomError):
    """The archive cannot do what was asked."""


class StoreError(NetloomError):
    """The store cannot be read or written."""


class LabError(NetloomError):
    """The lab cannot be brought up, found or taken down."""


class CapabilityMissing(LabError):
    """The machine lacks what the lab needs."""
