"""What the process that evaluates expressions is asked, and what it may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What evaluation may use."""

    item_cpu_s: float = 2.0
    """CPU seconds for one item on one host."""
    cpu_s: int = 60
    """CPU seconds for everything."""
    memory_mib: int = 256
    """On top of the variables themselves."""
    output_mib: int = 4
    """Text made by one template or expression."""
    total_mib: int = 512
    """Everything that comes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be evaluated."""

    entries: list[tuple[str, Any]]
    """Kind (`item` or `template`) and raw value, loops and conditions included."""
    work: list[tuple[str, list[int]]]
    """Host → the numbers of the entries to evaluate for it."""
    variables: dict[str, dict[str, Any]]
    """Host → its variables."""
    member_of: dict[str, tuple[str, ...]]
    """Host → its groups."""
    files: dict[str, str]
    """Templates by file name."""
    limits: Limits
