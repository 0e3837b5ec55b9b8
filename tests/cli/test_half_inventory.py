"""A host that the inventory does not describe well enough fails alone."""

from tests.command import CommandLine

HOSTS = """\
all:
  vars: {netloom_user: u, netloom_password: x, netloom_platform: frr, netloom_connect_timeout: 2}
  hosts:
    good: {ansible_host: 127.0.0.1, netloom_port: 1}
    bad: {ansible_host: 127.0.0.1, netloom_platform: nosuch}
"""


def test_a_host_with_a_slip_fails_beside_the_others(cli: CommandLine) -> None:
    cli("init")
    cli.write({"inventory/hosts.yml": HOSTS, "intent/all.yml": "on: all\ninterfaces: [{name: eth1, description: x}]\n"})
    for command in (("exec", "show version"), ("collect", "device"), ("backup",), ("plan",), ("drift",)):
        ran = cli(*command, expect=3)
        assert "unknown platform 'nosuch'" in ran.err
        assert "good" in ran.err


def test_slips_everywhere_are_an_error_of_what_was_written(cli: CommandLine) -> None:
    cli("init")
    cli.write({"inventory/hosts.yml": HOSTS.replace("netloom_platform: frr", "netloom_platform: nosuch")})
    assert "unknown platform 'nosuch'" in cli("exec", "show version", expect=1).err
