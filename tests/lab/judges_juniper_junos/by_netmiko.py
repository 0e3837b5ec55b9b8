"""Netmiko on a Junos: HOST PORT DEVICE_TYPE."""

import sys

import pytest
from netmiko import ConnectHandler

host, port, kind = sys.argv[1:]
login = {"device_type": kind, "host": host, "port": int(port), "username": "admin", "password": "admin"}
with ConnectHandler(**login, fast_cli=True) as device:
    assert device.find_prompt().endswith("admin@mx1>")
    assert "simulated" in device.send_command("show version")
    assert len(str(device.send_command("show configuration")).splitlines()) > 100, "the pager is off"
    assert "ge-0/0/0.0" in device.send_command("show interfaces terse")
    shown = device.send_config_set(["set interfaces xe-0/0/7 description Netmiko"], exit_config_mode=False)
    assert "syntax error" not in shown
    assert "commit complete" in device.commit(comment="by Netmiko", and_quit=True)
    assert "set interfaces xe-0/0/7 description Netmiko" in device.send_command("show configuration | display set")
    assert "by Netmiko" in device.send_command("show system commit")

    device.config_mode()
    shown = device.send_config_set(["set foo bar"], enter_config_mode=False, exit_config_mode=False)
    assert "syntax error" in shown
    device.send_config_set(["set system host-name gone"], enter_config_mode=False, exit_config_mode=False)
    device.exit_config_mode()  # answers the question
    assert not device.check_config_mode()
    assert "gone" not in device.send_command("show configuration system host-name")

    device.send_config_set(["set protocols bgp group PEERS import NOWHERE"], exit_config_mode=False)
    with pytest.raises(ValueError, match="NOWHERE referenced but not defined"):
        device.commit(check=True)
    device.send_config_set(["rollback 0", "set system host-name mx1"], exit_config_mode=False)
    assert "succeeds" in device.commit(check=True)
    device.send_config_set(["set interfaces xe-0/0/8 description later"], exit_config_mode=False)
    assert "rolled back in 5 minutes" in device.commit(confirm=True, confirm_delay=5)
    assert "commit complete" in device.commit()
    device.exit_config_mode()
sys.stdout.write("done\n")
