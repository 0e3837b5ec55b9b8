"""What a node's folder holds."""

from dataclasses import replace

import pytest
import yaml

from netloom.lab.accounts import account_files
from netloom.lab.catalogue import load_topology
from netloom.lab.inventory_file import Places, inventory_text, topology_data
from netloom.lab.node_files import Surroundings, node_files, services, start_script
from netloom.lab.services import Programs
from netloom.lab.topology import Flow, Node

PASSWD = "root:x:0:0:root:/root:/bin/bash\nfrr:x:104:107::/nonexistent:/usr/sbin/nologin\nana:x:3000:3000::/h:/bin/sh\n"
GROUP = "root:x:0:\nfrrvty:x:106:frr\nfrr:x:107:\nana:x:3000:\n"
ALL = frozenset(("snmp", "lldp", "ssh", "telnet", "syslog", "softflowd"))
FABRIC = load_topology("fabric6")


def around(available: frozenset[str] = ALL, programs: Programs | None = None) -> Surroundings:
    return Surroundings(passwd=PASSWD, group=GROUP, programs=programs or Programs(), available=available)


def named(name: str) -> Node:
    node = FABRIC.node(name)
    assert node is not None
    return node


def files_of(node: Node, surroundings: Surroundings) -> dict[str, str]:
    return node_files(node, services(node, FABRIC, "KEY", surroundings), surroundings)


def names(node: Node, surroundings: Surroundings) -> list[str]:
    return [service.name for service in services(node, FABRIC, "KEY", surroundings)]


def test_router_starts_its_agent_before_those_that_speak_to_it() -> None:
    found = names(named("leaf1"), around())
    assert found == [
        "rsyslogd", "snmpd", "zebra", "bgpd", "bfdd", "staticd", "vtysh", "watchfrr", "lldpd", "sshd", "telnetd",
        "softflowd",
    ]  # fmt: skip


def test_host_runs_no_routing() -> None:
    assert names(named("host1"), around()) == ["snmpd", "lldpd", "sshd"]


def test_missing_programs_are_left_out() -> None:
    assert names(named("host1"), around(frozenset(("ssh",)))) == ["sshd"]


def test_options_of_the_programs_follow_what_the_machine_has() -> None:
    def bgpd(surroundings: Surroundings) -> str:
        found = services(named("leaf1"), FABRIC, "KEY", surroundings)
        return next(service.command for service in found if service.name == "bgpd")

    assert bgpd(around()) == "/usr/lib/frr/bgpd -d -A 127.0.0.1 -M snmp -M bmp"
    assert bgpd(around(programs=Programs(frr_snmp=False))) == "/usr/lib/frr/bgpd -d -A 127.0.0.1 -M bmp"
    quiet = replace(named("leaf1"), services=frozenset(("ssh",)))
    assert "snmp" not in "".join(service.command for service in services(quiet, FABRIC, "KEY", around()))
    assert "mgmtd" in names(named("leaf1"), around(programs=Programs(frr_mgmtd=True)))
    new = files_of(named("leaf1"), around(programs=Programs(ssh_penalties=True)))
    assert "PerSourcePenalties no" in new["/etc/ssh/sshd_config"]
    assert "PerSourcePenalties" not in files_of(named("leaf1"), around())["/etc/ssh/sshd_config"]


def test_startup_configuration_is_the_file_s_text() -> None:
    leaf = named("leaf1")
    assert files_of(leaf, around())["/etc/frr/frr.conf"] == leaf.config
    assert "hostname leaf1\n" in files_of(replace(leaf, config=""), around())["/etc/frr/frr.conf"]


def test_files_of_the_topology_win() -> None:
    mine = replace(named("host1"), files={"/etc/hosts": "mine\n"})
    assert files_of(mine, around())["/etc/hosts"] == "mine\n"


def test_each_watched_interface_has_its_meter() -> None:
    node = replace(named("leaf1"), flow=Flow(("eth1", "eth3"), version=10, active=60))
    commands = [service.command for service in services(node, FABRIC, "KEY", around()) if service.name == "softflowd"]
    assert len(commands) == 2
    assert "-v 10 -A milli -n 172.20.20.1:2055" in commands[0]
    assert "-t maxlife=60" in commands[1]


def test_start_script_builds_links_before_daemons() -> None:
    host = named("host1")
    script = start_script(host, FABRIC, services(host, FABRIC, "KEY", around()))
    order = ["accept_dad", "addr add 172.20.20.15/24", "eth1 alias leaf1:eth3 up", "addr add 10.1.1.10/24 dev eth1",
             "route add 10.0.0.0/8 via 10.1.1.1", "snmpd -Lf", "/usr/sbin/sshd"]  # fmt: skip
    places = [script.index(words) for words in order]
    assert places == sorted(places)


def test_environment_is_quoted() -> None:
    host = replace(named("host1"), env={"WORDS": "it's; rm -rf"}, exec=("echo done",))
    script = start_script(host, FABRIC, [])
    assert "export WORDS='it'\"'\"'s; rm -rf'\n" in script
    assert script.endswith("echo done\n:\n")


@pytest.mark.parametrize(("kind", "shell", "number"), [("frr", "/usr/bin/vtysh", 3001), ("linux", "/bin/bash", 0)])
def test_netops_can_do_its_work(kind: str, shell: str, number: int) -> None:
    files = account_files(kind, PASSWD, GROUP)
    line = next(line for line in files["/etc/passwd"].splitlines() if line.startswith("netops:"))
    assert line.split(":")[2] == str(number)
    assert line.endswith(shell)
    assert f"netops:{files['/etc/shadow'].split('netops:')[1].split(':')[0]}:19000:" in files["/etc/shadow"]


def test_users_of_a_router_join_its_groups_and_the_machine_s_users_cannot_log_in() -> None:
    files = account_files("frr", PASSWD, GROUP)
    assert "frrvty:x:106:frr,netops,netshell,oper\n" in files["/etc/group"]
    assert "frr:x:107:netops,netshell,oper\n" in files["/etc/group"]
    assert "ana:*:" in files["/etc/shadow"]


def test_inventory_groups_by_kind_role_and_site() -> None:
    data = yaml.safe_load(inventory_text(FABRIC, Places("/l/keeper.sock", "/l/known_hosts")))["all"]
    members = {name: list(group["hosts"]) for name, group in data["children"].items()}
    assert members["linux"] == ["host1", "host2"]
    assert members["spine"] == ["spine1", "spine2"]
    assert members["lyon"] == ["leaf2", "host2"]
    assert data["children"]["frr"]["vars"] == {"netloom_platform": "frr", "netloom_shell_user": "netshell"}
    assert data["hosts"]["leaf1"]["ansible_host"] == "172.20.20.13"
    assert data["hosts"]["leaf1"]["label_tier"] == "2"
    assert data["vars"]["netloom_network"] == "/l/keeper.sock"


def test_topology_data_has_containerlab_s_shape() -> None:
    data = topology_data(FABRIC, "/l")
    assert data["nodes"]["leaf1"]["mgmt-ipv4-address"] == "172.20.20.13"
    assert data["links"][0]["a"] == {"node": "leaf1", "interface": "eth1", "peer": "z"}


def test_a_switch_samples_what_passes_and_its_neighbors_send_real_packets() -> None:
    traffic = load_topology("traffic")
    switch, leaf2, host1 = (traffic.node(name) for name in ("sw1", "leaf2", "host1"))
    assert switch is not None
    assert leaf2 is not None
    assert host1 is not None
    (vswitchd,) = (
        each for each in services(switch, traffic, "KEY", around(ALL | {"openvswitch"})) if "ovs" in each.name
    )
    assert "add-port br0 eth1 -- add-port br0 eth2" in vswitchd.command
    assert r"targets=\"172.20.20.1:6343\" header=128 sampling=64 polling=5" in vswitchd.command
    assert "ethtool -K eth3 tx off" in start_script(leaf2, traffic, [])
    assert "ethtool" not in start_script(host1, traffic, [])
    assert "ovs-vswitchd" not in [each.name for each in services(switch, traffic, "KEY", around())]
