"""A command line's screen: the bytes a terminal sends become answers to commands, whatever else it prints.

Law: an answer is what stands between a command's echo and the next prompt. A prompt is the whole of the last,
unfinished line and bears the device's name as learnt. Since output may look like that too, the screen asks for a
moment of silence (`settle_s`) before it believes: a blink where all speaks for it, longer where it could be chance
(the line came in pieces, a big chunk ends there, the text was seen inside the output). The work is linear in what
arrives: patterns see the last line only.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

PROMPT_LIMIT = 1024
"""Bytes; a longer unfinished line is no prompt."""
ECHO_LIMIT = 1 << 16
"""Bytes to look through for a command's echo before taking the terminal for one that does not echo."""
BIG_CHUNK = 4096
"""A chunk of this size may end anywhere, so a prompt at its end proves little."""
BLINK_S = 0.01
"""The silence asked for when a whole prompt came at once; long enough for what the device wrote right behind it."""
SETTLE_S = 0.05
"""The silence asked for when what looks like a prompt came in pieces, or has been seen in the output."""
DOUBT_S = 0.25
"""The silence asked for when the device's name does not fit, or is not known yet."""
LOST_ECHO_S = 2.0
"""The silence after which an echo is given up: the command itself may still be under way to the device."""

Kind = Literal["cli", "config", "shell"]

_ANSI = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()*+][A-Za-z0-9]|[ -/]*[0-Z\\^-~])")
_BLANKS = re.compile(rb"\s+")
_SHORTENED_HOST = 20
_RENAMES = re.compile(rb"host-?name|sysname")


class Question(Protocol):
    """What the device asks in the middle of a command, and the answer."""

    @property
    def question(self) -> re.Pattern[bytes]:
        """Matches a part of the last line."""

    @property
    def answer(self) -> bytes:
        """What to send."""


class Patterns(Protocol):
    """How the command line looks; prompts match a whole line, the others a part of the last one."""

    @property
    def prompt(self) -> re.Pattern[bytes]:
        """The operational prompt, with a group `host`."""

    @property
    def config_prompt(self) -> re.Pattern[bytes]:
        """The configuration prompt, with a group `host`."""

    @property
    def shell_prompt(self) -> re.Pattern[bytes] | None:
        """The prompt of the shell beneath."""

    @property
    def username_prompt(self) -> re.Pattern[bytes]:
        """Asks for the account."""

    @property
    def password_prompt(self) -> re.Pattern[bytes]:
        """Asks for the password."""

    @property
    def pager(self) -> re.Pattern[bytes] | None:
        """The pager's last line."""

    @property
    def pager_key(self) -> bytes:
        """The key for the next page."""

    @property
    def dialogs(self) -> Sequence[Question]:
        """Questions with known answers."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt the device shows."""

    text: bytes
    kind: Kind
    host: bytes | None
    """None where the prompt does not name the device."""
    user: bool
    """Privileges are still to be raised."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A command is through; `command` is None for the first prompt of all."""

    command: bytes | None
    output: bytes
    """As the screen would show it: lines end in a newline, no ANSI, nothing overwritten."""
    prompt: Prompt
    echoed: bool


@dataclass(frozen=True, slots=True)
class Send:
    """The device waits for this: a pager's key, a dialog's answer."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """The device asks for a credential."""

    what: Literal["username", "password"]


Event = Answered | Send | Asked


@dataclass(slots=True)
class _Sent:
    text: bytes
    hurried: bool = False
    echoed: bool = False
    blind: bool = False
    """No echo was found in what came."""


class Screen:
    """One terminal's state; tell it what is sent (`expect`) and what arrives (`feed`)."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns
        self.prompt: Prompt | None = None
        """The last prompt believed."""
        self.asking = True
        """Credentials may be asked for: while logging in, while raising privileges."""
        self.patient = False
        """Believe a first prompt only after a silence, until a password was asked for: keys may land in that prompt."""
        self.settle_s: float | None = None
        """Call `settled` when nothing has arrived for so long."""
        self._pending: deque[_Sent] = deque()
        self._output: list[bytes] = []
        self._early = bytearray()
        self._tail = bytearray()
        self._pieces = 0
        self._decoy = False
        self._echoes: bool | None = None

    @property
    def last_line(self) -> str:
        """The unfinished line, for messages."""
        return show(bytes(self._tail[-PROMPT_LIMIT:])).decode("utf-8", "replace").strip()

    @property
    def last_words(self) -> str:
        """The last line with something in it, for messages."""
        recent = b"".join(self._output[-3:])[-PROMPT_LIMIT:] + bytes(self._tail[-PROMPT_LIMIT:])
        lines = show(recent).decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def expect(self, command: bytes, *, hurried: bool = False) -> None:
        """A command line was sent, without its newline; one answer will follow.

        A hurried answer, to a configuration line, is short and never quotes prompts: a whole prompt ends it at once.
        """
        self._pending.append(_Sent(command, hurried))

    def feed(self, data: bytes) -> list[Event]:
        """What these bytes bring about."""
        events: list[Event] = []
        if not data:
            return events
        self.settle_s = None
        end = data.rfind(b"\n") + 1
        if end:
            self._tail += data[:end]
            finished = bytes(self._tail)
            self._tail[:] = data[end:]
            self._pieces = 1 if self._tail else 0
            self._finish(finished, events)
        else:
            self._tail += data
            self._pieces += 1
        self._look(events, sure=self._pieces == 1 and len(data) < BIG_CHUNK)
        return events

    def settled(self) -> list[Event]:
        """What silence brings about."""
        events: list[Event] = []
        if self.settle_s is not None:
            self.settle_s = None
            self._look(events, sure=True, silent=True)
        return events

    def _finish(self, block: bytes, events: list[Event]) -> None:
        """Take in finished lines; only those that may hold an echo are looked at one by one."""
        at = 0
        while at < len(block) and self._pending and not (len(self._pending) == 1 and self._pending[0].echoed):
            end = block.index(b"\n", at) + 1
            self._line(block[at:end], events)
            at = end
        # What comes between commands (a log line) belongs to none of them.
        if at < len(block) and (self._pending or self.prompt is None):
            rest = block[at:] if at else block
            if self.prompt is not None and not self._decoy and self.prompt.text in rest:
                self._decoy = True
            self._output.append(rest)

    def _line(self, line: bytes, events: list[Event]) -> None:
        head = self._pending[0]
        if not head.echoed:
            self._early += line
            if (prompt := self._echo(line, head.text)) or self._wrapped_echo(head.text):
                head.echoed = self._echoes = True
                self._learn(prompt)
                self._drop()
            elif len(self._early) > ECHO_LIMIT:
                self._blind(head)
        elif prompt := self._echo(line, self._pending[1].text):
            self._complete(prompt, events)
            self._pending[0].echoed = True
        else:
            self._output.append(line)

    def _echo(self, line: bytes, command: bytes) -> Prompt | None:
        """The prompt before the echo, if this line is the echo of the command."""
        text = show(line).rstrip(b"\n")
        want = command.rstrip()
        if not want:
            return self._read(text)
        text = text.rstrip()
        if text.endswith(want):
            return self._read(text[: -len(want)])
        letters = _letters(want)
        if not _letters(text).endswith(letters):
            return None
        # A tab is echoed as blanks: step back over as many letters as were sent.
        at = len(text)
        for _ in letters:
            at = len(text[:at].rstrip()) - 1
        return self._read(text[:at])

    def _wrapped_echo(self, command: bytes) -> bool:
        """The line is longer than the screen: the echo is folded in some way, but its letters stand in order."""
        if self.prompt is None or not command or len(self._early) > PROMPT_LIMIT * 4 + 2 * len(command):
            return False
        return _letters(bytes(self._early)).endswith(_letters(self.prompt.text + command))

    def _blind(self, head: _Sent) -> None:
        head.echoed = head.blind = True
        self._output.append(bytes(self._early))
        self._early.clear()

    def _drop(self) -> None:
        self._early.clear()
        self._output.clear()
        self._decoy = False

    def _read(self, line: bytes) -> Prompt | None:
        """The prompt that this whole line is."""
        kinds: tuple[tuple[Kind, re.Pattern[bytes] | None], ...] = (
            ("cli", self.patterns.prompt),
            ("config", self.patterns.config_prompt),
            ("shell", self.patterns.shell_prompt if self.prompt is None or self.prompt.kind == "shell" else None),
        )
        for kind, pattern in kinds:
            if pattern is not None and (match := pattern.fullmatch(line)):
                groups = match.groupdict()
                return Prompt(line, kind, groups.get("host"), groups.get("user") is not None)
        return None

    def _tied(self, prompt: Prompt) -> bool:
        """Whether the prompt bears the device's name, or a command in flight may have changed it."""
        if self.prompt is None or self.prompt.kind == "shell" or _same_host(prompt.host, self.prompt.host):
            return True
        return any(_RENAMES.search(sent.text) for sent in self._pending)

    def _learn(self, prompt: Prompt | None) -> None:
        if prompt is not None:
            self.prompt = prompt

    def _complete(self, prompt: Prompt, events: list[Event]) -> None:
        head = self._pending.popleft() if self._pending else None
        output = show(b"".join(self._output))
        if head is not None and head.blind and self.prompt and output.startswith(self.prompt.text):
            output = output.partition(b"\n")[2]
        self.prompt = prompt
        self._drop()
        events.append(Answered(head.text if head else None, output, prompt, echoed=not (head and head.blind)))

    def _look(self, events: list[Event], *, sure: bool, silent: bool = False) -> None:
        """Does the device wait for something? `sure`: the last line is all there; `silent`: nothing more came."""
        if not self._tail or len(self._tail) > PROMPT_LIMIT:
            return
        line = show(bytes(self._tail))
        head = self._pending[0] if self._pending else None
        prompt = self._read(line)
        if prompt is not None and self._tied(prompt):
            if len(self._pending) > 1:
                self._look_at_lost(prompt, events, silent=silent)
            else:
                self._look_at_prompt(prompt, head, events, sure=sure, silent=silent)
        elif event := self._waits(line):
            if not sure:
                self.settle_s = SETTLE_S
                return
            if isinstance(event, Send) and event.data != self.patterns.pager_key:
                self._output.append(bytes(self._tail))
            self._tail.clear()
            self._pieces = 0
            self.patient = self.patient and event != Asked("password")
            events.append(event)

    def _look_at_prompt(
        self, prompt: Prompt, head: _Sent | None, events: list[Event], *, sure: bool, silent: bool
    ) -> None:
        if head is None and self.prompt is not None:
            self.prompt = prompt
            return
        silence = 0.0 if silent else self._doubt(prompt, head, sure=sure)
        if silence:
            self.settle_s = silence
            return
        if head is not None and not head.echoed:
            self._echoes = self._echoes or False
            self._blind(head)
        self._complete(prompt, events)

    def _doubt(self, prompt: Prompt, head: _Sent | None, *, sure: bool) -> float:
        """The silence that this prompt needs to be believed."""
        if head is None or self.prompt is None:
            # A banner may look like this; the echo of the next command tells.
            return 0.0 if sure and not self.patient and prompt.kind != "shell" else DOUBT_S
        if not head.echoed:
            return DOUBT_S if self._echoes is False else LOST_ECHO_S
        if not _same_host(prompt.host, self.prompt.host):
            return DOUBT_S
        if sure and not self._decoy:
            return 0.0 if head.hurried else BLINK_S
        self._decoy = True
        return SETTLE_S

    def _look_at_lost(self, prompt: Prompt, events: list[Event], *, silent: bool) -> None:
        """Several commands are unanswered at a prompt: their echoes were garbled, or are still to come."""
        if not silent:
            self.settle_s = LOST_ECHO_S
            return
        rest = [self._pending.popleft() for _ in range(len(self._pending) - 1)]
        output = show(bytes(self._early) + b"".join(self._output))
        events += [Answered(sent.text, output, prompt, echoed=False) for sent in rest]
        self._pending[0].blind = True
        self._complete(prompt, events)
        # Which of them it answers is unknown; a refusal in it must be found with the first.

    def _waits(self, line: bytes) -> Event | None:
        patterns = self.patterns
        if patterns.pager is not None and patterns.pager.search(line):
            return Send(patterns.pager_key)
        for dialog in patterns.dialogs:
            if dialog.question.search(line):
                return Send(dialog.answer)
        if self.asking and patterns.username_prompt.search(line):
            return Asked("username")
        if self.asking and patterns.password_prompt.search(line):
            return Asked("password")
        return None


def _same_host(one: bytes | None, other: bytes | None) -> bool:
    """Whether two prompts bear one name: IOS keeps twenty letters of it in configuration mode."""
    if one == other or one is None or other is None:
        return one == other
    short, long = sorted((one, other), key=len)
    return len(short) == _SHORTENED_HOST and long.startswith(short)


def show(data: bytes) -> bytes:
    """The text a screen would show: ANSI sequences gone, backspaces and carriage returns carried out."""
    if b"\x1b" in data:
        data = _ANSI.sub(b"", data)
    if b"\0" in data or b"\x07" in data:
        data = data.translate(None, b"\0\x07")
    while b"\r" in data and b"\r\n" in data:  # one byte is looked for much faster than two
        data = data.replace(b"\r\n", b"\n")
    if b"\r" in data or b"\b" in data:
        data = b"\n".join(_overwrite(line) if b"\r" in line or b"\b" in line else line for line in data.split(b"\n"))
    return data


def _overwrite(line: bytes) -> bytes:
    shown = bytearray()
    at = 0
    for piece in re.split(rb"([\r\b])", line):
        if piece == b"\r":
            at = 0
        elif piece == b"\b":
            at = max(0, at - 1)
        elif piece:
            shown[at : at + len(piece)] = piece
            at += len(piece)
    # A pager's line is wiped out with blanks; those behind the cursor were never text.
    return bytes(shown) if shown[at:].strip() else bytes(shown[:at])


def _letters(data: bytes) -> bytes:
    """Only what a folded or redrawn line keeps: no blanks, no control characters."""
    return _BLANKS.sub(b"", _ANSI.sub(b"", re.sub(rb".\x08", b"", data)))
