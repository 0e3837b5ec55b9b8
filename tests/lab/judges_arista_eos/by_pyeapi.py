"""pyeapi on an EOS: HOST PORT TRANSPORT [ENABLE_PASSWORD]."""

import sys

import pyeapi
import pytest
from pyeapi.eapilib import CommandError

host, port, transport, *secret = sys.argv[1:]
node = pyeapi.connect(transport, host, "admin", "admin", int(port), return_node=True)
if secret:
    node.enable_authentication(secret[0])
assert node.version_number == "4.33.1"
assert node.model == "vEOS-simulated"
assert node.enable("show hostname")[0]["result"]["hostname"] == "leaf1"
vlans = node.api("vlans")
assert vlans.get("10")["name"] == "users"
assert vlans.create("40")
assert vlans.set_name("40", "printers")
assert "vlan 40" in node.running_config
assert vlans.getall()["40"]["state"] == "active"
interfaces = node.api("interfaces")
assert interfaces.set_description("Ethernet2", "by pyeapi")
assert interfaces.set_shutdown("Ethernet2", disable=True)
assert interfaces.get("Ethernet2")["description"] == "by pyeapi"
with pytest.raises(CommandError, match="frobnicate") as caught:
    node.config(["vlan 41", "frobnicate"])
assert caught.value.error_code == 1002
node.configure_session()
node.config(["vlan 42"])
assert "+vlan 42" in node.diff()
assert "vlan 42" not in node.get_config("running-config", as_string=True)
node.commit()
assert "vlan 42" in node.get_config("running-config", as_string=True)
node.configure_session()
node.config(["vlan 43"])
node.abort()
node.run_commands(["write memory"])
assert "vlan 43" not in node.get_config("startup-config", as_string=True)
assert "vlan 42" in node.get_config("startup-config", as_string=True)
sys.stdout.write("done\n")
