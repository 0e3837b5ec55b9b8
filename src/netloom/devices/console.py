"""A device's command line: commands in, answers out, over any channel."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from netloom.codecs.terminal import Answered, Asked, Event, Prompt, Screen, Send
from netloom.errors import AuthenticationFailed, CommandRejected, DeviceError, OperationTimeout, Refused, SessionClosed
from netloom.model.host import Access
from netloom.model.secret import Secret
from netloom.platforms.contract import Terminal
from netloom.transports.channel import Channel

FOLDED_AT = 400
"""Characters; a longer line may be folded on the screen, so it travels alone, whatever the window."""


class Console:
    """One terminal, used by one operation at a time; whatever cuts an operation short hangs up."""

    def __init__(self, access: Access, terminal: Terminal) -> None:
        self._access = access
        self._terminal = terminal
        self._screen = Screen(terminal)
        self._channel: Channel | None = None
        self._early = bytearray()
        """What came before there was a way to answer: a fast device asks for a name at once."""
        self._answers: deque[Answered] = deque()
        self._error: DeviceError | None = None
        self._wake: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._password: Secret | None = access.password
        self._said: set[str] = set()
        self._turn = asyncio.Lock()
        self.on_shell = False
        """The account landed in the system's shell; the command line was started from there."""

    @property
    def alive(self) -> bool:
        """Whether commands can be sent."""
        return self._error is None

    @property
    def prompt(self) -> Prompt | None:
        """Where the command line stands."""
        return self._screen.prompt

    # What a channel tells (transports.channel.Receiver).

    def received(self, data: bytes) -> None:
        """Bytes arrived."""
        if self._channel is None:
            self._early += data
        else:
            self._handle(self._screen.feed(data))

    def lost(self, error: DeviceError) -> None:
        """The channel is gone."""
        if self._early:
            self._screen.feed(bytes(self._early))  # its last words
        if self._error is None:
            self._error = self._login_broke(error) if self._screen.asking else error
        self._stop_timer()
        self._notify()

    async def open(self, channel: Channel, *, patient: bool) -> None:
        """Log in where the terminal asks for it, and stand at the command line's prompt."""
        self._channel = channel
        self._screen.patient = patient
        early, self._early = bytes(self._early), bytearray()
        if early:
            self.received(early)
        async with self._operation("the login", self._access.connect_timeout_s):
            answer = await self._answer()
            start = self._terminal.start_cli
            if answer.prompt.kind == "shell" and start is not None:
                self.on_shell = True
                answer = await self._say(f"sudo -n {start}" if self._access.become else start)
                if answer.prompt.kind == "shell":
                    raise CommandRejected(device=self._access.name, line=start, answer=_text(answer))
            self._screen.asking = False
            for command in self._terminal.setup or ("",):
                await self._say(command)
        if self._access.enable_password is not None:
            await self.enable()

    async def enable(self) -> None:
        """Raise privileges where the prompt says that they are missing; raises AuthenticationFailed."""
        command = self._terminal.enable
        if command is None or self.prompt is None or not self.prompt.user:
            return
        self._password, self._said, self._screen.asking = self._access.enable_password, set(), True
        try:
            answer = await self.run(command)
        finally:
            self._screen.asking = False
        if answer.prompt.user:
            raise AuthenticationFailed(
                f"{command!r} was refused: {_text(answer).strip() or 'no reason given'}",
                device=self._access.name,
                hint="check the enable password, and whether the account may raise its privileges",
            )

    async def run(self, command: str, *, timeout_s: float | None = None) -> Answered:
        """Send one command and wait for its answer."""
        limit = self._access.command_timeout_s if timeout_s is None else timeout_s
        async with self._operation(repr(command), limit):
            return await self._say(command)

    async def run_all(
        self, lines: Sequence[str], *, window: int, refused: Callable[[Answered], bool], timeout_s: float | None = None
    ) -> tuple[int, Answered] | None:
        """Send lines with up to `window` unanswered; the first refused one by index, or None.

        After a refusal no more is sent; the lines in flight by then (at most `window` - 1) were carried out or not as
        the device saw fit. The limit holds for the whole; without one, every answer has `command_timeout_s`.
        """
        first: tuple[int, Answered] | None = None
        sent = done = 0
        async with self._operation("the configuration", timeout_s):
            while done < sent or (first is None and sent < len(lines)):
                burst: list[str] = []
                while first is None and sent < len(lines) and _fits(lines, done, sent, window):
                    burst.append(lines[sent])
                    sent += 1
                self._send(burst, hurried=True)
                try:
                    async with asyncio.timeout(self._access.command_timeout_s if timeout_s is None else None):
                        answer = await self._answer()
                except TimeoutError as exc:
                    raise self._too_slow(repr(lines[done]), self._access.command_timeout_s) from exc
                if first is None and refused(answer):
                    first = (done, answer)
                done += 1
        return first

    def close(self) -> None:
        """Hang up."""
        self._stop_timer()
        if self._error is None:
            self._error = SessionClosed("the session is closed", device=self._access.name)
        if self._channel is not None:
            self._channel.close()

    @asynccontextmanager
    async def _operation(self, what: str, limit: float | None) -> AsyncIterator[None]:
        async with self._turn:
            try:
                async with asyncio.timeout(limit):
                    yield
            except TimeoutError as exc:
                error = self._too_slow(what, limit or 0)
                self.close()
                raise error from exc
            except BaseException:
                # What is still to come would be taken for the next command's answer.
                self.close()
                raise

    def _too_slow(self, what: str, limit: float) -> OperationTimeout:
        return OperationTimeout(
            f"{what} took longer than {limit:g} s; the screen's last line: {self._screen.last_line!r}",
            device=self._access.name,
        )

    async def _say(self, command: str) -> Answered:
        self._send([command])
        return await self._answer()

    def _send(self, lines: Sequence[str], *, hurried: bool = False) -> None:
        keys = bytearray()
        for line in lines:
            if any(char < " " and char != "\t" and not (char == "\n" and hurried) for char in line):
                raise CommandRejected(device=self._access.name, line=line, answer="it holds a control character")
            # A banner's lines in a configuration get no prompt of their own: they count as the output of the first.
            first, *rest = line.split("\n")
            self._screen.expect(first.encode(), hurried=hurried and not rest)
            for text in (first.encode(), *(part.encode() for part in rest)):
                keys += self._meant(text) + (self._channel.newline if self._channel else b"")
        if keys and self._channel is not None:
            self._channel.write(bytes(keys))

    def _meant(self, text: bytes) -> bytes:
        for key in (b"?", b"\t"):
            text = text.replace(key, self._terminal.literal_key + key)
        return text

    async def _answer(self) -> Answered:
        while not self._answers:
            if self._error is not None:
                raise self._error
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        return self._answers.popleft()

    def _handle(self, events: Sequence[Event]) -> None:
        self._stop_timer()
        for event in events:
            match event:
                case Answered():
                    self._answers.append(event)
                    self._notify()
                case Send(data):
                    self._write(data)
                case Asked(what):
                    self._credential(what)
        if self._screen.settle_s is not None and self._error is None:
            self._timer = asyncio.get_running_loop().call_later(self._screen.settle_s, self._settled)

    def _settled(self) -> None:
        self._handle(self._screen.settled())

    def _credential(self, what: str) -> None:
        secret = self._password.reveal() if self._password is not None else None
        text = self._access.username if what == "username" else secret
        if what in self._said or text is None:
            refused = "is refused" if what in self._said else "is asked for, and none is configured"
            self._error = AuthenticationFailed(f"the {what} {refused}", device=self._access.name)
            self._notify()
            return
        self._said.add(what)
        self._write(text.encode() + (self._channel.newline if self._channel else b""))

    def _login_broke(self, error: DeviceError) -> DeviceError:
        words = self._screen.last_words or "no word"
        if self._said:
            failure: DeviceError = AuthenticationFailed(
                f"the device hung up on the credentials, with {words!r}", device=self._access.name
            )
        else:
            failure = Refused(
                f"the device hung up before the login, with {words!r}",
                device=self._access.name,
                hint="are all its lines busy?",
            )
        failure.__cause__ = error
        return failure

    def _write(self, data: bytes) -> None:
        if self._channel is not None:
            self._channel.write(data)

    def _notify(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _fits(lines: Sequence[str], done: int, sent: int, window: int) -> bool:
    if sent == done:
        return True
    return sent - done < window and not _travels_alone(lines[sent]) and not _travels_alone(lines[sent - 1])


def _travels_alone(line: str) -> bool:
    """A terminal that is still busy when the keys arrive swallows the literal key (termios(3), LNEXT)."""
    return len(line) > FOLDED_AT or any(key in line for key in "?\t\n")


def _text(answer: Answered) -> str:
    return answer.output.decode("utf-8", "backslashreplace")
