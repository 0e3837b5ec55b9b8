"""A command line that knows nothing of sockets: lines in, text out; the same for terminals and APIs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from netloom.lab.simulation.device import Command, Device, matching, sections, words_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says."""

    text: str = ""
    data: object | None = None
    """The same as JSON knows it, where the system tells it so."""
    refused: bool = False
    """It was no command, or the device would not do it."""
    end: bool = False
    """The session is over."""
    takes_s: float = 0.0
    """Seconds until it is said, as the device counts them."""


class Shell:
    """One session's command line; vendors derive from it."""

    page_length = 24
    """Lines of a page; 0 turns the pager off."""
    pager: ClassVar[str] = " --More-- "
    echo = True
    """False while a password is typed."""
    takes_end = False
    """True: ^D ends what is being typed, as a line of its own; else it ends the session."""
    commands: ClassVar[Sequence[Command]] = ()

    def __init__(self, device: Device, user: str, *, privileged: bool = True) -> None:
        self.device = device
        self.user = user
        self.privileged = privileged
        self.pending: Callable[[str], Answer] | None = None
        """Takes the next line typed: a banner's text, an answer to a question, a password."""
        self.question = ""
        """Stands where the prompt would, while something is pending."""

    def prompt(self) -> str:
        """What stands before the next line."""
        return self.question if self.pending is not None else f"{self.device.hostname}>"

    def greeting(self) -> str:
        """What stands before the first prompt."""
        return ""

    def closed(self) -> None:
        """The session is gone: what it alone held goes with it."""

    def execute(self, line: str) -> Answer:
        """Carry out one line."""
        if self.pending is not None:
            take, self.pending, self.question, self.echo = self.pending, None, "", True
            return take(line)
        if not line.strip():
            return Answer()
        self.device.log.append(line.strip())
        return self.run(line.strip())

    def run(self, line: str) -> Answer:
        """Carry out a line that is a command."""
        typed, _, pipes = line.partition("|")
        found = matching(self.commands, words_of(typed))
        if found is None:
            return self.unknown(line)
        command, taken = found
        answer = command.answer(self, *taken)
        if isinstance(answer, str):
            answer = Answer(answer)
        assert isinstance(answer, Answer)  # noqa: S101 - the vendors' contract
        return self.filtered(answer, pipes) if pipes.strip() else answer

    def unknown(self, line: str) -> Answer:
        """The refusal of what is no command."""
        return Answer(f"% Invalid input: {line}\n", refused=True)

    def filtered(self, answer: Answer, pipes: str) -> Answer:
        """An answer through the filters after `|`."""
        text = answer.text
        for pipe in pipes.split("|"):
            word, _, rest = pipe.strip().partition(" ")
            text = filtered(text, word.lower(), rest.strip().strip('"'))
        return Answer(text, answer.data, answer.refused, answer.end)


def filtered(text: str, word: str, argument: str) -> str:
    """A text through one of the filters that most systems have."""
    lines = text.splitlines()
    if word and ("include".startswith(word) or word in ("grep", "match", "egrep")):
        lines = [line for line in lines if re.search(argument, line)]
    elif word and ("exclude".startswith(word) or word == "except"):
        lines = [line for line in lines if not re.search(argument, line)]
    elif word and "begin".startswith(word):
        start = next((at for at, line in enumerate(lines) if re.search(argument, line)), len(lines))
        lines = lines[start:]
    elif word and "section".startswith(word):
        lines = list(sections(text, argument))
    elif word == "count":
        lines = [f"Count: {len(lines)} lines"]
    return "\n".join(lines) + "\n" if lines else ""
