"""A Nexus and its plans: what a wish makes of it, with all that every plan must hold."""

from __future__ import annotations

from pathlib import Path

from tests.intent.intent_inventory import wishes

from netloom.intent.plan import plan_device
from netloom.intent.planned import DevicePlan
from netloom.platforms.contract import load_platform

NXOS = load_platform("cisco_nxos")
RUNNING = """
!Command: show running-config
!Time: Fri Nov 20 10:00:00 2026

version 9.3(5) Bios:version 05.42
hostname leaf1
vdc leaf1 id 1
  limit-resource vlan minimum 16 maximum 4094

feature bgp
feature interface-vlan
feature lacp

username admin password 5 $5$xyz$abc  role network-admin
ip domain-lookup
ip name-server 192.0.2.53 192.0.2.54 use-vrf management
ip access-list OLD
  statistics per-entry
  10 remark web
  20 permit tcp any 10.1.0.0/16 eq www
  30 remark web
  40 deny ip any any log
vlan 1,10,20-22
vlan 10
  name users

vrf context management
  ip route 0.0.0.0/0 192.0.2.1
vrf context RED

interface Vlan1

interface Vlan10
  no shutdown
  ip access-group OLD in
  ip address 10.0.10.1/24
  ip address 10.0.11.1/24 secondary
  ip pim sparse-mode

interface port-channel5
  switchport mode trunk
  switchport trunk allowed vlan 10,20-22

interface Ethernet1/1
  no switchport
  ip address 10.0.0.0/31
  no shutdown

interface Ethernet1/2

interface Ethernet1/3
  description to leaf2
  switchport mode trunk
  switchport trunk allowed vlan 10,20-22
  spanning-tree port type edge trunk
  channel-group 5 mode active

interface Ethernet1/4
  switchport access vlan 10

interface mgmt0
  vrf member management
  ip address 192.0.2.10/24
line vty
router bgp 65001
  router-id 10.255.0.1
  address-family ipv4 unicast
    network 10.0.0.0/8
  template peer SPINE
    remote-as 65000
    address-family ipv4 unicast
      send-community
      send-community extended
  neighbor 10.0.0.1
    inherit peer SPINE
    description spine1
  neighbor 10.0.0.3 remote-as 65003
    password 3 abcd
    maximum-peers 10
    address-family ipv4 unicast
      route-map IN in
"""


def plan(folder: Path, wish: str, running: str = RUNNING) -> DevicePlan:
    """A plan that is predicted, comes to rest and leads back."""
    stated = wishes(folder, f"on: leaf1\n{wish}")["leaf1"]
    made = plan_device("leaf1", NXOS, running, stated)
    base = NXOS.parse(running)
    after = NXOS.apply_lines(base, made.lines)
    assert after == NXOS.parse(made.predicted)
    assert NXOS.apply_lines(after, made.inverse) == base
    assert plan_device("leaf1", NXOS, made.predicted, stated).empty
    return made


def typed(folder: Path, wish: str, running: str = RUNNING) -> list[str]:
    """What is typed for a wish; sections are left without a word."""
    return [line for line in NXOS.script(plan(folder, wish, running).lines) if line != "exit"]
