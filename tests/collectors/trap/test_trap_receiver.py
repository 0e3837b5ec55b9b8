"""The receiver: net-snmp's clients send traps and informs of every version; what is acknowledged is stored."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvloop
from tests.collectors.collector_site import context_of, port_of, running, stored, total, until

from netloom.codecs.snmp import Operation, Pdu, encode_v2c
from netloom.collectors.contract import Context
from netloom.collectors.site import Exporter, Port, Site
from netloom.collectors.trap.run import TrapCollector, collector
from netloom.collectors.trap.settings import TrapSettings, TrapUser
from netloom.errors import SecretError, StoreError

SITE = Site(
    exporters={"127.0.0.1": Exporter("r1"), "192.0.2.9": Exporter("r9")}, ports={("r1", 3): Port("GigabitEthernet0/3")}
)
LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
OBJECTS = ("1.3.6.1.2.1.2.2.1.1.3", "i", "3", "1.3.6.1.2.1.2.2.1.7.3", "i", "1", "1.3.6.1.2.1.2.2.1.8.3", "i", "2")
PASSWORDS: dict[str, Any] = {"auth_password": "authpassword", "privacy_password": "privpassword"}
USERS = {
    "ann": TrapUser(**PASSWORDS),
    "bob": TrapUser(auth_protocol="SHA", auth_password="authpassword"),
    "cid": TrapUser(),
    "dee": TrapUser(auth_protocol="MD5", privacy_protocol="DES", **PASSWORDS),
    "eve": TrapUser(auth_protocol="SHA-512", privacy_protocol="AES-256", **PASSWORDS),
}
AUTH = ("-A", "authpassword", "-X", "privpassword")
LEVELS = {
    "ann": ("-l", "authPriv", "-a", "SHA-256", "-x", "AES", *AUTH),
    "bob": ("-l", "authNoPriv", "-a", "SHA", "-A", "authpassword"),
    "cid": ("-l", "noAuthNoPriv"),
    "dee": ("-l", "authPriv", "-a", "MD5", "-x", "DES", *AUTH),
    "eve": ("-l", "authPriv", "-a", "SHA-512", "-x", "AES-256", *AUTH),
}
ENGINE = ("-e", "0x8000000001020304")


def settings(**options: Any) -> TrapSettings:
    return TrapSettings(**{"listen": ("udp://127.0.0.1:0",), "users": USERS, "flush_s": 0.1, **options})


async def send(context: Context, program: str, *options: str, objects: tuple[str, ...] = OBJECTS) -> int:
    """What net-snmp's client says; -r 0 keeps it from trying again."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    where = f"127.0.0.1:{port_of(context, 'udp')}"
    argv = [program, "-r", "0", "-t", "5", *options, where, "12345", LINK_DOWN, *objects]
    done = await asyncio.create_subprocess_exec(
        *argv, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    return await done.wait()


def heard(context: Context) -> bool:
    return total(context, "received_datagrams_total") > 0


def taken(context: Context) -> float:
    return total(context, "decoded_records_total", record="trap")


async def test_a_trap_becomes_a_trap_and_an_event_in_words(tmp_path: Path) -> None:
    context = context_of(tmp_path, settings(), SITE)
    async with running(collector, context):
        assert await send(context, "snmptrap", "-v2c", "-c", "s3cretcommunity") == 0
        await until(lambda: taken(context) == 1)
    (trap,) = stored(tmp_path, "trap")
    assert (trap["hostname"], trap["version"], trap["kind"], trap["trap_name"]) == ("r1", "v2c", "trap", "linkDown")
    assert [(each["name"], each["value"]) for each in trap["varbinds"]] == [
        ("ifIndex.3", "3"), ("ifAdminStatus.3", "up"), ("ifOperStatus.3", "down"),
    ]  # fmt: skip
    (event,) = stored(tmp_path, "event")
    assert (event["hostname"], event["name"], event["interface"]) == ("r1", "INTERFACE_DOWN", "GigabitEthernet0/3")
    assert (event["state"], event["code"]) == ("down", "linkDown")
    assert "s3cretcommunity" not in repr((trap, event))


async def test_a_trap_of_version_1_over_a_relay_belongs_to_its_agent(tmp_path: Path) -> None:
    context = context_of(tmp_path, settings(relays=("127.0.0.1",)), SITE)
    async with running(collector, context):
        if shutil.which("snmptrap") is None:
            pytest.skip("snmptrap is not installed")
        where = f"127.0.0.1:{port_of(context, 'udp')}"
        argv = ["snmptrap", "-v1", "-c", "x", where, "1.3.6.1.4.1.9", "192.0.2.9", "0", "0", "5"]
        done = await asyncio.create_subprocess_exec(*argv)
        assert await done.wait() == 0
        await until(lambda: taken(context) == 1)
    assert [(each["hostname"], each["trap_name"]) for each in stored(tmp_path, "trap")] == [("r9", "coldStart")]
    assert [(each["name"], each["reason"]) for each in stored(tmp_path, "event")] == [
        ("SYSTEM_RESTARTED", "cold start")
    ]


@pytest.mark.parametrize("user", LEVELS)
async def test_traps_of_version_3_are_taken_at_every_level(tmp_path: Path, user: str) -> None:
    context = context_of(tmp_path, settings(), SITE)
    async with running(collector, context):
        assert await send(context, "snmptrap", "-v3", *ENGINE, "-u", user, *LEVELS[user]) == 0
        await until(lambda: taken(context) == 1)
    (trap,) = stored(tmp_path, "trap")
    assert (trap["version"], trap["user"], trap["encrypted"]) == ("v3", user, False)
    assert [each["name"] for each in trap["varbinds"]][:1] == ["ifIndex.3"]


@pytest.mark.parametrize("user", ["v2c", *LEVELS])
async def test_informs_are_acknowledged_when_they_are_stored(tmp_path: Path, user: str) -> None:
    context = context_of(tmp_path, settings(flush_s=60.0), SITE)
    version = ("-v2c", "-c", "x") if user == "v2c" else ("-v3", "-u", user, *LEVELS[user])
    async with running(collector, context):
        assert await send(context, "snmpinform", *version) == 0
        assert [each["kind"] for each in stored(tmp_path, "trap")] == ["inform"]
        assert total(context, "acknowledged_total") == 1


async def test_an_inform_that_cannot_be_stored_is_not_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netloom.collectors.outlet.RETRY_S", 0.05)
    context = context_of(tmp_path, settings(), SITE)
    fails, made = True, context.writer

    def failing(stream: str) -> Any:
        writer = made(stream)
        flush = writer.flush

        def maybe() -> int:
            if fails:
                raise StoreError("no space left")
            return flush()

        monkeypatch.setattr(writer, "flush", maybe)
        return writer

    context.writer = failing
    async with running(collector, context):
        message = encode_v2c(b"x", Pdu(Operation.INFORM, 7))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect(("127.0.0.1", port_of(context, "udp")))
            sender.settimeout(10)
            sender.send(message)
            await until(lambda: total(context, "store_failures_total", stream="trap") >= 2)
            sender.send(message)  # again, as a sender does that hears nothing
            await until(lambda: total(context, "duplicate_total") == 1)
            sender.setblocking(False)
            with pytest.raises(BlockingIOError):
                sender.recv(2000)
            sender.settimeout(10)
            fails = False
            assert await asyncio.to_thread(sender.recv, 2000) == encode_v2c(b"x", Pdu(Operation.RESPONSE, 7))
            sender.send(message)  # its answer was lost perhaps
            assert await asyncio.to_thread(sender.recv, 2000) == encode_v2c(b"x", Pdu(Operation.RESPONSE, 7))
    assert len(stored(tmp_path, "trap")) == 1
    assert total(context, "duplicate_total") == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("-v2c", "-c", "wrong"), "community"),
        (("-v3", *ENGINE, "-u", "zoe", "-l", "noAuthNoPriv"), "unknown_user"),
        (("-v3", *ENGINE, "-u", "bob", "-l", "authNoPriv", "-a", "SHA", "-A", "another password"), "digest"),
        (("-v3", *ENGINE, "-u", "ann", "-l", "authNoPriv", "-a", "SHA-256", "-A", "authpassword"), "level"),
        (("-v3", "-e", "0x80000000ffff", "-u", "bob", *LEVELS["bob"]), "unknown_engine"),
    ],
)
async def test_strangers_are_counted_with_the_reason(tmp_path: Path, options: tuple[str, ...], reason: str) -> None:
    chosen = settings(communities=("right",), engines=("80:00:00:00:01:02:03:04",))
    context = context_of(tmp_path, chosen, SITE)
    async with running(collector, context):
        await send(context, "snmptrap", *options)
        await until(lambda: total(context, "lost_total", reason=reason) == 1)
        assert "another password" not in repr(context.health.complaints)
    assert taken(context) == 0


async def test_plain_versions_can_be_refused(tmp_path: Path) -> None:
    context = context_of(tmp_path, settings(plain=False), SITE)
    async with running(collector, context):
        await send(context, "snmptrap", "-v2c", "-c", "x")
        await until(lambda: total(context, "lost_total", reason="plain") == 1)


async def test_what_is_recorded_and_sent_again_later_is_refused_after_a_restart_too(tmp_path: Path) -> None:
    """net-snmp counts its starts in no file here: an older clock is all that tells."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as recorder:
        recorder.bind(("127.0.0.1", 0))
        recorder.settimeout(10)
        context = context_of(tmp_path, settings(), SITE)
        context.health.ready(f"udp://127.0.0.1:{recorder.getsockname()[1]}")
        await send(context, "snmptrap", "-v3", *ENGINE, "-Z", "7,1000", "-u", "bob", *LEVELS["bob"])
        old = recorder.recv(2000)
        await send(context, "snmptrap", "-v3", *ENGINE, "-Z", "7,2000", "-u", "bob", *LEVELS["bob"])
        new = recorder.recv(2000)
    for data, expected in ((new, (1.0, 0.0)), (old, (0.0, 1.0))):
        context = context_of(tmp_path, settings(), SITE)
        async with running(collector, context):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.sendto(data, ("127.0.0.1", port_of(context, "udp")))
            await until(partial(heard, context))
        assert (taken(context), total(context, "lost_total", reason="time")) == expected


async def test_the_engine_and_its_starts_outlive_a_restart(tmp_path: Path) -> None:
    context = context_of(tmp_path, settings(), SITE)
    async with running(collector, context):
        pass
    first = (context.folder / "engine.json").read_text()
    async with running(collector, context):
        pass
    second = (context.folder / "engine.json").read_text()
    assert first.partition("boots")[0] == second.partition("boots")[0]
    assert int(second.rpartition(" ")[2].rstrip("}")) == int(first.rpartition(" ")[2].rstrip("}")) + 1


async def test_secrets_in_objects_are_never_stored(tmp_path: Path) -> None:
    context = context_of(tmp_path, settings(), SITE)
    objects = (
        "1.3.6.1.6.3.18.1.4.0", "s", "Canary1community", "1.3.6.1.2.1.14.7.1.16.10.0.0.1.0", "s", "Canary2key",
        "1.3.6.1.4.1.9.9.41.1.2.3.1.5.1", "s", "User:ann  logged command:snmp-server community Canary3 RO",
    )  # fmt: skip
    async with running(collector, context):
        assert await send(context, "snmptrap", "-v2c", "-c", "x", objects=objects) == 0
        await until(lambda: taken(context) == 1)
    (trap,) = stored(tmp_path, "trap")
    assert "Canary" not in repr(trap)
    assert [each["value"].count("<secret:") for each in trap["varbinds"]] == [1, 1, 1]
    assert total(context, "redacted_total") == 1


async def test_every_datagram_is_accounted_for(tmp_path: Path) -> None:
    context = context_of(tmp_path, settings(rate_limit=100.0, receive_buffer=1 << 20), SITE)
    async with running(collector, context):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect(("127.0.0.1", port_of(context, "udp")))
            for number in range(3000):
                message = encode_v2c(b"x", Pdu(Operation.TRAP, number))
                sender.send(message if number % 3 else message[:-1])
    names = ("malformed_total", "request_total", "duplicate_total", "lost_total")
    accounted = total(context, "stored_records_total", stream="trap") + sum(total(context, name) for name in names)
    assert accounted == 3000
    assert total(context, "lost_total", reason="rate") > 0


async def test_settings_are_taken_over_without_a_restart(tmp_path: Path) -> None:
    context = context_of(tmp_path, settings(), SITE)
    async with running(collector, context) as running_collector:
        assert await send(context, "snmpinform", "-v3", "-u", "bob", *LEVELS["bob"]) == 0
        port = port_of(context, "udp")
        context.settings = settings(users={"bob": USERS["bob"]}, listen=("udp://127.0.0.1:0", "udp://[::1]:0"))
        running_collector.reload(context)
        assert port_of(context, "udp://127") == port
        assert await send(context, "snmpinform", "-v3", "-u", "bob", *LEVELS["bob"]) == 0
        await send(context, "snmptrap", "-v3", *ENGINE, "-u", "ann", *LEVELS["ann"])
        await until(lambda: total(context, "lost_total", reason="unknown_user") == 1)
    assert len(stored(tmp_path, "trap")) == 2


async def test_a_short_password_is_refused_by_the_name_of_its_setting(tmp_path: Path) -> None:
    context = context_of(tmp_path, settings(users={"ann": TrapUser(auth_password="short")}))
    with pytest.raises(SecretError, match=r"collectors\.trap\.users\.ann\.auth_password: expected 8"):
        await TrapCollector(context).run()


@pytest.mark.parametrize(
    "test",
    [
        test_a_trap_becomes_a_trap_and_an_event_in_words,
        test_settings_are_taken_over_without_a_restart,
        test_every_datagram_is_accounted_for,
    ],
)
def test_the_loop_that_collectors_run_on_makes_no_difference(
    tmp_path: Path, test: Callable[[Path], Coroutine[Any, Any, None]]
) -> None:
    uvloop.run(test(tmp_path))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"listen": ("tcp://127.0.0.1:1",)}, "listen: expected udp://"),
        ({"engines": ("xyz",)}, "engines: expected 5 to 32 octets"),
        ({"engine_id": "80"}, "engine_id: expected 5 to 32 octets"),
        ({"allow": ("nowhere",)}, "allow: expected an address"),
        ({"flush_s": 0.0}, "flush_s: expected more than 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        TrapSettings(**given)
    with pytest.raises(ValueError, match="privacy_password: expected an auth_password"):
        TrapUser(privacy_password="long enough")
