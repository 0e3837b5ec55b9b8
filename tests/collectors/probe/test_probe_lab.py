"""Probes of a lab's devices, from the network that these are managed in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.collectors.probe.services import a_look
from tests.lab.lab_home import home_for_labs, machine_or_skip

from netloom.collectors.probe.look import probe
from netloom.collectors.probe.settings import BUILT_IN, IcmpOptions, Module
from netloom.lab.state import Lab
from netloom.lab.up import lab_down, lab_up
from netloom.model.host import Host
from netloom.model.probe import Probe
from netloom.transports.network import open_socket

pytestmark = pytest.mark.lab

TOPOLOGY = Path(__file__).parents[2] / "devices" / "two_nodes.yml"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    machine_or_skip()
    with home_for_labs(tmp_path_factory.mktemp("labs")):
        made = asyncio.run(lab_up(TOPOLOGY, name="probes"))
        yield made
        asyncio.run(lab_down("probes"))


async def looked(lab: Lab, module: Module, address: str) -> Probe:
    look = a_look(module, address, (Host("device", variables={"ansible_host": address}),))
    look.open_socket = partial(open_socket, str(lab.keeper_socket))
    return await probe(look)


async def test_devices_of_a_lab_answer_and_those_that_are_not_there_do_not(lab: Lab) -> None:
    pinged = await looked(lab, BUILT_IN["icmp"], "172.20.87.11")
    assert (pinged.reason, pinged.probe_icmp_loss_percent, pinged.probe_icmp_reply_hop_limit) == (None, 0, 64)
    assert (await looked(lab, BUILT_IN["ssh_banner"], "172.20.87.12")).probe_success
    few = Module(prober="icmp", timeout_s=0.5, icmp=IcmpOptions(count=2, pause_s=0.05))
    nobody = await looked(lab, few, "172.20.87.99")
    assert (nobody.probe_success, nobody.probe_icmp_loss_percent) == (False, 100)
    closed = await looked(lab, BUILT_IN["tls"], "172.20.87.11")
    assert "closed" in str(closed.reason)
