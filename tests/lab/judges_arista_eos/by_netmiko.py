"""Netmiko on an EOS: HOST PORT DEVICE_TYPE [ENABLE_PASSWORD]."""

import sys

import pytest
from netmiko import ConfigInvalidException, ConnectHandler

host, port, kind, *secret = sys.argv[1:]
login = {"device_type": kind, "host": host, "port": int(port), "username": "admin", "password": "admin"}
with ConnectHandler(**login, secret=secret[0] if secret else "", fast_cli=True) as device:
    if secret:
        assert device.find_prompt().endswith(">")
    device.enable()
    assert "simulated" in device.send_command("show version")
    assert str(device.send_command("show vlan | json")).startswith("{")
    assert len(str(device.send_command("show interfaces")).splitlines()) > 100, "the pager is off"
    shown = device.send_config_set(["interface Ethernet2", "description by Netmiko"], error_pattern=r"% Invalid")
    assert "% " not in shown
    assert "description by Netmiko" in device.send_command("show running-config interfaces Ethernet2")
    with pytest.raises(ConfigInvalidException, match="frobnicate"):
        device.send_config_set(["frobnicate"], error_pattern=r"% Invalid")
    device.exit_config_mode()
    assert "successfully" in device.save_config()
    assert not device.check_config_mode()
sys.stdout.write("done\n")
