"""Netmiko on an IOS device: HOST PORT DEVICE_TYPE [ENABLE_PASSWORD]."""

import sys

from netmiko import ConfigInvalidException, ConnectHandler

host, port, kind, *secret = sys.argv[1:]
arguments = {"device_type": kind, "host": host, "port": int(port), "username": "admin", "password": "admin"}
with ConnectHandler(**arguments, secret=secret[0] if secret else "") as device:
    if secret:
        assert not device.check_enable_mode()
        device.enable()
    assert device.find_prompt() == "edge1#"
    assert "simulated" in device.send_command("show version")
    assert "GigabitEthernet2" in device.send_command("show ip interface brief", use_textfsm=False)
    running = str(device.send_command("show running-config"))
    assert "hostname edge1" in running
    assert running.rstrip().endswith("end")
    assert device.send_command("show running-config | include description co") == " neighbor 10.0.0.2 description core"
    said = device.send_config_set(["interface gi3", "description by Netmiko", "no shutdown"])
    assert "edge1(config-if)#" in said
    assert "description by Netmiko" in device.send_command("show running-config interface GigabitEthernet3")
    assert "% Invalid input detected" in device.send_command("show nonsense")
    try:
        device.send_config_set(["interface gi3", "frobnicate"], error_pattern="% Invalid input")
    except ConfigInvalidException:
        device.exit_config_mode()
    else:
        raise AssertionError("a line was taken that is none")
    assert "[OK]" in device.save_config()
    assert "[OK]" in device.send_command("write memory")
sys.stdout.write("done\n")
