"""What a check found: one line a device, expected beside actual."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check on one device."""

    check: str
    device: str
    passed: bool | None
    """None where the check was skipped; `detail` says why."""
    expected: str
    actual: str
    seconds: float = 0.0
    detail: str = ""

    def __str__(self) -> str:
        word = {True: "[PASS]", False: "[FAIL]", None: "[SKIP]"}[self.passed]
        said = f"expected: {self.expected} actual: {self.actual}" if self.passed is not None else self.detail
        extra = f" ({self.detail})" if self.detail and self.passed is not None else ""
        return f"{word} {self.device} {self.check}: {said}{extra}"
