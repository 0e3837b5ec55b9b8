"""The order in which a device takes lines that no noun models: what is named comes before and goes after."""

from __future__ import annotations

import pytest

from netloom.platforms.contract import load_platform

AAA = {
    "cisco_ios": (
        "aaa new-model\naaa authentication login default group tacacs+ local\n",
        """\
aaa new-model
aaa authentication login default group TAC local
aaa group server tacacs+ TAC
 server name T2
tacacs server T2
 address ipv4 10.0.0.2
""",
        """\
tacacs server T2
address ipv4 10.0.0.2
exit
aaa group server tacacs+ TAC
server name T2
exit
aaa authentication login default group TAC local
""",
    ),
    "cisco_nxos": (
        "aaa authentication login default local\n",
        """\
tacacs-server host 10.0.0.2
aaa group server tacacs+ TAC
  server 10.0.0.2
aaa authentication login default group TAC
""",
        """\
tacacs-server host 10.0.0.2
aaa group server tacacs+ TAC
server 10.0.0.2
exit
aaa authentication login default group TAC
""",
    ),
    "arista_eos": (
        "aaa authentication login default local\n",
        """\
aaa group server tacacs+ TAC
   server 10.0.0.2
aaa authentication login default group TAC local
""",
        """\
aaa group server tacacs+ TAC
server 10.0.0.2
exit
aaa authentication login default group TAC local
""",
    ),
}
POLICIES = {
    "cisco_ios": """\
interface GigabitEthernet1
 ip address 10.0.0.1 255.255.255.0
 service-policy output P
policy-map P
 class A
  priority percent 10
class-map match-any A
 match ip dscp ef
""",
    "cisco_nxos": """\
interface Ethernet1/1
  service-policy type qos input P
policy-map type qos P
  class A
    set qos-group 5
class-map type qos match-any A
  match dscp 46
""",
    "arista_eos": """\
interface Ethernet1
   service-policy type qos input P
policy-map type quality-of-service P
   class A
      set dscp ef
class-map type qos match-any A
   match ip access-group B
""",
}


def in_order(lines: list[str], words: tuple[str, ...]) -> bool:
    places = [next(at for at, line in enumerate(lines) if word in line) for word in words]
    return places == sorted(places)


@pytest.mark.parametrize("name", AAA)
def test_a_list_of_methods_takes_the_old_ones_place_when_its_group_is_there(name: str) -> None:
    platform = load_platform(name)
    before, after, typed = AAA[name]
    here, there = platform.parse(before), platform.parse(after)
    lines = platform.delta(here, there)
    assert platform.script(lines) == typed.splitlines()
    assert platform.apply_lines(here, lines) == there


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_is_there_before_an_interface_names_it_and_goes_after(name: str) -> None:
    platform = load_platform(name)
    text = POLICIES[name]
    interface = text.partition("\n")[0]
    empty, full = platform.parse(interface), platform.parse(text)
    coming = [str(line) for line in platform.delta(empty, full)]
    assert in_order(coming, ("class-map", "policy-map", "service"))
    going = [str(line) for line in platform.delta(full, empty)]
    assert in_order(going, ("service", "policy-map", "class-map"))


def test_a_terminal_line_never_refuses_all_ways_in() -> None:
    ios = load_platform("cisco_ios")
    here = ios.parse("line vty 0 4\n transport input telnet ssh\n")
    there = ios.parse("line vty 0 4\n transport input ssh\n")
    assert ios.script(ios.delta(here, there)) == ["line vty 0 4", "transport input ssh", "exit"]


def test_a_vrf_of_which_a_part_says_nothing_more_comes_back_without_a_word() -> None:
    eos = load_platform("arista_eos")
    here, there = eos.parse("vrf instance A\nhostname a\n"), eos.parse("hostname a\n")
    gone = eos.apply_lines(here, eos.delta(here, there))
    assert eos.apply_lines(gone, eos.delta(gone, here)) == here
