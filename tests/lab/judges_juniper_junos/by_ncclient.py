"""ncclient on a Junos: HOST PORT; RFC 6241's operations, and Junos' own."""

import sys

import pytest
from ncclient import manager
from ncclient.operations import RPCError

host, port = sys.argv[1:]
login = {"host": host, "port": int(port), "username": "admin", "password": "admin", "hostkey_verify": False}
login |= {"allow_agent": False, "look_for_keys": False}
DESCRIPTION = (
    "<config><configuration><interfaces><interface><name>ge-0/0/0</name><description>{}</description></interface>"
    "</interfaces></configuration></config>"
)
HOSTNAME = "<configuration><system><host-name/></system></configuration>"


def description(device: manager.Manager, source: str = "running") -> str:
    wanted = "<configuration><interfaces><interface><name>ge-0/0/0</name></interface></interfaces></configuration>"
    found = device.get_config(source, filter=("subtree", wanted)).data_xml
    assert "mx1" not in found, "the filter leaves the rest out"
    return str(found)


with manager.connect(**login, device_params={"name": "default"}) as device:
    assert ":candidate" in device.server_capabilities
    assert ":confirmed-commit" in device.server_capabilities
    assert "<host-name>mx1</host-name>" in device.get_config("running", filter=("subtree", HOSTNAME)).data_xml
    with device.locked("candidate"):
        device.edit_config(target="candidate", config=DESCRIPTION.format("by ncclient"))
        device.validate("candidate")
        assert "by ncclient" in description(device, "candidate")
        assert "by ncclient" not in description(device)
        with manager.connect(**login, device_params={"name": "default"}) as other, pytest.raises(RPCError) as caught:
            other.lock("candidate")
        assert caught.value.tag == "lock-denied"
        device.commit()
    assert "by ncclient" in description(device)

    device.edit_config(target="candidate", config=DESCRIPTION.format("dropped"))
    device.discard_changes()
    assert "dropped" not in description(device, "candidate")

    gone = '<vlan operation="delete"><name>voice</name></vlan>'
    gone = f"<config><configuration><vlans>{gone}</vlans></configuration></config>"
    device.edit_config(target="candidate", config=gone)
    device.commit()
    assert (
        "voice"
        not in device.get_config("running", filter=("subtree", "<configuration><vlans/></configuration>")).data_xml
    )
    with pytest.raises(RPCError, match="statement not found"):
        device.edit_config(target="candidate", config=gone)

    # a confirmed commit goes with its session, unless it persists
    with manager.connect(**login, device_params={"name": "default"}) as other:
        other.edit_config(target="candidate", config=DESCRIPTION.format("fleeting"))
        other.commit(confirmed=True, timeout="300")
        assert "fleeting" in description(device)
    assert "fleeting" not in description(device)
    with manager.connect(**login, device_params={"name": "default"}) as other:
        other.edit_config(target="candidate", config=DESCRIPTION.format("lasting"))
        other.commit(confirmed=True, timeout="300", persist="token")
    assert "lasting" in description(device)
    with pytest.raises(RPCError):
        device.commit()
    device.commit(persist_id="token")
    assert "lasting" in description(device)

    other = manager.connect(**login, device_params={"name": "default"})
    other.lock("candidate")
    device.kill_session(other.session_id)
    device.lock("candidate")
    device.unlock("candidate")

with manager.connect(**login, device_params={"name": "junos"}) as device:
    assert "simulated" in device.command("show version", format="text").tostring.decode()
    assert device.get_configuration(format="set").xpath("//configuration-set")
    device.load_configuration(action="set", config=["set interfaces ge-0/0/0 description set-by-junos"])
    assert "set-by-junos" in device.compare_configuration().tostring.decode()
    device.commit()
    assert "set-by-junos" in device.get_configuration(format="text").tostring.decode()
    device.rollback(rollback=1)
    device.commit()
    with pytest.raises(RPCError, match="syntax error"):
        device.load_configuration(action="set", config=["set foo bar"])
    device.discard_changes()
sys.stdout.write("done\n")
