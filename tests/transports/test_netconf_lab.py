"""NETCONF's operations against a server made by others: Debian's netconfd (yuma123), in a lab's node."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.lab.lab_home import home_for_labs, machine_or_skip

from netloom.codecs import netconf_operations as nc
from netloom.codecs.netconf_messages import capability, library_modules, modules_in
from netloom.devices.session import Session, connect
from netloom.errors import DeviceError, SessionClosed
from netloom.lab.accounts import PASSWORD, USER
from netloom.lab.state import Lab
from netloom.lab.up import lab_down, lab_up
from netloom.model.host import Access
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys
from netloom.transports.netconf import RpcRejected

pytestmark = pytest.mark.lab

SYSTEM = "urn:ietf:params:xml:ns:yang:ietf-system"
INTERFACES = "urn:ietf:params:xml:ns:yang:ietf-interfaces"
OURS = nc.Filter(f'<system xmlns="{SYSTEM}"/>')


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    machine_or_skip()
    if shutil.which("netconfd") is None:
        pytest.skip("needs netconfd: apt install netconfd netconfd-module-ietf-interfaces netconfd-module-ietf-system")
    with home_for_labs(tmp_path_factory.mktemp("labs")):
        made = asyncio.run(lab_up(Path(__file__).with_name("netconfd.clab.yml")))
        try:
            asyncio.run(listening(made))
            yield made
        finally:
            asyncio.run(lab_down(made.name))


async def listening(lab: Lab) -> None:
    """Wait for the server: a node is up before all that its commands start."""
    async with asyncio.timeout(30):
        while True:
            with suppress(DeviceError):
                async with session_on(lab) as session:
                    await session.open()
                    return
            await asyncio.sleep(0.2)


@asynccontextmanager
async def session_on(lab: Lab) -> AsyncIterator[Session]:
    access = Access(
        name="n1",
        address=str(lab.topology.nodes[0].mgmt_ipv4),
        platform="cli",
        transport="netconf",
        username=USER,
        password=Secret(PASSWORD),
        network=str(lab.keeper_socket),
        known_hosts=str(lab.folder / "known_hosts"),
        command_timeout_s=60,
    )
    async with connect(access, keys=HostKeys(lab.folder / "unused")) as session:
        yield session


@pytest.fixture
async def session(lab: Lab) -> AsyncIterator[Session]:
    """A session on a server whose hostname is `start`, as it is again afterwards."""
    async with session_on(lab) as found:
        await found.rpc(wish("start"))
        await found.rpc(nc.commit())
        yield found
    async with session_on(lab) as after:
        await after.rpc(nc.discard_changes())
        assert await running(after) in ("start", "kept")


def wish(hostname: str) -> str:
    return nc.edit_config(f'<system xmlns="{SYSTEM}"><hostname>{hostname}</hostname></system>')


async def running(session: Session, source: str = "running") -> str:
    reply = await session.rpc(nc.get_config(source, OURS))
    return reply.partition("<hostname>")[2].partition("</hostname>")[0]


async def until(session: Session, hostname: str) -> None:
    """Wait until the running configuration has this hostname: the server's timers tell nobody.

    netconfd looks after them in seconds in which nobody asks it anything.
    """
    async with asyncio.timeout(60):
        while await running(session) != hostname:  # noqa: ASYNC110 - another process's timer, no event of ours
            await asyncio.sleep(1.2)


async def lose(session: Session) -> str:
    """Drop the connection without a word, as a failed network does; the id of the session that was lost."""
    lost = await session.netconf()
    assert session._ssh is not None
    session._ssh.abort()
    with pytest.raises(SessionClosed):
        await lost.rpc(nc.get())
    return str(lost.session_id)


async def test_what_the_server_can_is_said_by_its_hello_and_its_yang_library(session: Session) -> None:
    opened = await session.netconf()
    for name in ("candidate", "confirmed-commit", "validate", "xpath", "rollback-on-error"):
        assert capability(opened.capabilities, name), name
    assert capability(opened.capabilities, "startup") is None
    listed = {module.name: module.revision for module in modules_in(opened.capabilities)}
    library = {module.name: module.revision for module in library_modules(await session.rpc(nc.get_yang_library()))}
    for name in ("ietf-interfaces", "ietf-ip", "ietf-system"):
        assert listed[name] == library[name]


async def test_configuration_and_state_are_read_by_subtree_and_by_xpath(session: Session) -> None:
    by_subtree = await session.rpc(nc.get(nc.Filter(f'<interfaces-state xmlns="{INTERFACES}"/>')))
    path = "/if:interfaces-state/if:interface[if:name='lo']/if:name"
    by_path = await session.rpc(nc.get(nc.Filter(xpath=path, namespaces={"if": INTERFACES})))
    assert "<name>lo</name>" in by_subtree
    assert "<in-octets>" in by_subtree
    assert "<name>lo</name>" in by_path
    assert "<in-octets>" not in by_path
    assert "<hostname>start</hostname>" in await session.rpc(nc.get_config("running"))


async def test_a_candidate_is_edited_validated_and_discarded(session: Session) -> None:
    await session.rpc(wish("other"))
    await session.rpc(nc.validate())
    assert await running(session, "candidate") == "other"
    assert await running(session) == "start"
    await session.rpc(nc.discard_changes())
    assert await running(session, "candidate") == "start"
    await session.rpc(nc.copy_config("running", "candidate"))


async def test_a_refused_edit_names_its_place_and_changes_nothing(session: Session) -> None:
    edit = nc.edit_config(f'<system xmlns="{SYSTEM}"><hostnme>x</hostnme></system>', on_error="rollback-on-error")
    with pytest.raises(RpcRejected, match="edit-config") as raised:
        await session.rpc(edit)
    (error,) = raised.value.errors
    assert error.tag == "unknown-element"
    assert "system" in error.path
    assert await running(session, "candidate") == "start"


async def test_an_element_is_deleted_by_its_operation(session: Session) -> None:
    operation = 'xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="delete"'
    delete = nc.edit_config(f'<system xmlns="{SYSTEM}"><hostname {operation}/></system>', default="none")
    await session.rpc(delete)
    assert await running(session, "candidate") == ""
    with pytest.raises(RpcRejected) as raised:
        await session.rpc(delete)
    assert raised.value.errors[0].tag == "data-missing"
    await session.rpc(nc.discard_changes())


async def test_a_commit_that_nobody_confirms_is_undone(session: Session) -> None:
    await session.rpc(wish("brief"))
    await session.rpc(nc.commit_confirmed(1))
    assert await running(session) == "brief"
    await until(session, "start")


async def test_a_commit_that_is_confirmed_stays(session: Session) -> None:
    await session.rpc(wish("kept"))
    await session.rpc(nc.commit_confirmed(1))
    await session.rpc(nc.commit())
    await asyncio.sleep(1.3)  # longer than the timer that must not fire
    assert await running(session) == "kept"


async def test_a_confirmed_commit_is_cancelled(session: Session) -> None:
    await session.rpc(wish("brief"))
    await session.rpc(nc.commit_confirmed(60))
    await session.rpc(nc.cancel_commit())
    assert await running(session) == "start"


async def test_a_lost_session_undoes_its_confirmed_commit(session: Session, lab: Lab) -> None:
    async with session_on(lab) as other:
        await other.rpc(wish("brief"))
        await other.rpc(nc.commit_confirmed(60))
        assert await running(session) == "brief"
        await lose(other)
    await until(session, "start")


async def test_a_persistent_commit_outlives_its_session_and_is_confirmed_by_its_word(
    session: Session, lab: Lab
) -> None:
    async with session_on(lab) as other:
        await other.rpc(wish("kept"))
        await other.rpc(nc.commit_confirmed(60, persist="a word"))
        await lose(other)
    with pytest.raises(RpcRejected):
        await session.rpc(nc.commit(persist_id="another word"))
    assert await running(session) == "kept"
    await session.rpc(nc.commit(persist_id="a word"))
    with pytest.raises(RpcRejected):
        await session.rpc(nc.cancel_commit(persist_id="a word"))
    assert await running(session) == "kept"


async def test_a_persistent_commit_is_cancelled_from_another_session(session: Session, lab: Lab) -> None:
    async with session_on(lab) as other:
        await other.rpc(wish("brief"))
        await other.rpc(nc.commit_confirmed(60, persist="word"))
        await lose(other)
    await session.rpc(nc.cancel_commit(persist_id="word"))
    assert await running(session) == "start"


async def test_a_lock_keeps_others_out_until_it_is_given_back(session: Session, lab: Lab) -> None:
    async with session_on(lab) as other:
        await other.rpc(nc.lock())
        with pytest.raises(RpcRejected) as raised:
            await session.rpc(nc.lock())
        (error,) = raised.value.errors
        assert (error.tag, error.session_id) == ("lock-denied", (await other.netconf()).session_id)
        with pytest.raises(RpcRejected):
            await session.rpc(wish("mine"))
        await other.rpc(nc.unlock())
        await session.rpc(nc.lock())
        await session.rpc(nc.unlock())


async def test_a_killed_session_is_told_and_its_lock_is_free(session: Session, lab: Lab) -> None:
    async with session_on(lab) as other:
        await other.rpc(nc.lock())
        held = await other.netconf()
        await session.rpc(nc.kill_session(str(held.session_id)))
        with pytest.raises(SessionClosed):
            await held.rpc(nc.get_config())
        await session.rpc(nc.lock())
        await session.rpc(nc.unlock())
        assert await running(other) == "start", "the next question opens a new session"


async def test_the_lock_of_a_lost_session_is_free(session: Session, lab: Lab) -> None:
    async with session_on(lab) as other:
        await other.rpc(nc.lock())
        await lose(other)
    async with asyncio.timeout(60):
        while True:
            try:
                await session.rpc(nc.lock())
            except RpcRejected:
                await asyncio.sleep(0.05)  # until the server has seen the connection's end
            else:
                break
    await session.rpc(nc.unlock())


async def test_many_questions_at_once_have_their_own_answers(session: Session) -> None:
    replies = await asyncio.gather(*(session.rpc(nc.get_config("running", OURS)) for _ in range(20)))
    assert all("<hostname>start</hostname>" in reply for reply in replies)
