"""The SNMP client against net-snmp's agent, and against agents that misbehave."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs import ber
from netloom.codecs.ber import BerError
from netloom.codecs.snmp import Missing, Operation, Pdu, decode_v2c, encode_v2c, number_of, open_community
from netloom.errors import (
    AuthenticationFailed,
    NetloomError,
    OutputNotUnderstood,
    Refused,
    SessionClosed,
    Unreachable,
    Unsupported,
)
from netloom.model.host import Access, SnmpAccess
from netloom.model.secret import Secret
from netloom.transports.snmp import SnmpAgent, SnmpSockets, open_snmp
from netloom.transports.snmp_pace import Limits
from netloom.transports.snmp_security import Community, UserSecurity

NAMES = "1.3.6.1.2.1.2.2.1.2"
SYSTEM = "1.3.6.1.2.1.1"
PAIRS = [
    ("MD5", "DES"),
    ("SHA", "AES"),
    ("SHA-224", "AES"),
    ("SHA-256", "AES"),
    ("SHA-256", "AES-256"),
    ("SHA-384", "AES-256"),
    ("SHA-512", "AES"),
]


def user_name(auth: str, privacy: str | None) -> str:
    return f"u{auth}{privacy}".replace("-", "")


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Debian's agent on a loopback port, its state in a folder of the test's."""
    program = shutil.which("snmpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("snmpd is not installed")
    folder = tmp_path_factory.mktemp("snmpd")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    lines = [f"agentAddress udp:127.0.0.1:{port}", "rocommunity public 127.0.0.1", "sysName r1", "sysContact noc"]
    for auth, privacy in PAIRS:
        user = user_name(auth, privacy)
        lines += [f"createUser {user} {auth} authpass123 {privacy} privpass123", f"rouser {user} authPriv"]
    lines += ["createUser plain SHA-256 authpass123", "rouser plain authNoPriv"]
    (folder / "snmpd.conf").write_text("\n".join(lines) + "\n")
    command = [program, "-f", "-Lo", "-C", "-c", str(folder / "snmpd.conf"), "-p", str(folder / "pid"), "-I", "-smux"]
    environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(folder)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "NET-SNMP version" in line:
                break
        yield port
        process.kill()


@asynccontextmanager
async def agent(port: int, *, limits: Limits | None = None, **how: Any) -> AsyncIterator[SnmpAgent]:
    access = Access(name="r1", address="127.0.0.1", platform="frr", snmp=SnmpAccess(port=port, **how))
    opened = await open_snmp(access, limits=limits)
    try:
        yield opened
    finally:
        opened.close()


def v2c(community: str = "public") -> dict[str, Any]:
    return {"version": "2c", "community": Secret(community)}


def v3(auth: str, privacy: str | None, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "user": user_name(auth, privacy) if privacy else "plain",
        "auth_protocol": auth,
        "auth_password": Secret("authpass123"),
    }
    if privacy:
        given |= {"privacy_protocol": privacy, "privacy_password": Secret("privpass123")}
    return given | changes


@pytest.mark.parametrize(
    "how", [v2c(), *(v3(*pair) for pair in PAIRS), v3("SHA-256", None)], ids=lambda how: how.get("user", "v2c")
)
async def test_tables_are_walked(snmpd: int, how: dict[str, Any]) -> None:
    async with agent(snmpd, **how) as device:
        columns = await device.walk([NAMES, SYSTEM, "1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.4.1.99999"])
        assert b"lo" in columns[NAMES].values()
        assert columns[SYSTEM]["5.0"] == b"r1"
        assert columns[SYSTEM]["4.0"] == b"noc"
        assert str(columns[SYSTEM]["2.0"]).startswith("1.3.6.1.4.1.8072")
        assert all(isinstance(octets, int) for octets in columns["1.3.6.1.2.1.31.1.1.1.6"].values())
        assert columns["1.3.6.1.4.1.99999"] == {}
        assert await device.get(["1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.99.0"]) == {
            "1.3.6.1.2.1.1.5.0": b"r1",
            "1.3.6.1.2.1.1.99.0": None,
        }
        assert (device.retries, device.ignored) == (0, 0)


@pytest.mark.skipif(shutil.which("snmpbulkwalk") is None, reason="net-snmp's client is not installed")
async def test_the_walk_is_net_snmp_s(snmpd: int) -> None:
    theirs = await asyncio.to_thread(
        subprocess.run,
        ["snmpbulkwalk", "-v2c", "-cpublic", "-Onq", "-Cr40", f"127.0.0.1:{snmpd}", NAMES],
        check=True,
        capture_output=True,
        text=True,
    )
    rows = theirs.stdout.replace('"', "").splitlines()
    expected = dict(line.removeprefix(f".{NAMES}.").split(" ", 1) for line in rows)
    async with agent(snmpd, **v2c()) as device:
        ours = (await device.walk([NAMES]))[NAMES]
    assert {index: str(name, "ascii") for index, name in ours.items() if isinstance(name, bytes)} == expected


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"auth_password": Secret("wrongpass")}, "authentication password or protocol is wrong"),
        ({"auth_protocol": "SHA-512"}, "authentication password or protocol is wrong"),
        ({"user": "nobody"}, "does not know the user"),
    ],
)
async def test_wrong_credentials_are_named(snmpd: int, changes: dict[str, Any], reason: str) -> None:
    async with agent(snmpd, **v3("SHA-256", "AES", **changes)) as device:
        with pytest.raises(AuthenticationFailed, match=f"r1: .*{reason}"):
            await device.walk([NAMES])


@pytest.mark.parametrize(
    "how",
    [v2c("private"), v3("SHA-256", "AES", privacy_password=Secret("wrongpass"))],
    ids=["community", "privacy password"],
)
async def test_silence_names_the_secret_that_may_be_wrong(
    snmpd: int, how: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    async with agent(snmpd, limits=Limits(tries_s=(0.05, 0.05)), **how) as device:
        with pytest.raises(Unreachable, match=f"does not answer.*{request.node.callspec.id} is wrong"):
            await device.walk([NAMES])
        assert device.retries == 1


async def test_a_clock_that_is_wrong_is_put_right(snmpd: int) -> None:
    async with agent(snmpd, **v3("SHA-256", "AES")) as device:
        await device.get(["1.3.6.1.2.1.1.5.0"])
        assert isinstance(device.security, UserSecurity)
        device.security._usm._time += 10_000
        assert (await device.get(["1.3.6.1.2.1.1.5.0"]))["1.3.6.1.2.1.1.5.0"] == b"r1"


async def test_a_closed_port_is_a_refusal() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with agent(port, **v2c()) as device:
        with pytest.raises(Refused, match="the port is closed"):
            await device.walk([NAMES])


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({}, "needs a user"),
        ({"user": "u" * 33}, "at most 32 octets"),
        ({"user": "u", "privacy_password": Secret("x")}, "privacy needs authentication"),
    ],
)
async def test_what_is_missing_is_named(how: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unsupported, match=reason):
        async with agent(161, **how):
            pass


async def test_a_name_that_is_no_object_identifier_is_refused(snmpd: int) -> None:
    async with agent(snmpd, **v2c()) as device:
        with pytest.raises(NetloomError, match="'ifName' is not an object identifier"):
            await device.walk(["ifName"])


class Answerer(asyncio.DatagramProtocol):
    """An agent that answers as a function says."""

    def __init__(self, answer: Callable[[Pdu], list[bytes]]) -> None:
        self._answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        for reply in self._answer(decode_v2c(data)[1]):
            self._transport.sendto(reply, addr)


@asynccontextmanager
async def scripted(answer: Callable[[Pdu], list[bytes]], limits: Limits | None = None) -> AsyncIterator[SnmpAgent]:
    server, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Answerer(answer), local_addr=("127.0.0.1", 0)
    )
    try:
        async with agent(server.get_extra_info("sockname")[1], limits=limits, **v2c()) as device:
            yield device
    finally:
        server.close()
        await asyncio.sleep(0)


def reply(request: Pdu, *rows: tuple[str, Any], status: int = 0) -> bytes:
    bindings = [(ber.oid(name), value) for name, value in rows]
    return encode_v2c(b"public", Pdu(Operation.RESPONSE, request.request_id, bindings, status))


async def test_lost_datagrams_are_asked_for_again() -> None:
    requests: list[Pdu] = []

    def answer(request: Pdu) -> list[bytes]:
        requests.append(request)
        return [reply(request, (f"{NAMES}.1", b"lo"), ("1.3.6.1.9.9", 1))] if len(requests) > 1 else []

    async with scripted(answer, Limits(tries_s=(0.02, 5.0))) as device:
        assert await device.walk([NAMES]) == {NAMES: {"1": b"lo"}}
        assert device.retries == 1
    assert requests[0].request_id == requests[1].request_id


async def test_forged_and_late_datagrams_are_counted_and_ignored() -> None:
    def answer(request: Pdu) -> list[bytes]:
        good = reply(request, (f"{NAMES}.1", b"lo"), (f"{NAMES}.2", Missing.END_OF_VIEW))
        stranger = encode_v2c(b"other", Pdu(Operation.RESPONSE, request.request_id, [(ber.oid("1.3.6"), 1)]))
        late = encode_v2c(b"public", Pdu(Operation.RESPONSE, request.request_id ^ 1, ()))
        return [b"\x30\x80garbage", stranger, late, good, good]

    async with scripted(answer) as device:
        assert await device.walk([NAMES]) == {NAMES: {"1": b"lo"}}
        # The second copy of the good answer comes after it was taken; another question waits for it.
        await device.walk([NAMES])
        assert device.ignored >= 4


async def test_too_big_an_answer_is_asked_for_in_smaller_parts() -> None:
    asked: list[int] = []

    def answer(request: Pdu) -> list[bytes]:
        asked.append(request.error_index)
        if request.error_index > 10:
            return [reply(request, status=1)]
        return [reply(request, (f"{NAMES}.1", b"lo"), ("1.3.6.1.9.9", 1))]

    async with scripted(answer) as device:
        assert await device.walk([NAMES]) == {NAMES: {"1": b"lo"}}
    assert asked == [40, 20, 10]


async def test_an_agent_that_goes_round_in_circles_is_cut_off() -> None:
    async with scripted(lambda request: [reply(request, (f"{NAMES}.2", b"b"), (f"{NAMES}.1", b"a"))]) as device:
        with pytest.raises(OutputNotUnderstood, match="round in circles"):
            await device.walk([NAMES])


async def test_an_agent_that_makes_rows_up_is_cut_off() -> None:
    whole = table_of(100_000)
    async with scripted(lambda request: [whole(request)], Limits(rows=500)) as device:
        with pytest.raises(OutputNotUnderstood, match="more than 500 instances"):
            await device.walk([NAMES])


async def test_an_error_of_the_agent_is_named() -> None:
    async with scripted(lambda request: [reply(request, status=5)]) as device:
        with pytest.raises(OutputNotUnderstood, match="answered genErr"):
            await device.walk([NAMES])


async def test_several_columns_are_in_flight_at_once() -> None:
    held: list[Pdu] = []

    def answer(request: Pdu) -> list[bytes]:
        """Keep silent until eight questions wait, then answer all."""
        held.append(request)
        if len(held) % 8:
            return []
        return [reply(one, ("1.3.6.1.9.9", 1)) for one in held[-8:]]

    async with scripted(answer) as device:
        columns = [f"{NAMES}.{number}" for number in range(16)]
        assert await device.walk(columns) == {column: {} for column in columns}
        assert device.retries == 0


def rows(request: Pdu, numbers: range, column: str = NAMES) -> bytes:
    return reply(request, *((f"{column}.{number}", b"eth%d" % number) for number in numbers), ("1.3.6.1.9.9", 1))


def table_of(count: int, cut: int = 1000) -> Callable[[Pdu], bytes]:
    """An agent with one column of so many rows, which cuts its answers off after so many bindings."""

    def answer(request: Pdu) -> bytes:
        at = ber.dotted(request.bindings[0][0]).removeprefix(NAMES).lstrip(".")
        first = int(at) + 1 if at else 1
        found: list[tuple[str, Any]] = [(f"{NAMES}.{number}", b"eth%d" % number) for number in range(first, count + 1)]
        found += [("1.3.6.1.9.9", 1)] * request.error_index
        return reply(request, *found[: min(cut, request.error_index)])

    return answer


EXPECTED = {str(number): b"eth%d" % number for number in range(1, 301)}


async def test_every_third_answer_may_be_lost() -> None:
    seen = 0
    whole = table_of(300)

    def answer(request: Pdu) -> list[bytes]:
        nonlocal seen
        seen += 1
        return [whole(request)] if seen % 3 else []

    async with scripted(answer, Limits(tries_s=(0.03,) * 6)) as device:
        assert (await device.walk([NAMES]))[NAMES] == EXPECTED
        assert device.retries == seen // 3
        assert device.pace.repetitions < 40


async def test_an_answer_that_comes_late_and_twice_counts_once() -> None:
    whole = table_of(300)
    held: list[bytes] = []

    def answer(request: Pdu) -> list[bytes]:
        """Each answer comes with the next request, and once more with the one after that."""
        held.append(whole(request))
        return [*held[-3:-1], held[-1]] if len(held) > 1 else []

    async with scripted(answer, Limits(tries_s=(0.03,) * 6)) as device:
        assert (await device.walk([NAMES]))[NAMES] == EXPECTED
        assert device.ignored > 0


async def test_answers_that_are_cut_off_set_the_size_of_questions() -> None:
    asked: list[int] = []
    whole = table_of(300, cut=7)

    def answer(request: Pdu) -> list[bytes]:
        asked.append(request.error_index)
        return [whole(request)]

    async with scripted(answer) as device:
        assert (await device.walk([NAMES]))[NAMES] == EXPECTED
    assert asked[0] == 40
    assert max(asked[1:]) <= 10


async def test_torn_datagrams_are_asked_for_again_in_smaller_parts() -> None:
    """A path that cuts what is longer than it likes."""
    whole = table_of(300)
    async with scripted(lambda request: [whole(request)[:600]], Limits(tries_s=(0.03,) * 6)) as device:
        assert (await device.walk([NAMES]))[NAMES] == EXPECTED


async def test_questions_grow_until_answers_fill_a_frame() -> None:
    asked: list[int] = []
    sizes: list[int] = []
    whole = table_of(300)

    def answer(request: Pdu) -> list[bytes]:
        asked.append(request.error_index)
        sizes.append(len(whole(request)))
        return [whole(request)]

    async with scripted(answer, Limits(repetitions=5)) as device:
        assert (await device.walk([NAMES]))[NAMES] == EXPECTED
        again = len(asked)
        assert (await device.walk([NAMES]))[NAMES] == EXPECTED
    assert asked[:4] == [5, 10, 20, 40]
    assert 1000 < max(sizes) <= 1500
    # the second walk knows how many there are
    assert asked[-1] == 301 - sum(asked[again:-1])


async def test_an_agent_with_version_1_is_walked_one_by_one() -> None:
    operations = set()

    def answer(data: bytes) -> bytes:
        version, _, found = open_community(data)
        operations.add((version, found.operation))
        request = found.whole()
        at = ber.dotted(request.bindings[0][0]).removeprefix(NAMES).lstrip(".")
        number = int(at) + 1 if at else 1
        row = (f"{NAMES}.{number}", b"lo") if number < 4 else ("1.3.6.1.9.9", 1)
        bindings = [(ber.oid(row[0]), row[1])]
        return encode_v2c(b"public", Pdu(Operation.RESPONSE, request.request_id, bindings), version=0)

    async with answering(answer) as port, agent(port, version="1", community=Secret("public")) as device:
        assert await device.walk([NAMES]) == {NAMES: {"1": b"lo", "2": b"lo", "3": b"lo"}}
    assert operations == {(0, Operation.GET_NEXT)}


@asynccontextmanager
async def answering(answer: Callable[[bytes], bytes | None]) -> AsyncIterator[int]:
    class Server(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self._transport = cast("asyncio.DatagramTransport", transport)

        def datagram_received(self, data: bytes, addr: Any) -> None:
            if (said := answer(data)) is not None:
                self._transport.sendto(said, addr)

    server, _ = await asyncio.get_running_loop().create_datagram_endpoint(Server, local_addr=("127.0.0.1", 0))
    yield server.get_extra_info("sockname")[1]
    server.close()
    await asyncio.sleep(0)


def access_to(name: str, port: int) -> Access:
    snmp = SnmpAccess(port=port, version="2c", community=Secret("public"))
    return Access(name=name, address="127.0.0.1", platform="frr", snmp=snmp)


@pytest.mark.parametrize("runner", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_agents_share_a_socket_and_a_silent_or_closed_one_holds_up_nobody(runner: Callable[[Any], None]) -> None:
    runner(share_a_socket())


async def share_a_socket() -> None:
    whole = table_of(300)
    sockets = SnmpSockets()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent, socket.socket(type=socket.SOCK_DGRAM) as probe:
        silent.bind(("127.0.0.1", 0))
        probe.bind(("127.0.0.1", 0))
        closed_port = probe.getsockname()[1]
        probe.close()
        async with answering(lambda data: whole(decode_v2c(data)[1])) as port:
            limits = Limits(tries_s=(0.1, 0.1))
            agents = [await sockets.open(access_to(f"r{number}", port)) for number in range(20)]
            quiet = await sockets.open(access_to("quiet", silent.getsockname()[1]), limits=limits)
            closed = await sockets.open(access_to("closed", closed_port), limits=limits)
            results = await asyncio.gather(
                quiet.walk([NAMES]),
                closed.walk([NAMES]),
                *(one.walk([NAMES]) for one in agents),
                return_exceptions=True,
            )
        sockets.close()
    assert isinstance(results[0], Unreachable)
    assert isinstance(results[1], Refused)
    assert results[2:] == [{NAMES: EXPECTED}] * 20
    assert [one.retries for one in agents] == [0] * 20


async def test_the_answer_of_another_address_is_not_believed() -> None:
    def answer(request: Pdu) -> list[bytes]:
        with socket.socket(type=socket.SOCK_DGRAM) as other:
            other.sendto(reply(request, (f"{NAMES}.1", b"forged"), ("1.3.6.1.9.9", 1)), requester[0].getsockname())
        return [reply(request, (f"{NAMES}.1", b"lo"), ("1.3.6.1.9.9", 1))]

    requester: list[Any] = []
    async with scripted(answer) as device:
        requester.append(device._socket._socket)
        assert await device.walk([NAMES]) == {NAMES: {"1": b"lo"}}
        assert device.ignored == 1


async def test_a_device_is_asked_no_faster_than_it_may_be() -> None:
    whole = table_of(300)
    async with scripted(lambda request: [whole(request)], Limits(requests_per_s=50, max_repetitions=20)) as device:
        started = asyncio.get_running_loop().time()
        assert (await device.walk([NAMES]))[NAMES] == EXPECTED
        taken = asyncio.get_running_loop().time() - started
    assert taken > (300 / 20 - 5) / 50


async def test_walks_that_are_cancelled_leave_nothing_behind() -> None:
    async with scripted(lambda _: []) as device:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await device.walk([f"{NAMES}.{number}" for number in range(20)])
        assert (device._socket.waiting, len(device._waiting), len(device._in_flight)) == (0, 0, 0)


async def test_what_waits_is_told_when_the_agent_is_closed() -> None:
    async with scripted(lambda _: []) as device:
        walk = asyncio.ensure_future(device.walk([NAMES]))
        await asyncio.sleep(0)
        device.close()
        with pytest.raises(SessionClosed):
            await walk


@given(st.binary(max_size=60), st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=2))
def test_an_answer_opened_quickly_is_the_one_decoded(text: bytes, damage: list[tuple[int, int]]) -> None:
    number = (1 << 30) + 5
    pdu = Pdu(Operation.RESPONSE, number, [(ber.oid(NAMES), text), (ber.oid("1.3.6.1"), 5)])
    data = bytearray(encode_v2c(b"public", pdu))
    for at, octet in damage:
        data[at % len(data)] = octet
    message, community = bytes(data), Community(SnmpAccess(version="2c", community=Secret("public")))
    if number_of(message) != number:
        return  # nobody would wait for it
    try:
        opened = community.open(message, number)
    except BerError:
        opened = None
    try:
        version, word, expected = open_community(message)
    except BerError:
        assert opened is None
        return
    ours = (version, word, expected.operation, expected.request_id) == (1, b"public", Operation.RESPONSE, number)
    assert opened == (expected if ours else None)
