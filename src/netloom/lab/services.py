"""The daemons of a node: their files and how they start. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netloom.lab.topology import Node, Topology

if TYPE_CHECKING:
    from collections.abc import Mapping

SNMP_USER = "labv3"
SNMP_AUTH = "authpass123"
SNMP_PRIVACY = "privpass123"
COMMUNITY = "public"
SYSLOG_PORT = 5514
TRAP_PORT = 1162
FLOW_PORT = 2055
SFLOW_PORT = 6343
SNMP_DAEMONS = ("zebra", "bgpd", "ospfd", "ospf6d", "isisd", "ripd", "ldpd")
"""The daemons of FRR that have an SNMP module."""


@dataclass(frozen=True, slots=True)
class Service:
    """One daemon of a node."""

    name: str
    """The program's name."""
    command: str
    """A line of shell that starts it; it ends when the daemon serves."""
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """What of the machine's programs shapes the files."""

    frr_snmp: bool = True
    frr_mgmtd: bool = False
    """FRR 10's management daemon, which staticd waits for."""
    ssh_penalties: bool = False
    """OpenSSH from 9.8 on shuts out clients that fail to log in."""


def snmpd(node: Node, topology: Topology) -> Service:
    """The SNMP agent, with AgentX for the others."""
    config = f"""agentAddress udp:{node.mgmt_ipv4}:161,udp:127.0.0.1:161
master agentx
agentXSocket /var/agentx/master
agentXPerms 0777 0777
rocommunity {COMMUNITY}
createUser {SNMP_USER} SHA-256 {SNMP_AUTH} AES {SNMP_PRIVACY}
rouser {SNMP_USER} authPriv
sysLocation {node.labels.get("site", f"lab {topology.name}")}
sysContact noc@example.org
sysServices 76
sysObjectID 1.3.6.1.4.1.8072.3.2.10
trap2sink {topology.gateway}:{TRAP_PORT} {COMMUNITY}
linkUpDownNotifications no
"""
    return Service("snmpd", "snmpd -Lf /var/log/snmpd.log -p /run/snmpd.pid", {"/etc/snmp/snmpd.conf": config})


def frr(node: Node, programs: Programs) -> list[Service]:
    """The routing daemons in the order they start, the configuration's loading, and the watchman over them."""
    daemons = ["zebra", *(["mgmtd"] if programs.frr_mgmtd else []), *node.daemons, "staticd"]
    options = {
        name: "-A 127.0.0.1"
        + (" -M snmp" if programs.frr_snmp and "snmp" in node.services and name in SNMP_DAEMONS else "")
        + (" -M bmp" if name == "bgpd" else "")
        for name in daemons
    }
    lines = [*(f"{name}=yes" for name in node.daemons), "vtysh_enable=yes"]
    lines += [f'{name}_options="{value}"' for name, value in options.items()]
    files = {
        "/etc/frr/daemons": "\n".join(lines) + "\n",
        "/etc/frr/vtysh.conf": "service integrated-vtysh-config\n",
        # Membership of frrvty lets a user in; `username` lines would show in the running configuration.
        "/etc/pam.d/frr": "auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n",
        "/etc/frr/frr.conf": node.config or _plain_config(node.name),
        "/etc/frr/ro-shell": '#!/bin/sh\nexec /usr/bin/vtysh -u "$@"\n',
    }
    services = [Service(name, f"/usr/lib/frr/{name} -d {value}") for name, value in options.items()]
    watch = f"/usr/lib/frr/watchfrr -d -i 2 --min-restart-interval 2 {' '.join(daemons)}"
    return [*services, Service("vtysh", "vtysh -b", files), Service("watchfrr", watch)]


def _plain_config(name: str) -> str:
    """What a router without a startup configuration starts with."""
    return (
        f"frr defaults traditional\nhostname {name}\nlog syslog informational\nagentx\n"
        "log commands\nservice integrated-vtysh-config\n!\n"
    )


def lldpd(node: Node, topology: Topology) -> Service:
    """Neighbor discovery on the node's own links, told to the SNMP agent; lldpcli serves every user."""
    agent = "-x -X /var/agentx/master " if "snmp" in node.services else ""
    ports = ",".join(name for name, _, _ in topology.cables(node.name)) or "none"
    config = "configure lldp tx-interval 5\nconfigure lldp tx-hold 4\nconfigure lldp portidsubtype ifname\n"
    command = f"lldpd {agent}-m {node.mgmt_ipv4} -I '{ports}' -S '{node.kind} {node.name}'"
    return Service("lldpd", f"{command} && chmod 777 /run/lldpd.socket", {"/etc/lldpd.conf": config})


def sshd(node: Node, host_key: str, programs: Programs) -> Service:
    """SSH for the lab's users."""
    config = f"""Port 22
ListenAddress {node.mgmt_ipv4}
HostKey /etc/ssh/ssh_host_ed25519_key
UsePAM no
UseDNS no
PasswordAuthentication yes
KbdInteractiveAuthentication no
GSSAPIAuthentication no
PermitRootLogin yes
AllowUsers root netops netshell oper
PrintMotd no
PrintLastLog no
SetEnv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
Subsystem sftp internal-sftp
MaxStartups 200
MaxSessions 100
LoginGraceTime 20
"""
    if programs.ssh_penalties:
        config += "PerSourcePenalties no\n"
    return Service(
        "sshd", "/usr/sbin/sshd", {"/etc/ssh/sshd_config": config, "/etc/ssh/ssh_host_ed25519_key": host_key}
    )


def telnetd(node: Node) -> Service:
    """Telnet into the login program, one process a connection."""
    serve = f"systemd-socket-activate --accept --inetd -l {node.mgmt_ipv4}:23 /usr/sbin/telnetd -h"
    return Service("telnetd", f"setsid {serve} </dev/null >/dev/null 2>&1 &")


def rsyslogd(topology: Topology) -> Service:
    """Syslog to where collectors listen, RFC 3164's shape; it is lost in silence while nobody does."""
    config = f"""global(net.enableDNS="off" processInternalMessages="off")
module(load="imuxsock")
*.* action(type="omfwd" target="{topology.gateway}" port="{SYSLOG_PORT}" protocol="udp" udp.sendDelay="0"
 template="RSYSLOG_TraditionalForwardFormat" action.resumeRetryCount="-1" action.resumeInterval="1"
 action.reportSuspension="off")
"""
    return Service("rsyslogd", "rsyslogd -i /run/rsyslogd.pid", {"/etc/rsyslog.conf": config})


def openvswitch(node: Node, topology: Topology) -> Service:
    """A switch in userspace over all of the node's links, and the sFlow that it exports."""
    database, folder = "/run/ovs.db", "/run/openvswitch"
    lines = [
        f"mkdir -p {folder} /var/log/openvswitch",
        f"ovsdb-tool create {database} /usr/share/openvswitch/vswitch.ovsschema",
        f"ovsdb-server {database} --remote=punix:{folder}/db.sock --pidfile --detach --no-chdir -vconsole:off",
        "ovs-vsctl --no-wait init",
        "ovs-vswitchd --pidfile --detach --no-chdir -vconsole:off --log-file=/var/log/openvswitch/ovs-vswitchd.log",
    ]
    ports = " ".join(f"-- add-port br0 {name}" for name, _, _ in topology.cables(node.name))
    lines.append(f"ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev {ports}")
    if node.sflow is not None:
        target = f'targets=\\"{topology.gateway}:{SFLOW_PORT}\\"'
        rates = f"sampling={node.sflow.sampling} polling={node.sflow.polling}"
        lines.append(
            f"ovs-vsctl -- --id=@s create sflow agent=mgmt0 {target} header=128 {rates} -- set bridge br0 sflow=@s"
        )
    return Service("ovs-vswitchd", " && ".join(lines))


def softflowd(node: Node, topology: Topology) -> list[Service]:
    """A flow meter for each watched interface."""
    flow = node.flow
    if flow is None:
        return []
    timeouts = " ".join(f"-t {kind}={flow.active}" for kind in ("maxlife", "tcp", "udp", "icmp", "general"))
    return [
        Service(
            "softflowd",
            f"softflowd -i $(cat /sys/class/net/{name}/ifindex):{name} -v {flow.version} -A milli "
            f"-n {topology.gateway}:{FLOW_PORT} -p /run/softflowd-{name}.pid -c /run/softflowd-{name}.ctl "
            f"-t expint=2 {timeouts}",
        )
        for name in flow.interfaces
    ]
