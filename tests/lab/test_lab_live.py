"""A lab of real daemons: up, reached, broken, healed, down."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lab.lab_home import home_for_labs, links, machine_or_skip, processes_of, stale

from netloom.errors import LabError
from netloom.lab.breakage import break_link, faults, heal, kill_daemon, lose_packets
from netloom.lab.converge import wait_converged
from netloom.lab.execute import run_in
from netloom.lab.inspection import inspect, overview
from netloom.lab.machine import probe
from netloom.lab.state import Lab, find_lab
from netloom.lab.up import lab_down, lab_up
from netloom.transports.network import open_socket

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    machine_or_skip()
    with home_for_labs(tmp_path_factory.mktemp("labs")):
        before = links()
        made = asyncio.run(up())
        assert links() == before
        yield made
        asyncio.run(lab_down(made.name))
        assert links() == before
        assert processes_of(made.folder) == []
        assert overview() == []


async def up() -> Lab:
    phases = []
    made = await lab_up("fabric6", on_progress=lambda phase, done, total: phases.append((phase, done, total)))
    await wait_converged(made, 60, on_progress=lambda phase, done, total: phases.append((phase, done, total)))
    assert phases[:2] == [("files", 0, 1), ("files", 1, 1)]
    assert ("nodes", 6, 6) in phases
    assert phases[-1] == ("settled", 6, 6)
    return made


async def test_converged_means_that_hosts_reach_each_other(lab: Lab) -> None:
    finished = await run_in(lab, "host1", ["ping", "-c", "1", "-W", "2", "10.2.1.10"])
    assert finished.status == 0, finished.output


async def test_running_configuration_is_the_startup_configuration(lab: Lab) -> None:
    for node in lab.topology.nodes:
        if node.kind == "frr":
            shown = (await run_in(lab, node.name, ["vtysh", "-c", "show running-config"])).output
            assert shown.split("frr version")[1].split("\n", 1)[1] == f"{node.config}end\n"


async def test_lab_is_found_again_with_its_topology(lab: Lab) -> None:
    assert find_lab() == find_lab("fabric6") == lab
    assert [(entry.name, entry.status, entry.nodes) for entry in overview()] == [("fabric6", "running", 6)]
    states = inspect(lab)
    assert all(state.running and state.pid for state in states)
    assert states[2].address == "172.20.20.13"


async def test_second_up_is_refused_and_harms_nothing(lab: Lab) -> None:
    with pytest.raises(LabError, match=r"fabric6 is up already; `netloom lab down fabric6`"):
        await lab_up("fabric6")
    assert all(state.running for state in inspect(lab))


async def test_devices_answer_through_the_keeper(lab: Lab) -> None:
    """Sockets opened by the keeper connect from outside, though nothing here routes there."""
    loop = asyncio.get_running_loop()
    for port, banner in ((22, b"SSH-2.0-"), (23, b"\xff")):
        with open_socket(str(lab.keeper_socket), socket.AF_INET, socket.SOCK_STREAM) as device:
            device.setblocking(False)
            await asyncio.wait_for(loop.sock_connect(device, ("172.20.20.13", port)), 5)
            assert (await asyncio.wait_for(loop.sock_recv(device, 100), 5)).startswith(banner)


async def test_users_log_in_with_their_shells(lab: Lab) -> None:
    import asyncssh  # noqa: PLC0415 - slow to load, and only here

    async def ask(address: str, user: str, command: str) -> str:
        device = open_socket(str(lab.keeper_socket), socket.AF_INET, socket.SOCK_STREAM)
        device.setblocking(False)
        await asyncio.get_running_loop().sock_connect(device, (address, 22))
        hosts = str(lab.folder / "known_hosts")
        async with asyncssh.connect(
            host=address, sock=device, username=user, password="admin", known_hosts=hosts, client_keys=[], config=[]
        ) as session:
            done = await session.run(command)
            return str(done.stdout) + str(done.stderr)

    assert "FRRouting" in await ask("172.20.20.13", "netops", "show version")
    assert "[OK]" in await ask("172.20.20.13", "netops", "write memory")
    assert "Unknown command" in await ask("172.20.20.13", "oper", "configure terminal")
    shown = await ask("172.20.20.13", "netshell", "vtysh -c 'show bgp summary'; ip -br link; pwd")
    assert "spine1" in shown or "eth1" in shown
    assert shown.endswith("/var/home/netshell\n")
    if probe().readable_lldpcli:
        assert "LLDP neighbors" in await ask("172.20.20.13", "netshell", "lldpcli show neighbors")
    assert "uid=0(root)" in await ask("172.20.20.15", "netops", "ip link set eth1 mtu 1500 && id")


async def test_syslog_arrives_though_nobody_listened_before(lab: Lab) -> None:
    with open_socket(str(lab.keeper_socket), socket.AF_INET, socket.SOCK_DGRAM) as collector:
        collector.bind(("172.20.20.1", 5514))
        collector.setblocking(False)
        loop = asyncio.get_running_loop()
        await run_in(lab, "spine2", ["logger", "-t", "test", "hello"])
        async with asyncio.timeout(10):
            while b" spine2 test: hello" not in await loop.sock_recv(collector, 4096):
                pass


async def test_link_breaks_and_heals(lab: Lab) -> None:
    fault = await break_link(lab, "leaf1:eth1")
    assert str(fault) == "leaf1:eth1 is down"
    shown = (await run_in(lab, "spine1", ["ip", "-br", "link", "show", "eth1"])).output
    assert "UP" not in shown.split()[1]
    assert inspect(lab)[2].faults == ("leaf1:eth1 is down",)
    # Packets on their way while the far leaf hears of it are lost; the detour carries the later ones.
    detour = await run_in(lab, "host1", ["ping", "-c", "10", "-i", "0.1", "-W", "1", "10.2.1.10"])
    assert detour.status == 0
    assert await heal(lab, "leaf1:eth1") == [fault]
    await wait_converged(lab)
    assert faults(lab) == []


async def test_killed_daemons_come_back(lab: Lab) -> None:
    for name in ("sshd", "lldpd", "telnetd", "snmpd"):
        await kill_daemon(lab, "spine1", name)
    with pytest.raises(LabError, match="sshd does not run on spine1"):
        await kill_daemon(lab, "spine1", "sshd")
    await kill_daemon(lab, "spine1", "bgpd")
    assert len(await heal(lab)) == 5
    await wait_converged(lab)
    shown = (await run_in(lab, "spine1", ["ps", "-eo", "comm"])).output.split()
    assert {"sshd", "lldpd", "snmpd", "bgpd", "systemd-socket-"} <= set(shown)


async def test_loss_is_there_and_goes(lab: Lab) -> None:
    if "nft" not in probe().kernel:
        pytest.skip("nftables or its netdev hook is missing")
    await lose_packets(lab, "host2:eth1", 100)
    assert (await run_in(lab, "host2", ["ping", "-c", "1", "-W", "0.3", "10.2.1.1"])).status != 0
    await heal(lab, "host2")
    assert (await run_in(lab, "host2", ["ping", "-c", "1", "-W", "2", "10.2.1.1"])).status == 0


@pytest.mark.parametrize(
    ("end", "words"),
    [("leaf1:eth9", 'did you mean "leaf1:eth'), ("leaf9", "no link at 'leaf9'"), ("", "no link at ''")],
)
async def test_unknown_ends_are_refused(lab: Lab, end: str, words: str) -> None:
    with pytest.raises(LabError, match=words):
        await break_link(lab, end)


async def test_unknown_daemon_and_node_are_refused(lab: Lab) -> None:
    with pytest.raises(LabError, match="leaf1 runs no 'bgp'; did you mean \"bgpd\""):
        await kill_daemon(lab, "leaf1", "bgp")
    with pytest.raises(LabError, match="no node 'leaf9'"):
        lab.argv_in("leaf9", ["true"])
    with pytest.raises(LabError, match="1 to 100"):
        await lose_packets(lab, "leaf1:eth1", 0)


async def test_commands_run_in_the_management_network(lab: Lab) -> None:
    shown = (await run_in(lab, "mgmt", ["ip", "-br", "addr", "show", "mgmt"])).output
    assert "172.20.20.1/24" in shown


async def test_two_labs_stand_side_by_side(lab: Lab) -> None:
    other = await lab_up("fabric6", name="twin")
    try:
        assert {entry.name for entry in overview()} == {"fabric6", "twin"}
        await run_in(other, "leaf1", ["ip", "link", "set", "mgmt0", "down"])
        assert (await run_in(lab, "mgmt", ["ping", "-c", "1", "-W", "2", "172.20.20.13"])).status == 0
    finally:
        await lab_down("twin")
    assert processes_of(other.folder) == []
    assert all(state.running for state in inspect(lab))


async def test_dead_keeper_is_seen_and_cleared(tmp_path: Path, lab: Lab) -> None:
    text = "name: tiny\ntopology: {nodes: {h1: {kind: linux}}}\n"
    (tmp_path / "tiny.yml").write_text(text)
    tiny = await lab_up(tmp_path / "tiny.yml")
    os.kill(tiny.keeper_pid(), signal.SIGKILL)
    await stale(tiny)
    with pytest.raises(LabError, match="tiny died and left its folder"):
        await lab_up(tmp_path / "tiny.yml")
    with pytest.raises(LabError, match="does not answer"):
        open_socket(str(tiny.keeper_socket), socket.AF_INET, socket.SOCK_STREAM)
    await lab_down("tiny")
    assert processes_of(tiny.folder) == []


async def test_node_that_dies_is_seen_and_the_others_stay(tmp_path: Path, lab: Lab) -> None:
    (tmp_path / "pair.yml").write_text("name: pair\ntopology: {nodes: {h1: {kind: linux}, h2: {kind: linux}}}\n")
    pair = await lab_up(tmp_path / "pair.yml")
    os.kill(pair.node_pid("h1"), signal.SIGKILL)
    async with asyncio.timeout(10):
        while inspect(pair)[0].running:  # noqa: ASYNC110 - another process's end, no event of ours
            await asyncio.sleep(0.01)
    assert inspect(pair)[1].running
    assert pair.status() == "running"
    with pytest.raises(LabError, match="node h1 does not run"):
        pair.argv_in("h1", ["true"])
    await lab_down("pair")


async def test_keeper_ends_in_order_when_told(tmp_path: Path, lab: Lab) -> None:
    (tmp_path / "told.yml").write_text("name: told\ntopology: {nodes: {h1: {kind: linux}}}\n")
    told = await lab_up(tmp_path / "told.yml")
    os.kill(told.keeper_pid(), signal.SIGTERM)
    await stale(told)
    assert "told to end by SIGTERM" in (told.folder / "keeper.log").read_text()
    assert not told.keeper_socket.exists()
    await lab_down("told")


async def test_node_options_take_effect(tmp_path: Path, lab: Lab) -> None:
    (tmp_path / "motd").write_text("bound\n")
    (tmp_path / "options.yml").write_text(
        "name: options\ntopology:\n  nodes:\n    h1:\n      kind: linux\n      binds: ['motd:/etc/issue:ro']\n"
        "      env: {COLOUR: dark blue}\n      exec: ['echo \"$COLOUR\" > /run/colour']\n"
        "      netloom: {snmp: false, lldp: false, files: {/etc/mine: 'my text'}}\n"
    )
    made = await lab_up(tmp_path / "options.yml")
    try:
        shown = await run_in(made, "h1", ["cat", "/etc/issue", "/run/colour", "/etc/mine"])
        assert shown.output == "bound\ndark blue\nmy text"
        assert (await run_in(made, "h1", ["sh", "-c", "echo x > /etc/issue"])).status != 0
        assert (await run_in(made, "h1", ["touch", "/usr/x"])).status != 0
        assert "snmpd" not in (await run_in(made, "h1", ["ps", "-eo", "comm"])).output
    finally:
        await lab_down("options")


async def test_failed_up_leaves_nothing_and_says_why(tmp_path: Path, lab: Lab) -> None:
    (tmp_path / "bad.yml").write_text(
        "name: bad\ntopology: {nodes: {h1: {kind: linux, binds: ['missing:/etc/issue']}}}\n"
    )
    with pytest.raises(LabError, match=r"(?s)bad: h1 died while starting.*missing"):
        await lab_up(tmp_path / "bad.yml")
    assert [entry.name for entry in overview()] == ["fabric6"]
