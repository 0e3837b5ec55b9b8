"""What a change without an end has left on a simulated device, and that erasing the device takes all of it away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from netloom.lab.simulation.control import answer
from netloom.lab.simulation.device import Candidate, Device
from netloom.lab.simulation.running import make
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendors.juniper_junos.database import CommitOptions, database_of
from netloom.model.config import Line


def waiting_commit(device: Device) -> None:
    database = database_of(device)
    edit = database.join("admin", "cli", "exclusive")
    database.change(edit, device.applied(device.config, [Line("host-name other;", ("system",))]))
    database.commit(edit, CommitOptions(seconds=60))


def open_session(device: Device) -> None:
    device.candidates["netloom-t1"] = Candidate("netloom-t1", device.config, device.config)
    device.candidates["done"] = Candidate("done", device.config, device.config, state="completed")


def staged_file(device: Device) -> None:
    device.checkpoints |= {"netloom-t1": device.config, "system-fm-vrrp": device.config}
    device.files["netloom-t1.cfg"] = b"hostname n1\n"


def running_timer(device: Device) -> None:
    device.locks["configuration"] = "admin"
    device.start_timer("rollback", 60, lambda: None)


@pytest.mark.parametrize(
    ("platform", "leave", "told"),
    [
        ("arista_eos", open_session, ["session netloom-t1"]),
        ("cisco_nxos", staged_file, ["checkpoint netloom-t1", "file netloom-t1.cfg"]),
        ("cisco_ios", running_timer, ["timer rollback", "lock configuration"]),
        ("juniper_junos", waiting_commit, ["timer commit", "lock", "commit to be confirmed"]),
    ],
)
async def test_what_is_left_is_told_until_the_device_is_erased(
    platform: str, leave: Callable[[Device], None], told: list[str]
) -> None:
    device = make(Spec(name="d1", platform=platform)).device
    world = {"d1": device}
    first = answer({"op": "memory", "node": "d1"}, world)
    assert first["unfinished"] == []
    device.apply([])
    leave(device)
    assert answer({"op": "memory", "node": "d1"}, world)["unfinished"] == told
    answer({"op": "erase", "node": "d1"}, world)
    assert answer({"op": "memory", "node": "d1"}, world) == first
    device.stop()
