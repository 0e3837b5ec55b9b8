"""What a device can do to a session, and what netloom makes of it: an answer, or a typed error."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from tests.devices.fake_device import (
    HEARD,
    PASSWORD,
    PAUSE,
    RESET,
    STALL,
    Key,
    Router,
    Step,
    access,
    busy_device,
    ssh_device,
    telnet_device,
)

from netloom.devices.session import Session, connect
from netloom.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    CommandRejected,
    DeviceError,
    HostKeyChanged,
    OperationTimeout,
    Refused,
    SessionClosed,
    Unreachable,
    Unsupported,
)
from netloom.model.config import Line
from netloom.model.host import Access
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys


@pytest.fixture
def keys(tmp_path: Path) -> HostKeys:
    return HostKeys(tmp_path / "known_hosts")


@pytest.fixture(params=["ssh", "telnet"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@asynccontextmanager
async def session_on(router: Router, keys: HostKeys, transport: str = "ssh", **changes: Any) -> AsyncIterator[Session]:
    device = ssh_device(router) if transport == "ssh" else telnet_device(router)
    async with device as port, connect(access("r1", port, transport=transport, **changes), keys=keys) as session:
        yield session


@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        pytest.param([b"12:00\r\n"], "12:00\n", id="plain"),
        pytest.param([], "", id="no output"),
        pytest.param([b"12:\r\n", PAUSE, b"00\r\n"], "12:\n00\n", id="in two parts"),
        pytest.param([b"the prompt is\r\nr1# ", b"and no other\r\n"], "the prompt is\nr1# and no other\n", id="decoy"),
        pytest.param([b"r1#\r\nr1# \r\nr1(config)# \r\n"], "r1#\nr1# \nr1(config)# \n", id="prompts as lines"),
        pytest.param([b"one\r\n--More--", Key(b" "), b"\r        \rtwo\r\n"], "one\ntwo\n", id="pager"),
        pytest.param([b"\x1b[31mred\x1b[0m caf\xe9 \xff\r\n"], "red caf\\xe9 \\xff\n", id="ANSI, invalid UTF-8"),
        pytest.param([(b"x" * 79 + b"\r\n") * 20_000], ("x" * 79 + "\n") * 20_000, id="1.6 MB"),
    ],
)
async def test_an_answer_is_read_whole(steps: list[Step], answer: str, keys: HostKeys, transport: str) -> None:
    async with session_on(Router(commands={"show clock": steps}), keys, transport) as session:
        assert await session.run("show clock") == answer
        assert await session.run("show clock") == answer


async def test_single_bytes_are_put_together(keys: HostKeys, transport: str) -> None:
    router = Router(commands={"show clock": [b"r1# is not it\r\n12:00\r\n"]}, slice=1)
    async with session_on(router, keys, transport) as session:
        assert await session.run("show clock") == "r1# is not it\n12:00\n"


@pytest.mark.parametrize(
    "banner",
    [
        pytest.param([b"Authorised use only\r\nr2# \r\nlogin: \r\nPassword: \r\n"], id="lines that look like prompts"),
        pytest.param([b"router# ", PAUSE, b"is not a prompt\r\n"], id="a prompt, torn"),
        pytest.param([b"\x1b[2J\x1b[H*** MOTD ***\r\n\r\n"], id="a cleared screen"),
    ],
)
async def test_a_banner_is_passed_over(banner: list[Step], keys: HostKeys) -> None:
    router = Router(banner=banner, commands={"show clock": [b"12:00\r\n"]})
    async with session_on(router, keys) as session:
        assert await session.run("show clock") == "12:00\n"
    assert router.typed == ["terminal length 0", "show clock"]


async def test_a_command_the_device_does_not_know_is_rejected_in_its_words(keys: HostKeys, transport: str) -> None:
    async with session_on(Router(), keys, transport) as session:
        with pytest.raises(CommandRejected, match="'show nonsense' was rejected: % Unknown command: show nonsense"):
            await session.run("show nonsense")


async def test_help_keys_are_sent_as_text(keys: HostKeys) -> None:
    router = Router(commands={"what? a\ttab": [b"fine\r\n"]})
    async with session_on(router, keys) as session:
        assert await session.run("what? a\ttab") == "fine\n"


@pytest.mark.parametrize("command", ["show clock\nreload", "show clock\x03", "\x1a"])
async def test_control_characters_never_reach_the_device(command: str, keys: HostKeys) -> None:
    router = Router()
    async with session_on(router, keys) as session:
        with pytest.raises(CommandRejected, match="holds a control character"):
            await session.run(command)
    assert router.typed == ["terminal length 0"]


async def test_a_stall_is_a_timeout_that_shows_the_last_line(keys: HostKeys, transport: str) -> None:
    router = Router(commands={"show clock": [b"12:00\r\nr1", STALL]})
    async with session_on(router, keys, transport) as session:
        with pytest.raises(OperationTimeout, match=r"'show clock' took longer than 0\.2 s.*last line: 'r1'"):
            await session.run("show clock", timeout_s=0.2)


async def test_a_session_is_opened_afresh_after_a_timeout(keys: HostKeys, transport: str) -> None:
    router = Router(commands={"hang": [STALL], "show clock": [b"12:00\r\n"]})
    async with session_on(router, keys, transport) as session:
        with pytest.raises(OperationTimeout):
            await session.run("hang", timeout_s=0.1)
        assert await session.run("show clock") == "12:00\n"


async def test_a_cancelled_command_does_not_answer_the_next(keys: HostKeys) -> None:
    router = Router(commands={"slow": [b"part\r\n", HEARD, STALL], "show clock": [b"12:00\r\n"]})
    async with session_on(router, keys) as session:
        task = asyncio.create_task(session.run("slow"))
        await router.heard.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await session.run("show clock") == "12:00\n"


async def test_a_reset_in_mid_command_is_a_closed_session(keys: HostKeys, transport: str) -> None:
    router = Router(commands={"show clock": [b"12:", RESET]})
    async with session_on(router, keys, transport) as session:
        with pytest.raises(SessionClosed, match="r1: "):
            await session.run("show clock")


async def test_commands_at_the_same_time_take_turns(keys: HostKeys) -> None:
    router = Router(commands={name: [f"answer {name}\r\n".encode()] for name in "abc"})
    async with session_on(router, keys) as session:
        assert await asyncio.gather(*(session.run(name) for name in "abc")) == [f"answer {name}\n" for name in "abc"]
    assert router.sessions == 1


async def test_a_wrong_password_is_refused_once(keys: HostKeys, transport: str) -> None:
    router = Router()
    async with session_on(router, keys, transport, password=Secret("wrong")) as session:
        with pytest.raises(AuthenticationFailed) as caught:
            await session.run("show clock")
    assert router.passwords == ["wrong"]
    assert "wrong" not in str(caught.value)


async def test_privileges_are_raised(keys: HostKeys, transport: str) -> None:
    router = Router(mark=">", enable_password="more", commands={"show clock": [b"12:00\r\n"]})
    async with session_on(router, keys, transport, enable_password=Secret("more")) as session:
        assert await session.run("show clock") == "12:00\n"
    assert router.passwords[-1] == "more"


async def test_refused_privileges_are_an_authentication_failure(keys: HostKeys, transport: str) -> None:
    router = Router(mark=">", enable_password="more")
    async with session_on(router, keys, transport, enable_password=Secret("less")) as session:
        with pytest.raises(AuthenticationFailed, match=r"'enable' was refused: .*% Access denied"):
            await session.run("show clock")


async def test_a_swapped_host_key_is_a_hard_stop_before_any_credential(keys: HostKeys) -> None:
    before, after = Router(commands={"x": [b"y\r\n"]}), Router()
    async with ssh_device(before) as port, connect(access("r1", port), keys=keys) as session:
        await session.run("x")
    pinned = keys.pinned("r1")[0].fingerprint
    async with ssh_device(after) as port, connect(access("r1", port), keys=keys) as session:
        with pytest.raises(HostKeyChanged, match=f"{re.escape(pinned)}.*Actual.*netloom trust r1"):
            await session.run("x")
    assert after.passwords == []
    assert after.sessions == 0
    assert keys.pinned("r1")[0].fingerprint == pinned


async def test_a_key_of_another_kind_is_a_changed_key_too(keys: HostKeys) -> None:
    async with ssh_device(Router()) as port, connect(access("r1", port), keys=keys) as session:
        await session.open()
    other = Router()
    kind = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    async with ssh_device(other, host_key=kind) as port, connect(access("r1", port), keys=keys) as session:
        with pytest.raises(HostKeyChanged):
            await session.open()
    assert other.passwords == []


async def test_a_forgotten_key_is_trusted_again(keys: HostKeys) -> None:
    for _ in range(2):
        async with ssh_device(Router()) as port, connect(access("r1", port), keys=keys) as session:
            await session.open()
        assert keys.forget("r1") == 1


async def test_new_keys_in_mid_transfer_lose_nothing(keys: HostKeys) -> None:
    router = Router(commands={"show run": [(b"x" * 78 + b"\r\n") * 5_000]})
    async with ssh_device(router, rekey_bytes=20_000) as port, connect(access("r1", port), keys=keys) as session:
        assert await session.run("show run") == ("x" * 78 + "\n") * 5_000


async def test_no_free_line_is_a_refusal(keys: HostKeys) -> None:
    async with session_on(Router(max_sessions=0), keys) as session:
        with pytest.raises(Refused, match=r"opens no session.*are all its lines busy"):
            await session.run("show clock")


async def test_a_device_that_hangs_up_before_the_login_is_a_refusal(keys: HostKeys, transport: str) -> None:
    async with busy_device() as port, connect(access("r1", port, transport=transport), keys=keys) as session:
        with pytest.raises(Refused, match="before the login"):
            await session.run("show clock")


async def test_a_server_that_says_nothing_is_unreachable(keys: HostKeys, transport: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = access("r1", server.getsockname()[1], transport=transport, connect_timeout_s=0.2)
        async with connect(there, keys=keys) as session:
            with pytest.raises((Unreachable, OperationTimeout), match=r"0\.2 s"):
                await session.run("show clock")


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        pytest.param({"port": 1}, Refused, "127.0.0.1 port 1 is closed", id="closed port"),
        pytest.param({"address": "no-such-name.invalid"}, Unreachable, "neither an address nor a name", id="name"),
        pytest.param({"address": "bad..name"}, Unreachable, "neither an address nor a name", id="no name at all"),
        pytest.param({"network": "/nonexistent/keeper"}, Unreachable, "the lab behind", id="lab is down"),
        pytest.param({"private_key": "/nonexistent/key"}, DeviceError, "/nonexistent/key", id="no key file"),
    ],
)
async def test_what_cannot_be_reached_says_why(
    changes: dict[str, Any], error: type[DeviceError], words: str, keys: HostKeys
) -> None:
    there = access("r1", 1, **{key: value for key, value in changes.items() if key != "port"})
    async with connect(there, keys=keys) as session:
        with pytest.raises(error, match=words):
            await session.run("show clock")


async def test_an_old_device_is_named_with_the_setting_that_permits_it(keys: HostKeys) -> None:
    old = {"encryption_algs": ["aes128-cbc"]}
    router = Router(commands={"show clock": [b"12:00\r\n"]})
    async with ssh_device(router, **old) as port:
        async with connect(access("r1", port), keys=keys) as session:
            with pytest.raises(
                AlgorithmMismatch,
                match=r"offers aes128-cbc;.*ssh_legacy_algorithms: \[aes128-cbc\]",
            ):
                await session.run("show clock")
        assert router.passwords == []
        permitted = access("r1", port, legacy_algorithms=("aes128-cbc",))
        async with connect(permitted, keys=keys) as session:
            assert await session.run("show clock") == "12:00\n"


async def test_an_unknown_algorithm_is_named(keys: HostKeys) -> None:
    async with session_on(Router(), keys, legacy_algorithms=("rot13",)) as session:
        with pytest.raises(DeviceError, match="rot13"):
            await session.open()


async def test_jump_hosts_are_chained(keys: HostKeys, transport: str) -> None:
    inner, outer = Router(commands={"show clock": [b"12:00\r\n"]}), Router(hostname="jump")
    device = ssh_device(inner) if transport == "ssh" else telnet_device(inner)
    async with device as port, ssh_device(outer) as jump_port:
        there = access("r1", port, transport=transport, jump=access("jump", jump_port))
        async with connect(there, keys=keys) as session:
            assert await session.run("show clock") == "12:00\n"
    assert keys.pinned("jump")


async def test_a_jump_host_that_cannot_reach_the_device_is_named(keys: HostKeys, transport: str) -> None:
    async with ssh_device(Router()) as jump_port:
        there = access("r1", 1, transport=transport, jump=access("jump", jump_port))
        async with connect(there, keys=keys) as session:
            with pytest.raises(Unreachable, match=r"r1: .*through jump"):
                await session.run("show clock")


async def test_lines_are_configured_in_flight_and_the_mode_is_left(keys: HostKeys, transport: str) -> None:
    router = Router()
    lines = [Line(f"description {number}", ("interface eth1",)) for number in range(40)]
    async with session_on(router, keys, transport) as session:
        await session.configure(lines)
        assert (await session._open_console()).prompt.kind == "cli"  # type: ignore[union-attr] # it is open
    assert router.typed.count("configure terminal") == 1
    assert [line for line in router.typed if line.startswith("desc")] == [line.text for line in lines]
    assert router.typed[-1] == "end"


@pytest.mark.parametrize("stop_at_first", [True, False])
async def test_the_seventeenth_line_is_the_one_rejected(stop_at_first: bool, keys: HostKeys, transport: str) -> None:
    router = Router(commands={"description 17": [b"% bad description\r\n"]})
    lines = [Line(f"description {number}", ("interface eth1",)) for number in range(1, 41)]
    async with session_on(router, keys, transport) as session:
        with pytest.raises(CommandRejected) as caught:
            await session.configure(lines, stop_at_first=stop_at_first)
    assert (caught.value.number, caught.value.line.strip()) == (17, "description 17")
    assert caught.value.answer == "% bad description"
    assert router.typed[-1] == "end"
    after = len([line for line in router.typed if line.startswith("desc")]) - 17
    assert after == 0 if stop_at_first else after < 10


async def test_a_new_hostname_in_the_middle_is_followed(keys: HostKeys) -> None:
    router = Router(commands={"show clock": [b"12:00\r\n"]})
    async with session_on(router, keys) as session:
        await session.configure([Line("hostname other"), Line("description x", ("interface eth1",))])
        assert await session.run("show clock") == "12:00\n"


async def test_a_line_that_stalls_is_named(keys: HostKeys) -> None:
    router = Router(commands={"description 3": [STALL]})
    lines = [Line(f"description {number}", ("interface eth1",)) for number in range(1, 6)]
    async with session_on(router, keys, command_timeout_s=0.3) as session:
        with pytest.raises(OperationTimeout, match="'description 3'"):
            await session.configure(lines)


async def test_an_account_without_a_shell_says_what_to_configure(keys: HostKeys) -> None:
    async with session_on(Router(), keys) as session:
        with pytest.raises(Unsupported, match="netloom_shell_user"):
            await session.shell("id")


async def test_the_shell_account_runs_scripts(keys: HostKeys) -> None:
    async with session_on(Router(), keys, shell_username="joe") as session:
        assert await session.shell("cat\nprintf 'one\\ntwo'\n") == "one\ntwo"
        with pytest.raises(CommandRejected, match="no such thing"):
            await session.shell("echo no such thing >&2\nexit 3")
        with pytest.raises(CommandRejected, match="exit status 4"):
            await session.shell("exit 4")
        with pytest.raises(OperationTimeout, match=r"0\.1 s"):
            await session.shell("sleep 0.5", timeout_s=0.1)


async def test_snmp_without_access_says_what_to_configure(keys: HostKeys) -> None:
    async with connect(access("r1", 1), keys=keys) as session:
        with pytest.raises(Unsupported, match="netloom_snmp"):
            await session.walk(["1.3.6.1.2.1.1"])


def test_no_password_is_in_an_access(keys: HostKeys) -> None:
    there: Access = access("r1", 1)
    assert PASSWORD not in repr(there)
