"""Netmiko on a Nexus: HOST PORT DEVICE_TYPE [ENABLE_PASSWORD]."""

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
    assert str(device.send_command("show vlan brief | json")).startswith("{")
    assert len(str(device.send_command("show interface")).splitlines()) > 100, "the pager is off"
    assert "% Invalid command" in device.send_command("show frobnication")
    shown = device.send_config_set(["interface Ethernet1/5", "description by Netmiko"], error_pattern=r"% Invalid")
    assert "% " not in shown
    assert "description by Netmiko" in device.send_command("show running-config interface Ethernet1/5")
    with pytest.raises(ConfigInvalidException, match="frobnicate"):
        device.send_config_set(["frobnicate"], error_pattern=r"% Invalid")
    device.exit_config_mode()
    assert "Copy complete." in device.save_config()
    assert not device.check_config_mode()
    (facts,) = device.send_command("show version", use_textfsm=True)
    assert (facts["hostname"], facts["os"]) == ("n1", "9.3(8)"), facts
    screens = (
        *("show interface", "show interface brief", "show interface status", "show interface description"),
        *("show interface switchport", "show interface transceiver details", "show vlan", "show vrf"),
        *("show vrf detail", "show vrf interface", "show ip interface vrf all", "show ip interface brief vrf all"),
        *("show ip route vrf all", "show ip arp vrf all", "show lldp neighbors", "show lldp neighbors detail"),
        *("show cdp neighbors", "show cdp neighbors detail", "show port-channel summary"),
        *("show mac address-table", "show ip bgp summary vrf all", "show ip bgp neighbors"),
        *("show ip ospf neighbor", "show inventory", "show environment", "show feature", "show clock", "show module"),
    )
    for command in () if secret else screens:
        rows = device.send_command(command, use_textfsm=True)
        assert isinstance(rows, list), f"no template of ntc-templates reads {command}"
        assert rows or command.endswith("transceiver details"), command
sys.stdout.write("done\n")
