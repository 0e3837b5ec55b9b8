"""A session with one device: its command line, the shell beneath and its SNMP agent, each opened when first used."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from netloom.codecs.terminal import Answered
from netloom.devices.console import Console
from netloom.errors import CommandRejected, Unsupported
from netloom.model.config import Line
from netloom.model.host import Access
from netloom.platforms.contract import Columns, Platform, Read, load_platform
from netloom.transports.channel import Completed
from netloom.transports.host_keys import HostKeys, host_keys_in

if TYPE_CHECKING:
    from netloom.transports.snmp import SnmpAgent
    from netloom.transports.ssh import SshConnection

JUDGED = 2048
"""Characters at the start of an answer in which a refusal may stand; further on it is output that quotes one."""


class Session:
    """One device; `connect` makes it and closes it."""

    def __init__(self, access: Access, platform: Platform, keys: HostKeys) -> None:
        self.access = access
        self.platform = platform
        self._keys = host_keys_in(access.known_hosts) if access.known_hosts else keys
        self._console: Console | None = None
        self._ssh: SshConnection | None = None
        self._shell_ssh: SshConnection | None = None
        self._snmp: SnmpAgent | None = None
        # Work that asks several things at once must not open a connection for each.
        self._opening_ssh, self._opening_console, self._opening_rest = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()

    async def open(self) -> None:
        """Log in now rather than at the first command."""
        if self._runs_alone:
            await self._connection()
        else:
            await self._open_console()

    async def run(self, command: str, *, timeout_s: float | None = None) -> str:
        """The device's answer to a command; raises CommandRejected with its words."""
        if self._runs_alone:
            return await self._execute(self._raised(command), line=command, timeout_s=timeout_s)
        console = await self._open_console()
        answer = await console.run(command, timeout_s=timeout_s)
        output = _text(answer)
        if self._refusal(answer, config=False):
            raise CommandRejected(device=self.access.name, line=command, answer=output.strip())
        return output

    async def read(self, read: Read) -> str:
        """The answer to one of the platform's questions."""
        return await (self.shell(read.command) if read.where == "shell" else self.run(read.command))

    async def running_config(self) -> str:
        """The running configuration as the device prints it."""
        return await self.read(self.platform.running_config)

    async def configure(
        self, lines: Sequence[Line], *, timeout_s: float | None = None, stop_at_first: bool = False
    ) -> None:
        """Enter these lines in configuration mode and leave it again, also after an error.

        Lines are typed as `platform.script` says, with `terminal.window` of them in flight. At the first refusal no
        more lines are sent, those in flight are waited for (so up to window - 1 lines after the refused one may have
        been carried out; none with `stop_at_first`), and CommandRejected names the line and its number in `lines`,
        counted from one. A section's header that `lines` does not hold has the number of the first line within.
        """
        script = self.platform.script(lines)
        if self._runs_alone:
            for index, typed in enumerate(script):
                try:
                    await self.run(typed, timeout_s=timeout_s)
                except CommandRejected as exc:
                    raise self._rejected(lines, script, index, exc.answer) from exc
            return
        console = await self._open_console()
        await console.enable()
        await self._enter_config(console)
        window = 1 if stop_at_first else self.platform.terminal.window
        refused = await console.run_all(
            script, window=window, refused=lambda answer: self._refusal(answer, config=True), timeout_s=timeout_s
        )
        await console.run(self.platform.terminal.leave_config)
        if refused is not None:
            index, answer = refused
            raise self._rejected(lines, script, index, _text(answer).strip())

    async def shell(self, script: str, *, timeout_s: float | None = None) -> str:
        """What a POSIX shell script prints on the system beneath; raises CommandRejected where it fails.

        The script's commands read nothing (/dev/null) from standard input.
        """
        connection = await self._shell_connection()
        # The braces make the shell read the whole script before a command of it could read from the same input.
        stdin = f"{{ :\n{script}\n}} </dev/null\n".encode()
        completed = await connection.execute(self._raised("sh -s", quote=False), stdin=stdin, timeout_s=timeout_s)
        return self._checked(completed, script.strip().partition("\n")[0])

    async def walk(self, columns: Sequence[str]) -> Columns:
        """Columns of the device's SNMP tables."""
        if self.access.snmp is None:
            raise Unsupported(
                "no SNMP access is configured",
                device=self.access.name,
                hint="set netloom_snmp_user, or netloom_snmp_community for version 2c",
            )
        async with self._opening_rest:
            if self._snmp is None:
                from netloom.transports.snmp import open_snmp  # noqa: PLC0415 - cryptography is slow to import

                self._snmp = await open_snmp(self.access)
        return await self._snmp.walk(columns)

    async def save(self) -> None:
        """Make the running configuration survive a reboot; nothing to do where it does so by itself."""
        command = self.platform.save
        if command is None:
            return
        output = await self.run(command)
        for pattern in self.platform.terminal.config_rejections:
            if pattern.search(output):
                raise CommandRejected(device=self.access.name, line=command, answer=output.strip())

    async def close(self) -> None:
        """Hang up everything."""
        if self._console is not None:
            self._console.close()
        if self._snmp is not None:
            self._snmp.close()
        for connection in (self._ssh, self._shell_ssh):
            if connection is not None:
                await connection.close()

    @property
    def _runs_alone(self) -> bool:
        return self.platform.terminal.exec_channel and self.access.transport == "ssh"

    def _raised(self, command: str, *, quote: bool = True) -> str:
        if not self.access.become:
            return command
        return f"sudo -n sh -c {shlex.quote(command)}" if quote else f"sudo -n {command}"

    async def _connection(self) -> SshConnection:
        async with self._opening_ssh:
            if self._ssh is None or self._ssh.closed:
                from netloom.transports.ssh import connect_ssh  # noqa: PLC0415 - asyncssh is slow to import

                self._ssh = await connect_ssh(self.access, self._keys)
            return self._ssh

    async def _open_console(self) -> Console:
        async with self._opening_console:
            return await self._living_console()

    async def _living_console(self) -> Console:
        if self._console is not None and self._console.alive:
            return self._console
        console = Console(self.access, self.platform.terminal)
        if self.access.transport == "telnet":
            from netloom.transports.telnet import open_telnet  # noqa: PLC0415 - only where it is used

            channel = await open_telnet(self.access, console, self._keys)
        else:
            channel = await (await self._connection()).open_shell(console)
        self._console = console
        try:
            await console.open(channel, patient=self.access.transport == "telnet")
        except BaseException:
            console.close()
            raise
        return console

    async def _shell_connection(self) -> SshConnection:
        if self.access.shell_username is not None:
            async with self._opening_rest:
                if self._shell_ssh is None or self._shell_ssh.closed:
                    self._shell_ssh = await self._connect_shell(self.access.shell_username)
                return self._shell_ssh
        if self.access.transport == "ssh" and (self._runs_alone or (await self._open_console()).on_shell):
            return await self._connection()
        raise Unsupported(
            f"{self.access.username!r} logs in to the command line, not to the system's shell",
            device=self.access.name,
            hint="name an account that does: netloom_shell_user",
        )

    async def _connect_shell(self, username: str) -> SshConnection:
        from netloom.transports.ssh import connect_ssh  # noqa: PLC0415 - asyncssh is slow to import

        account = replace(self.access, username=username, transport="ssh")
        if self.access.transport != "ssh":
            account = replace(account, port=None)
        return await connect_ssh(account, self._keys)

    async def _execute(self, command: str, *, line: str, timeout_s: float | None) -> str:
        connection = await self._connection()
        return self._checked(await connection.execute(command, timeout_s=timeout_s), line)

    def _checked(self, completed: Completed, line: str) -> str:
        if completed.status != 0:
            words = (completed.stderr or completed.stdout).decode("utf-8", "backslashreplace").strip()
            status = "a signal" if completed.status is None else f"exit status {completed.status}"
            raise CommandRejected(device=self.access.name, line=line, answer=words or status)
        return completed.stdout.decode("utf-8", "backslashreplace")

    async def _enter_config(self, console: Console) -> None:
        command = self.platform.terminal.enter_config
        answer = await console.run(command)
        if answer.prompt.kind != "config":
            raise CommandRejected(device=self.access.name, line=command, answer=_text(answer).strip())

    def _refusal(self, answer: Answered, *, config: bool) -> bool:
        terminal = self.platform.terminal
        head = answer.output[:JUDGED].decode("utf-8", "backslashreplace")
        patterns = (*terminal.rejections, *(terminal.config_rejections if config else ()))
        return any(pattern.search(head) for pattern in patterns)

    def _rejected(self, lines: Sequence[Line], script: Sequence[str], index: int, answer: str) -> CommandRejected:
        number = 0
        for position, typed in enumerate(script[: index + 1]):
            if number < len(lines) and (position == index or typed.strip() == lines[number].text.strip()):
                number += 1
        return CommandRejected(device=self.access.name, line=script[index], answer=answer, number=number)


@asynccontextmanager
async def connect(access: Access, *, keys: HostKeys) -> AsyncIterator[Session]:
    """A session, closed at the end of the block; nothing is opened before it is used."""
    session = Session(access, load_platform(access.platform), keys)
    try:
        yield session
    finally:
        await session.close()


def _text(answer: Answered) -> str:
    return answer.output.decode("utf-8", "backslashreplace")
