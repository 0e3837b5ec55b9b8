"""A terminal in front of a shell: keys, echo, pager, login, and the faults that a line can have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from netloom.lab.simulation.distance import Distance
from netloom.lab.simulation.shell import Answer, Shell

if TYPE_CHECKING:
    from netloom.lab.simulation.faults import Fault

LITERAL, ERASE, KILL, INTERRUPT, END = 0x16, (0x08, 0x7F), 0x15, 0x03, 0x04


class HungUp(Exception):
    """The other side is gone, or the device dropped the session."""


class Terminal:
    """One session's keys and screen."""

    def __init__(self, shell: Shell, write: Callable[[bytes], None], hang_up: Callable[[], None]) -> None:
        self._shell = shell
        self._distance = Distance(write, shell.device.spec.round_trip_s)
        self._send = self._distance.write
        self._unsent = bytearray()
        self._hang_up = hang_up
        self._keys: asyncio.Queue[int] = asyncio.Queue()
        self._after_return = False

    def typed(self, data: bytes) -> None:
        """Keys arrived; none at all is the end."""
        for octet in data:
            self._keys.put_nowait(octet)
        if not data:
            self._keys.put_nowait(-1)

    async def login(self, username_prompt: str, password_prompt: str, check: Callable[[str, str], bool]) -> str | None:
        """Ask for the account, three times at most; None where it was never right."""
        for _ in range(3):
            self._show(f"\n{username_prompt}")
            user = await self._line(echo=True)
            self._show(password_prompt)
            password = await self._line(echo=False)
            if check(user, password):
                return user
            self._show("% Authentication failed\n\n")
        return None

    async def run(self) -> None:
        """Serve until the session ends."""
        shell, device = self._shell, self._shell.device
        device.joined(self._hang_up)
        try:
            self._show(shell.greeting())
            while True:
                self._show(shell.prompt())
                line = await self._line(echo=shell.echo)
                if await self._answer(line):
                    return
        except HungUp:
            return
        finally:
            self._flush()
            self._distance.end()
            shell.closed()
            device.left(self._hang_up)
            self._hang_up()

    async def _answer(self, line: str) -> bool:
        """Carry out a line and show its answer; true where the session is over."""
        shell = self._shell
        fault = shell.device.faults.strike(line.strip()) if line.strip() and shell.pending is None else None
        if fault is not None and await self._struck_before(fault):
            return False
        if shell.device.spec.latency_s:
            await asyncio.sleep(shell.device.spec.latency_s)
        answer = shell.execute(line)
        if answer.takes_s:
            self._flush()
            await asyncio.sleep(answer.takes_s / shell.device.spec.hurry)
        if not shell.device.reachable:
            shell.device.hang_up()
            raise HungUp
        await self._struck_after(fault, answer)
        if answer.text and not (fault is not None and fault.kind == "one_byte"):
            await self._page(answer.text)
        return answer.end

    async def _struck_before(self, fault: Fault) -> bool:
        """True where the fault is all the answer there is."""
        self._flush()
        if fault.kind == "stall":
            await asyncio.Event().wait()
        if fault.kind == "reset":
            raise HungUp
        if fault.kind == "reject":
            self._show(self._shell.unknown("refused on demand").text)
            return True
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        return False

    async def _struck_after(self, fault: Fault | None, answer: Answer) -> None:
        if fault is None:
            return
        if fault.kind == "reset_after":
            raise HungUp
        if fault.kind == "garbage":
            self._write(b"\xff\xfe\x1b[31m\x00stray\x1b[0m\r\n")
        if fault.kind == "prompt_in_output":
            self._show(f"{self._shell.prompt()}\n")
            self._flush()
            await asyncio.sleep(0.02)
        if fault.kind == "one_byte":
            self._flush()
            for octet in answer.text.replace("\n", "\r\n").encode():
                self._send(bytes([octet]))
                await asyncio.sleep(0)

    def _show(self, text: str) -> None:
        if text:
            self._write(text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "surrogateescape"))

    async def _page(self, text: str) -> None:
        length = self._shell.page_length
        if not text.endswith("\n"):
            text += "\n"
        lines = text.splitlines(keepends=True)
        if length <= 0 or len(lines) <= length:
            self._show(text)
            return
        for at in range(0, len(lines), length - 1):
            self._show("".join(lines[at : at + length - 1]))
            if at + length - 1 < len(lines):
                self._show(self._shell.pager)
                key = await self._key()
                blank = b"\x08" * len(self._shell.pager)
                self._write(blank + b" " * len(self._shell.pager) + blank)
                if key in (ord("q"), INTERRUPT):
                    return

    def _write(self, data: bytes) -> None:
        """Show something before the next key is waited for: a packet a key would be slow."""
        self._unsent += data

    def _flush(self) -> None:
        if self._unsent:
            data = bytes(self._unsent)
            self._unsent.clear()
            self._send(data)

    async def _key(self) -> int:
        if self._keys.empty():
            self._flush()
        key = await self._keys.get()
        if key < 0:
            raise HungUp
        return key

    def _ended(self) -> str:
        """What ^D alone on a line stands for."""
        if not self._shell.takes_end:
            raise HungUp
        return chr(END)

    async def _line(self, *, echo: bool) -> str:
        line = bytearray()
        while True:
            key = await self._key()
            if key == 0x0A and self._after_return:
                self._after_return = False
                continue
            self._after_return = key == 0x0D
            if key in (0x0D, 0x0A):
                break
            if key == 0:
                continue
            if key == LITERAL:
                key = await self._key()
            elif key in ERASE:
                if line:
                    line.pop()
                    self._write(b"\x08 \x08" if echo else b"")
                continue
            elif key in (KILL, INTERRUPT):
                line.clear()
                if key == INTERRUPT:
                    break
                continue
            elif key == END and not line:
                return self._ended()
            line.append(key)
            if echo:
                self._write(bytes([key]))
        self._write(b"\r\n")
        return line.decode("utf-8", "surrogateescape")
