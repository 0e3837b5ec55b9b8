"""The SNMP collector: each device at its own moment of the interval, none waiting for another."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from netloom.collectors.contract import Context
from netloom.collectors.mibs import standard
from netloom.collectors.mibs.own import own_mibs
from netloom.collectors.outlet import Outlet
from netloom.collectors.snmp.plan import Plan
from netloom.collectors.snmp.poll import Identity, Poll
from netloom.collectors.snmp.profiles import Profiles, load_profiles
from netloom.collectors.snmp.samples import Samples
from netloom.collectors.snmp.settings import SnmpSettings
from netloom.errors import NetloomError, OperationTimeout, SourceError, UsageError
from netloom.model.host import Access, Host
from netloom.transports.snmp import SnmpAgent, SnmpSockets
from netloom.transports.snmp_pace import Limits

STATUS_FILE = "devices.json"
"""What each device is asked, and how it last went."""
_FIRST_S = 5.0
"""Within so long after the start each device is asked for the first time: the first rates should not take an hour."""
_STATUS_S = 5.0


def collector(context: Context) -> SnmpCollector:
    """The collector of a context."""
    return SnmpCollector(context)


class Plans:
    """The plan of each kind of device, bound once to the MIBs there are."""

    def __init__(self, root: Path | None) -> None:
        mibs = standard().with_more(own_mibs(root / "mibs")) if root is not None else standard()
        self.mibs = mibs
        self.profiles: Profiles = load_profiles(root / "profiles" if root is not None else None)
        self._plans = {profile.name: self._bound(profile.name) for profile in self.profiles}

    def of(self, identity: Identity) -> Plan:
        """The plan of a device."""
        return self._plans[self.profiles.of(identity.sys_object_id, identity.sys_descr).name]

    def _bound(self, name: str) -> Plan:
        try:
            return Plan(self.profiles[name], self.mibs)
        except UsageError as exc:
            raise SourceError(exc.message, file=self.profiles.file_of(name), hint=exc.hint) from exc


class SnmpCollector:
    """Polls the inventory's devices that have SNMP."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._settings: SnmpSettings = context.settings
        self._health = context.health
        self._plans = Plans(context.root)
        self._stopping = asyncio.Event()
        self._devices: dict[str, _Device] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(self._settings.parallel)
        self.status: dict[str, dict[str, Any]] = {}

    async def run(self) -> None:
        """Poll until stopped and everything is stored."""
        self._sockets = SnmpSockets()
        self._metrics = Outlet(self._context, "metric")
        self._health.refresh.append(self._publish)
        self._take_over()
        self._health.ready()
        flushing = asyncio.create_task(self._flush_often())
        try:
            await self._stopping.wait()
        finally:
            self._stopping.set()
            for task in self._tasks.values():
                task.cancel()
            # A flush is not cancelled: what it wrote would not be counted.
            await asyncio.gather(*self._tasks.values(), flushing, return_exceptions=True)
            self._sockets.close()
            await self._metrics.close()
            self._write_status()

    def reload(self, context: Context) -> None:
        """Take over settings, profiles and devices; devices that stay as they are keep their counters."""
        plans = Plans(context.root)  # raises where a profile is wrong: then all stays as it was
        changed = context.settings != self._settings
        self._context, self._settings, self._plans = context, context.settings, plans
        if changed:
            self._slots = asyncio.Semaphore(self._settings.parallel)
        self._take_over(anew=changed)

    def stop(self) -> None:
        """Ask nothing more; `run` returns when all is stored."""
        self._stopping.set()

    def _take_over(self, *, anew: bool = False) -> None:
        wanted: dict[str, Access] = {}
        for host in self._context.devices:
            if (access := self._access(host)) is not None:
                wanted[host.name] = access
        for name in list(self._devices):
            if anew or name not in wanted or self._devices[name].way != _way(wanted[name]):
                self._tasks.pop(name).cancel()
                self._devices.pop(name)
                self.status.pop(name, None)
        for name, access in wanted.items():
            if name in self._devices:
                self._devices[name].poll.replan(self._plans.of)
            else:
                device = self._devices[name] = _Device(
                    access, Poll(self._plans.of, refresh_polls=self._settings.refresh_polls)
                )
                self._tasks[name] = asyncio.create_task(self._keep_asking(device))

    def _access(self, host: Host) -> Access | None:
        """How to ask a device; None where it is not this process's, or has no SNMP."""
        if zlib.crc32(host.name.encode()) % self._context.workers != self._context.worker:
            return None
        if self._settings.groups and not set(self._settings.groups) & {*host.groups, host.name}:
            return None
        try:
            access = self._context.devices.access(host)
            if access.snmp is not None:
                for secret in (access.snmp.community, access.snmp.auth_password, access.snmp.privacy_password):
                    if secret is not None:
                        secret.reveal()  # now: one that cannot be followed concerns this device alone
        except NetloomError as exc:
            self._health.count("unusable_devices_total")
            self._health.complain(str(exc))
            return None
        return access if access.snmp is not None else None

    async def _keep_asking(self, device: _Device) -> None:
        """Turns stand fast on the clock: a late one does not put off the next, and one missed is counted."""
        loop = asyncio.get_running_loop()
        interval = self._settings.interval_s
        share = zlib.crc32(f"poll {device.access.name}".encode()) / 2**32
        await asyncio.sleep(share * min(interval, _FIRST_S))
        turn = loop.time()
        try:
            while True:
                try:
                    await self._ask(device)
                except Exception as exc:  # noqa: BLE001 - the task's edge: what one device tells must not end its turns
                    self._health.count("defects_total")
                    self._health.complain(f"{device.access.name}: {type(exc).__name__}: {exc}")
                turn += interval
                if (late := loop.time() - turn) > 0:
                    missed = int(late // interval) + 1
                    self._health.count("skipped_polls_total", missed)
                    turn += missed * interval
                await asyncio.sleep(turn - loop.time())
        finally:
            device.close()

    async def _ask(self, device: _Device) -> None:
        """One turn, its outcome stored and told."""
        name = device.access.name
        error: NetloomError | None = None
        async with self._slots:
            began, timestamp = time.monotonic(), time.time_ns()
            samples = Samples()
            try:
                async with asyncio.timeout(self._settings.poll_s):
                    if device.agent is None or device.agent.closed:
                        device.agent = await self._sockets.open(device.access, limits=self._limits())
                    samples = await device.poll.take(device.agent)
            except TimeoutError:
                error = OperationTimeout(f"not done within {self._settings.poll_s:g} s", device=name)
            except NetloomError as exc:
                error = exc
                device.close()
        samples.add("snmp.up", float(error is None))
        samples.add("snmp.duration_s", time.monotonic() - began)
        self._store(name, samples, timestamp)
        self._health.count("polls_total", result="failed" if error else "ok")
        if error is not None:
            self._health.complain(str(error))
        plan = device.poll.plan
        self.status[name] = {
            "profile": plan.profile.name if plan else None,
            "sys_object_id": device.poll.identity.sys_object_id if device.poll.identity else None,
            "polled": timestamp // 1_000_000_000,
            "duration_s": round(time.monotonic() - began, 3),
            "metrics": len(samples),
            "error": str(error) if error else None,
        }

    def _store(self, name: str, samples: Samples, timestamp: int) -> None:
        self._health.count("decoded_records_total", len(samples), record="metric")
        if self._metrics.waiting + len(samples) > self._settings.max_waiting:
            self._health.count("lost_total", len(samples), reason="store", stream="metric")
            return
        self._metrics.put_batch(samples.batch(name, self._context.namespace, timestamp))

    def _limits(self) -> Limits:
        settings = self._settings
        return Limits(
            repetitions=min(40, settings.max_repetitions),
            max_repetitions=settings.max_repetitions,
            reply_octets=settings.reply_octets,
            in_flight=settings.in_flight,
            rows=settings.max_rows,
            tries_s=tuple(settings.tries_s * (at + 1) for at in range(settings.tries)),
            requests_per_s=settings.requests_per_s,
        )

    async def _flush_often(self) -> None:
        told = time.monotonic()
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._settings.flush_s)
            if self._metrics.waiting:
                await self._metrics.flush()
            if time.monotonic() - told >= _STATUS_S:
                told = time.monotonic()
                self._write_status()

    def _publish(self) -> None:
        self._health.gauge("devices", len(self._devices))
        self._health.gauge("devices_down", sum(1 for each in self.status.values() if each["error"]))
        verdicts: Counter[str] = Counter()
        for device in self._devices.values():
            verdicts.update({verdict.value: count for verdict, count in device.poll.counting.verdicts.items()})
        for verdict, count in verdicts.items():
            self._health.gauge("counter_readings", count, verdict=verdict)
        self._health.gauge("retries", sum(each.agent.retries for each in self._devices.values() if each.agent))
        self._health.total("ignored_datagrams_total", self._sockets.ignored)

    def _write_status(self) -> None:
        """For `netloom snmp devices`; written aside, so that it is whole whenever it is read."""
        path = self._context.folder / STATUS_FILE
        try:
            aside = path.with_suffix(".new")
            aside.write_text(json.dumps(self.status))
            aside.replace(path)
        except OSError as exc:
            self._health.complain(f"{path}: {exc.strerror or exc}")


class _Device:
    """A device, its agent while it answers, and what is known of it."""

    def __init__(self, access: Access, poll: Poll) -> None:
        self.access = access
        self.way = _way(access)
        self.poll = poll
        self.agent: SnmpAgent | None = None

    def close(self) -> None:
        """Forget the agent: the next turn resolves the address and asks who is there anew."""
        if self.agent is not None:
            self.agent.close()
            self.agent = None


def _way(access: Access) -> tuple[object, ...]:
    """What of an access makes a difference here: where it differs, the device is another one."""
    return access.address, access.network, access.snmp
