"""PyEZ on a Junos: HOST PORT."""

import json
import sys

import pytest
from jnpr.junos import Device
from jnpr.junos.exception import CommitError, ConfigLoadError, LockError, RpcError
from jnpr.junos.op.arp import ArpTable
from jnpr.junos.op.bgp import bgpTable
from jnpr.junos.op.ethport import EthPortTable
from jnpr.junos.op.lldp import LLDPNeighborTable
from jnpr.junos.op.routes import RouteTable
from jnpr.junos.utils.config import Config

host, port = sys.argv[1:]


def opened() -> Device:
    device = Device(host=host, port=int(port), user="admin", passwd="admin")
    device.open()
    return device


device = opened()
facts = device.facts
assert (facts["hostname"], facts["fqdn"], facts["model"]) == ("mx1", "mx1.example.net", "VQFX-SIMULATED"), dict(facts)
assert str(facts["version"]) == "21.4R1.12"
assert facts["serialnumber"].startswith("SIM")
assert facts["RE0"]["mastership_state"] == "Master"
assert facts["current_re"] == ["master", "re", "re0"]
assert facts["switch_style"] == "VLAN_L2NG"
assert facts["HOME"] == "/var/home/admin"
assert facts["vc_capable"] is False
assert device.uptime >= 0
assert "simulated" in device.cli("show version", warning=False)

assert "ge-0/0/0" in EthPortTable(device).get()
assert ArpTable(device).get()[0].ip_address == "10.0.0.2"
assert LLDPNeighborTable(device).get()["ge-0/0/0"].remote_sysname == "mx2.example.net"
assert bgpTable(device).get()
assert RouteTable(device).get("10.97.0.0/16")[0].protocol == "BGP"
assert device.rpc.get_configuration({"format": "json"})["configuration"]["system"]["host-name"] == "mx1"
assert device.rpc.get_config(filter_xml="snmp").findtext("snmp/location") == "lab"
with pytest.raises(RpcError) as caught:
    device.rpc.get_nonsense_information()
assert "syntax error" in str(caught.value)

with Config(device, mode="private") as private:
    private.load("set interfaces xe-0/0/6 description private", format="set")
    assert "+" in private.diff()
    private.commit(comment="by PyEZ, privately")
exclusive = Config(device)
exclusive.lock()
other = opened()
with pytest.raises(LockError):
    Config(other).lock()
other.close()
exclusive.load("interfaces { xe-0/0/7 { description braces; } }", format="text", merge=True)
exclusive.load(
    "<interfaces><interface><name>xe-0/0/8</name><description>xml</description></interface></interfaces>", format="xml"
)
in_json = {"configuration": {"interfaces": {"interface": [{"name": "xe-0/0/9", "description": "json"}]}}}
exclusive.load(json.dumps(in_json), format="json")
exclusive.load("replace: snmp { location elsewhere; }", format="text")
difference = exclusive.diff()
assert difference.startswith("\n[edit"), difference
assert all(word in difference for word in ("description braces;", "description xml;", "description json;"))
assert "-  location lab;" in difference
assert "-  community public {" in difference
assert exclusive.commit_check()
exclusive.commit(comment="by PyEZ", confirm=5)
exclusive.commit(comment="by PyEZ, confirmed")
exclusive.rollback(1)
assert exclusive.diff() is None, "nothing moved between the two"
exclusive.rollback(2)
assert "-  xe-0/0/7 {" in exclusive.diff()
exclusive.commit()
exclusive.load("set protocols bgp group PEERS import NOWHERE", format="set")
with pytest.raises(CommitError) as refused:
    exclusive.commit_check()
assert "NOWHERE referenced but not defined" in str(refused.value)
exclusive.rollback()
with pytest.raises(ConfigLoadError) as mistyped:
    exclusive.load("set interfces ge-0/0/0 disable", format="set")
assert mistyped.value.errs[0]["bad_element"] == "interfces"
assert exclusive.load("set system host-name mx1\nset interfaces ge-0/0/0 mtu 9000", format="set") is not None
exclusive.rollback()
exclusive.unlock()
log = device.rpc.get_commit_information()
assert log.find("commit-history").findtext("log") is None
assert "by PyEZ, confirmed" in [entry.text for entry in log.iter("log")]
device.close()
sys.stdout.write("done\n")
