"""Faults on demand: what a simulated device does wrong, and when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "stall",
    "reset",
    "reset_after",
    "reject",
    "slow",
    "garbage",
    "prompt_in_output",
    "one_byte",
    "error_body",
    "bad_chunk",
]
"""
stall: no answer; reset: hang up before the command is carried out; reset_after: carry it out, then hang up before the
answer; reject: refuse the command; slow: answer after `seconds`; garbage: invalid UTF-8 and ANSI in the answer;
prompt_in_output: a line that looks like the prompt in the answer; one_byte: write a byte at a time; error_body: HTTP
200 with an error in its body; bad_chunk: a NETCONF chunk whose length lies.
"""


@dataclass(slots=True)
class Fault:
    """One fault; it strikes the commands that it matches, as often as it says."""

    kind: Kind
    command: str = ""
    """A regular expression, searched in what was sent (a command, or the rpc's name)."""
    times: int = 1
    after: int = 0
    """So many matching commands go well first."""
    seconds: float = 1.0


@dataclass(slots=True)
class Faults:
    """The faults of one device, and which struck."""

    waiting: list[Fault] = field(default_factory=list)
    struck: list[tuple[Kind, str]] = field(default_factory=list)
    watch: Callable[[str], None] | None = None
    """Told every command before it is carried out."""

    def strike(self, command: str) -> Fault | None:
        """The fault that this command meets, if any."""
        if self.watch is not None:
            self.watch(command)
        for fault in self.waiting:
            if not re.search(fault.command, command):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
            self.struck.append((fault.kind, command))
            return fault
        return None
