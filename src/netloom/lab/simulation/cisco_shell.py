"""The command line that IOS, EOS and NX-OS have in common: exec and configuration modes, sections, banners."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.shell import Answer, Shell
from netloom.model.config import Config, Line
from netloom.platforms.rules import Rules

Path = tuple[str, ...]


class CiscoShell(Shell):
    """One session; vendors say what differs."""

    rules: ClassVar[Rules]
    """How the platform's command line treats its lines."""
    first_words: ClassVar[frozenset[str] | None] = None
    """What a configuration line may begin with, without `no` or `default`; None takes everything."""
    section_prompts: ClassVar[Mapping[str, str]] = {}
    """A header's first word → what stands in the prompt: interface → config-if."""
    invalid = "% Invalid input detected at '^' marker.\n"
    incomplete = "% Incomplete command.\n"

    def __init__(self, device: Device, user: str, *, privileged: bool = True) -> None:
        super().__init__(device, user, privileged=privileged and device.spec.enable_password is None)
        self.path: Path | None = None
        """The section that lines are entered in; None in exec mode."""

    # ---- where lines go: a vendor with candidates says otherwise -------------------------------

    @property
    def target(self) -> Config:
        """The configuration that is being changed."""
        return self.device.config

    @target.setter
    def target(self, config: Config) -> None:
        self.device.config = config

    def prompt(self) -> str:
        if self.pending is not None:
            return self.question
        name = self.device.hostname
        if self.path is None:
            return f"{name}{'#' if self.privileged else '>'}"
        return f"{name}({self.mode(self.path)})#"

    def mode(self, path: Path) -> str:
        """What stands in the prompt's brackets."""
        for header in reversed(path):
            found = self.section_prompts.get(header.split()[0])
            if found is not None:
                return found
        return "config"

    def run(self, line: str) -> Answer:
        if self.path is None:
            return super().run(line)
        return self.configure(line)

    def unknown(self, line: str) -> Answer:
        del line
        return Answer(f"{' ' * len(self.prompt())}^\n{self.invalid}\n", refused=True)

    # ---- configuration mode --------------------------------------------------------------------

    def configure(self, line: str) -> Answer:
        """One line in configuration mode."""
        assert self.path is not None  # noqa: S101 - the caller looked
        word = line.partition(" ")[0].lower()
        if word == "end":
            self.path = None
            return self.left()
        if word == "exit" or (word.startswith("exit-") and self.path):
            if not self.path:
                self.path = None
                return self.left()
            self.path = self.path[:-1]
            return Answer()
        if word == "do":
            return super().run(line.partition(" ")[2].strip())
        if self.rules.comment and line.startswith(self.rules.comment):
            return Answer()
        return self.entered(line)

    def left(self) -> Answer:
        """Configuration mode was left."""
        return Answer()

    def entered(self, line: str) -> Answer:
        """A line that says something."""
        path = self.path or ()
        text = _tidied(line)
        if (banner := self.banner(text)) is not None:
            return banner
        if not self.accepts(path, text):
            return self.unknown(line)
        positive = self.rules.positive(text)
        place = self._place(path, positive if positive is not None else text)
        if positive is None and self.opens(place, text):
            answer = Answer() if text in self.target.section(*place) else self.change(Line(text, place))
            if not answer.refused:
                self.path = (*place, text)
            return answer
        self.path = place
        return self.change(Line(text, place))

    def _place(self, path: Path, positive: str) -> Path:
        """The section that a line belongs to: a header of an outer one leaves the inner ones."""
        for depth in range(len(path), 0, -1):
            here = path[:depth]
            if self.opens(here, positive):
                return here
            if depth == len(path) and self.stays(here, positive):
                return here
        return ()

    def opens(self, path: Path, text: str) -> bool:
        """Whether a line is the header of a section."""
        return self.rules.section(path).child(text) is not None

    def stays(self, path: Path, positive: str) -> bool:
        """Whether a line that opens no section here is meant for here."""
        return self.rules.section(()).child(positive) is None or not path

    def accepts(self, path: Path, text: str) -> bool:
        """Whether the command line knows a line's first word."""
        del path
        if self.first_words is None:
            return True
        words = text.split()
        first = words[1] if words[0] in ("no", "default") and len(words) > 1 else words[0]
        return first.isdigit() or first in self.first_words

    def change(self, line: Line) -> Answer:
        """Enter a line in the configuration."""
        self.target = self.device.applied(self.target, [line])
        return Answer()

    # ---- banners -------------------------------------------------------------------------------

    def banner(self, text: str) -> Answer | None:
        """Collects a banner that begins here; None where none does."""
        found = re.fullmatch(r"banner (\S+) (\^C|\S)(.*)", text, re.DOTALL)
        if found is None or text.startswith("no "):
            return None
        kind, mark, rest = found.groups()
        if mark in rest:
            return self.change(Line(f"banner {kind} {mark}{rest.partition(mark)[0]}{mark}"))
        collected = [rest] if rest else [""]

        def take(line: str) -> Answer:
            if mark in line:
                body = "\n".join((*collected, line.partition(mark)[0]))
                return self.change(Line(f"banner {kind} {mark}{body}{mark}"))
            collected.append(line)
            self.pending = take
            return Answer()

        self.pending = take
        return Answer(f"Enter TEXT message.  End with the character '{mark}'.\n")


_FREE = re.compile(r"((?:\S+ +)*?(?:description|remark|banner|name|contact|location|snmp-server)) +(.*)")
"""Lines that end with text, whose blanks are kept."""


def _tidied(line: str) -> str:
    """One blank between words, but for quotes and text."""
    if '"' in line:
        return line.strip()
    free = _FREE.fullmatch(line.strip())
    return f"{' '.join(free[1].split())} {free[2]}" if free else " ".join(line.split())
