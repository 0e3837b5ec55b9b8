"""Short and long names of interfaces."""

from __future__ import annotations

import pytest

from netloom.platforms.interface_names import ARISTA_EOS, CISCO_IOS, CISCO_NXOS, InterfaceNames

SPELLINGS = [
    (CISCO_IOS, "Gi0/1", "GigabitEthernet0/1"),
    (CISCO_IOS, "Gig 0/1", "GigabitEthernet0/1"),
    (CISCO_IOS, "Gi1/0/1.100", "GigabitEthernet1/0/1.100"),
    (CISCO_IOS, "Te1/0/1", "TenGigabitEthernet1/0/1"),
    (CISCO_IOS, "Tw1/0/1", "TwoGigabitEthernet1/0/1"),
    (CISCO_IOS, "Twe1/0/1", "TwentyFiveGigE1/0/1"),
    (CISCO_IOS, "Fi1/0/1", "FiveGigabitEthernet1/0/1"),
    (CISCO_IOS, "Fo1/1/1", "FortyGigabitEthernet1/1/1"),
    (CISCO_IOS, "Hu1/0/49", "HundredGigE1/0/49"),
    (CISCO_IOS, "Fas 0/1", "FastEthernet0/1"),
    (CISCO_IOS, "Po10", "Port-channel10"),
    (CISCO_IOS, "Vl10", "Vlan10"),
    (CISCO_IOS, "Lo0", "Loopback0"),
    (CISCO_IOS, "Se0/0/0:23", "Serial0/0/0:23"),
    (CISCO_IOS, "gigabitethernet0/1", "GigabitEthernet0/1"),
    (CISCO_NXOS, "Eth1/1", "Ethernet1/1"),
    (CISCO_NXOS, "Po10", "port-channel10"),
    (CISCO_NXOS, "Lo0", "loopback0"),
    (CISCO_NXOS, "mgmt0", "mgmt0"),
    (ARISTA_EOS, "Et49/1", "Ethernet49/1"),
    (ARISTA_EOS, "Ma1", "Management1"),
    (ARISTA_EOS, "Po5", "Port-Channel5"),
    (ARISTA_EOS, "Vx1", "Vxlan1"),
]


@pytest.mark.parametrize(("names", "short", "long"), SPELLINGS, ids=lambda value: str(value)[:24])
def test_a_short_name_becomes_the_configurations(names: InterfaceNames, short: str, long: str) -> None:
    assert names.long(short) == long
    assert names.long(long) == long


@pytest.mark.parametrize("names", [CISCO_IOS, CISCO_NXOS, ARISTA_EOS], ids=["ios", "nxos", "eos"])
def test_a_systems_own_short_names_lead_back(names: InterfaceNames) -> None:
    for kind in names.kinds:
        assert names.long(names.short(f"{kind}1/2")) == f"{kind}1/2"


@pytest.mark.parametrize("name", ["Control Plane Interface", "ens192", "", "-", "Switch", "0/1", "Gi"])
def test_what_is_no_interface_of_the_system_stays_as_it_is(name: str) -> None:
    assert CISCO_IOS.long(name) == name
    assert not CISCO_IOS.knows(name)


def test_spellings_of_two_kinds_do_not_meet() -> None:
    for names in (CISCO_IOS, CISCO_NXOS, ARISTA_EOS):
        spelled = [
            short.lower() for kind, shorts in names.kinds.items() for short in {kind.lower(), *map(str.lower, shorts)}
        ]
        assert len(spelled) == len(set(spelled))
