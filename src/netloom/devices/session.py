"""A session with one device: its command line, the shell beneath and its SNMP agent, each opened when first used."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from netloom.codecs.terminal import Answered
from netloom.devices.console import Console
from netloom.devices.talk import converse
from netloom.errors import CommandRejected, OutputNotUnderstood, Unsupported
from netloom.model.config import Line
from netloom.model.host import Access
from netloom.platforms.contract import Api, ApiAnswer, Ask, Columns, OtherApi, Platform, Read, load_platform
from netloom.transports.channel import Completed
from netloom.transports.host_keys import HostKeys, host_keys_in

if TYPE_CHECKING:
    from netloom.transports.http import HttpConnection
    from netloom.transports.netconf import NetconfSession
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
        self._http: HttpConnection | None = None
        self._netconf: NetconfSession | None = None
        self._own_api: Api | None = None
        # Work that asks several things at once must not open a connection for each.
        self._opening_ssh, self._opening_console, self._opening_rest = asyncio.Lock(), asyncio.Lock(), asyncio.Lock()

    async def open(self) -> None:
        """Log in now rather than at the first command."""
        if self._speaks_api:
            await self._ask_api([])
        elif self.access.transport == "netconf":
            await self.netconf()
        elif self._runs_alone:
            await self._connection()
        else:
            await self._open_console()

    async def run(self, command: str, *, timeout_s: float | None = None) -> str:
        """The device's answer to a command; raises CommandRejected with its words."""
        reads = self.platform.reads
        if reads is not None and not self.access.write and not reads.fullmatch(command):
            raise Unsupported(
                f"{command.strip()!r} may change it: of a system that nobody knows, netloom only reads",
                device=self.access.name,
                hint="netloom_write: true in the inventory permits it",
            )
        if self._speaks_api:
            return await self._run_by_api([command], timeout_s=timeout_s)
        if self.access.transport == "netconf":
            return await self._run_by_rpc(command, timeout_s=timeout_s)
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
        if read.where == "shell":
            return await self.shell(read.command)
        if self.access.transport == "netconf" and read.rpc is not None:
            return await self.rpc(read.rpc)
        return await self.run(read.command)

    async def rpc(self, content: str, *, timeout_s: float | None = None) -> str:
        """The whole rpc-reply to a NETCONF operation; raises CommandRejected for its errors.

        The session's own SSH connection carries it where the session has one; port 830 else.
        """
        return await (await self.netconf()).rpc(content, timeout_s=timeout_s)

    async def netconf(self) -> NetconfSession:
        """Its NETCONF session: its capabilities, and any operation of `codecs.netconf_operations`."""
        async with self._opening_rest:
            if self._netconf is None or not self._netconf.alive:
                from netloom.transports.netconf import open_netconf  # noqa: PLC0415 - only where it is used

                self._netconf = await open_netconf(self.access, await self._connection())
            return self._netconf

    async def store(self, name: str, text: str) -> None:
        """Write a file on the device."""
        await (await self._connection()).store(name, text.encode())

    async def running_config(self) -> str:
        """The running configuration as the device prints it."""
        return await self.read(self.platform.running_config)

    async def configure(
        self,
        lines: Sequence[Line],
        *,
        timeout_s: float | None = None,
        stop_at_first: bool = False,
        enter: str | None = None,
        leave: str | None = None,
    ) -> str:
        """Enter these lines in configuration mode and leave it again, also after an error; the last one's answer.

        `enter` and `leave` name another mode's commands than the terminal's own.

        Lines are typed as `platform.script` says, with `terminal.window` of them in flight. At the first refusal no
        more lines are sent, those in flight are waited for (so up to window - 1 lines after the refused one may have
        been carried out; none with `stop_at_first`; never a commit), and CommandRejected names the line and its number
        in `lines`, counted from one. A section's header that `lines` does not hold has the number of the first line
        within.
        """
        if self.access.transport == "netconf" and enter is None:
            await self._configure_by_rpc(lines, timeout_s=timeout_s)
            return ""
        commit = self.platform.terminal.commit if enter is None else None
        script = [*self.platform.script(lines), *([commit] if commit is not None else [])]
        enter = self.platform.terminal.enter_config if enter is None else enter
        leave = self.platform.terminal.leave_config if leave is None else leave
        if self._speaks_api:
            return await self._configure_by_api(lines, script, enter, leave, timeout_s=timeout_s)
        if self._runs_alone:
            said = ""
            for index, typed in enumerate(script):
                try:
                    said = await self.run(typed, timeout_s=timeout_s)
                except CommandRejected as exc:
                    raise self._rejected(lines, script, index, exc.answer) from exc
            return said
        refused, said = await self._configure_by_console(
            (enter, script, leave), window=1 if stop_at_first else self.platform.terminal.window, timeout_s=timeout_s
        )
        if refused is not None:
            raise self._rejected(lines, script, refused, said.strip())
        return said

    async def shell(self, script: str, *, timeout_s: float | None = None) -> str:
        """What a POSIX shell script prints on the system beneath; raises CommandRejected where it fails.

        The script's commands read nothing (/dev/null) from standard input.
        """
        connection = await self._shell_connection()
        # The braces make the shell read the whole script before a command of it could read from the same input.
        stdin = f"{{ :\n{script}\n}} </dev/null\n".encode()
        completed = await connection.execute(self._raised("sh -s", quote=False), stdin=stdin, timeout_s=timeout_s)
        return self._checked(completed, script.strip().partition("\n")[0])

    async def exchange(self, ask: Ask, *, timeout_s: float | None = None) -> str:
        """One question of a guard's talk, and the answer."""
        match ask.by:
            case "cli":
                return await self.run(ask.text, timeout_s=timeout_s)
            case "shell":
                return await self.shell(ask.text, timeout_s=timeout_s)
            case "config":
                return await self.configure(ask.lines, timeout_s=timeout_s, enter=ask.enter, leave=ask.leave)
            case "rpc":
                return await self.rpc(ask.text, timeout_s=timeout_s)
            case "file":
                await self.store(ask.name, ask.text)
                return ""

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
        if self._http is not None:
            await self._http.close()
        if self._netconf is not None and self._netconf.alive:
            await self._netconf.close_session()
        for connection in (self._ssh, self._shell_ssh):
            if connection is not None:
                await connection.close()

    @property
    def _runs_alone(self) -> bool:
        return self.platform.terminal.exec_channel and self.access.transport == "ssh"

    @property
    def _speaks_api(self) -> bool:
        return self.access.transport in ("http", "https")

    def _api(self) -> Api:
        """The platform's API, with the device's secret where it takes one."""
        if self._own_api is not None:
            return self._own_api
        api: Any = self.platform.api
        if api is None:
            raise Unsupported(f"{self.platform.title} has no API over HTTP", device=self.access.name)
        secret = self.access.enable_password
        takes_one = is_dataclass(api) and any(item.name == "enable_password" for item in fields(api))
        own: Api = replace(api, enable_password=secret) if takes_one and secret is not None else api
        self._own_api = own
        return own

    async def _ask_api(self, commands: Sequence[str], *, timeout_s: float | None = None) -> list[ApiAnswer]:
        api = self._api()
        if self._http is None:
            from netloom.transports.http import HttpConnection  # noqa: PLC0415 - only where an API is asked

            self._http = HttpConnection(self.access)
        asked = api.request(commands)
        body = await self._http.post(asked.path, asked.body, asked.content_type, timeout_s=timeout_s)
        try:
            return api.answers(body, commands)
        except OtherApi as exc:
            self._own_api = exc.api
            return await self._ask_api(commands, timeout_s=timeout_s)
        except ValueError as exc:
            raise OutputNotUnderstood(f"its API: {exc}", device=self.access.name) from exc

    async def _run_by_rpc(self, command: str, *, timeout_s: float | None) -> str:
        asked = self.platform.command_rpc
        if asked is None:
            raise Unsupported(
                f"NETCONF runs no commands such as {command!r}", device=self.access.name, hint="netloom_transport: ssh"
            )
        try:
            return asked.output(await self.rpc(asked.request(command), timeout_s=timeout_s))
        except CommandRejected as exc:
            raise CommandRejected(device=self.access.name, line=command, answer=exc.answer) from exc
        except ValueError as exc:
            raise OutputNotUnderstood(f"{command!r}: {exc}", device=self.access.name) from exc

    async def _run_by_api(self, commands: Sequence[str], *, timeout_s: float | None) -> str:
        answers = await self._ask_api(commands, timeout_s=timeout_s)
        for command, answer in zip(commands, answers, strict=False):
            if answer.error is not None:
                raise CommandRejected(device=self.access.name, line=command, answer=answer.error)
        return answers[-1].output if answers else ""

    async def _configure_by_rpc(self, lines: Sequence[Line], *, timeout_s: float | None) -> None:
        if self.platform.enter is None:
            raise Unsupported(
                f"{self.platform.title} is not configured over NETCONF",
                device=self.access.name,
                hint="netloom_transport: ssh",
            )
        await converse(self, self.platform.enter(lines), timeout_s=timeout_s)

    async def _configure_by_api(
        self, lines: Sequence[Line], script: Sequence[str], enter: str, leave: str, *, timeout_s: float | None
    ) -> str:
        commands = [enter, *script, leave]
        answers = await self._ask_api(commands, timeout_s=timeout_s)
        for index, answer in enumerate(answers):
            if answer.error is None:
                continue
            if 0 < index <= len(script):
                raise self._rejected(lines, script, index - 1, answer.error)
            raise CommandRejected(device=self.access.name, line=commands[index], answer=answer.error)
        return answers[len(script)].output if 0 < len(script) < len(answers) else ""

    async def _configure_by_console(
        self, typed: tuple[str, Sequence[str], str], *, window: int, timeout_s: float | None
    ) -> tuple[int | None, str]:
        """Enter, type and leave; which line was refused, and what was said to it or else to the last one."""
        enter, script, leave = typed
        console = await self._open_console()
        await console.enable()
        await self._enter_config(console, enter)
        refused: tuple[int, Answered] | None = None
        last: list[Answered] = []

        def is_refusal(answer: Answered) -> bool:
            last[:] = [answer]
            return self._refusal(answer, config=True)

        for start, part in _up_to_commits(script, self.platform.terminal.commit):
            refused = await console.run_all(part, window=window, refused=is_refusal, timeout_s=timeout_s)
            if refused is not None:
                refused = (start + refused[0], refused[1])
                break
        await console.run(leave)
        if refused is not None:
            return refused[0], _text(refused[1])
        return None, _text(last[0]) if last else ""

    def _raised(self, command: str, *, quote: bool = True) -> str:
        if not self.access.become:
            return command
        return f"sudo -n sh -c {shlex.quote(command)}" if quote else f"sudo -n {command}"

    async def _connection(self) -> SshConnection:
        async with self._opening_ssh:
            if self._ssh is None or self._ssh.closed:
                from netloom.transports.ssh import connect_ssh  # noqa: PLC0415 - asyncssh is slow to import

                netconf = self.access.transport == "netconf"
                self._ssh = await connect_ssh(self.access if netconf else _by_ssh(self.access), self._keys)
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

        return await connect_ssh(_by_ssh(replace(self.access, username=username)), self._keys)

    async def _execute(self, command: str, *, line: str, timeout_s: float | None) -> str:
        connection = await self._connection()
        return self._checked(await connection.execute(command, timeout_s=timeout_s), line)

    def _checked(self, completed: Completed, line: str) -> str:
        if completed.status != 0:
            words = (completed.stderr or completed.stdout).decode("utf-8", "backslashreplace").strip()
            status = "a signal" if completed.status is None else f"exit status {completed.status}"
            raise CommandRejected(device=self.access.name, line=line, answer=words or status)
        return completed.stdout.decode("utf-8", "backslashreplace")

    async def _enter_config(self, console: Console, command: str) -> None:
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


def _by_ssh(access: Access) -> Access:
    """The way in by SSH; another transport's port is not SSH's."""
    return access if access.transport == "ssh" else replace(access, transport="ssh", port=access.ssh_port)


def _up_to_commits(script: Sequence[str], commit: str | None) -> Iterator[tuple[int, Sequence[str]]]:
    """The parts of a script with their starts: a commit is sent when all before it was taken."""
    start = 0
    word = commit.partition(" ")[0] if commit is not None else None
    for at, typed in enumerate(script):
        if typed.partition(" ")[0] == word:
            yield start, script[start:at]
            yield at, script[at : at + 1]
            start = at + 1
    yield start, script[start:]


def _text(answer: Answered) -> str:
    return answer.output.decode("utf-8", "backslashreplace")
