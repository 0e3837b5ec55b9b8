"""One intent for switches of four vendors: one plan, and no secret in what people are told of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from tests.intent.trap_devices import DEVICES

from netloom.intent.assemble import make_plan
from netloom.intent.load import load_intent
from netloom.intent.plan import plan_device
from netloom.intent.planned import Plan
from netloom.intent.report import plan_json, plan_markdown, plan_text
from netloom.intent.secrecy import shown
from netloom.model.config import Line
from netloom.model.host import Host
from netloom.platforms.contract import load_platform

HOSTS = [
    Host(name, ("switches", name), {"port": device.port, "trunk": device.trunk}) for name, device in DEVICES.items()
]
SECRETS = ("s3cr3tcom", "tr4pcom", "Gehe1mesWort", "$6$salt$H4shH4shH4shH4sh", "$1$salt$H4shH4shH4shH4shH4shH4")
INTENT = """
- on: switches
  vlans:
  - {id: 40, name: guests}
  switchports:
  - {interface: "{{ trunk }}", allowed_vlans: "10,20,30,40"}
  acls:
  - name: GUESTS
    entries:
    - {sequence: 10, action: permit, protocol: udp, source: 10.40.0.0/24, destination: any, destination_ports: eq 53}
    - {sequence: 20, action: deny, protocol: ip, source: 10.40.0.0/24, destination: 10.0.0.0/8}
    - {sequence: 30, action: permit, protocol: ip, source: any, destination: any}
  interfaces:
  - {name: "{{ port }}", acl_in: GUESTS}
  bgp_peer_groups:
  - {name: FABRIC, remote_as: 65009}
  bgp_neighbors:
  - {peer: 10.0.0.9, peer_group: FABRIC, description: a router of the fabric}
- on: juniper_junos
  bgp_neighbors:
  - {peer: 10.0.0.9, password: Gehe1mesWort}
- on: cisco_nxos
  bgp_neighbors:
  - {peer: 10.0.0.9, password: Gehe1mesWort, password_type: '3'}
- on: arista_eos
  bgp_neighbors:
  - {peer: 10.0.0.9, password: Gehe1mesWort, password_type: '7'}
- on: cisco_ios
  bgp_neighbors:
  - {peer: 10.0.0.9, password: Gehe1mesWort, password_type: '7'}
- on: arista_eos
  users: [{name: ops, roles: [network-admin], password_hash: $6$salt$H4shH4shH4shH4sh, password_type: sha512}]
- on: cisco_ios
  users: [{name: ops, privilege: 15, password_hash: $1$salt$H4shH4shH4shH4shH4shH4, password_type: '5'}]
- on: juniper_junos
  users: [{name: ops, roles: [super-user], password_hash: $6$salt$H4shH4shH4shH4sh}]
- on: switches
  snmp_server:
    communities: [{name: s3cr3tcom}]
    hosts: [{address: 10.0.0.7, user: tr4pcom}]
"""


def select(pattern: str) -> Sequence[Host]:
    return [host for host in HOSTS if pattern in ("all", host.name, *host.groups)]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("intent")
    (folder / "site.yml").write_text(INTENT)
    wishes = asyncio.run(load_intent(folder, select))
    made = []
    for name, wish in wishes.items():
        planned = plan_device(name, load_platform(name), DEVICES[name].running, wish)
        assert plan_device(name, load_platform(name), planned.predicted, wish).empty
        made.append(planned)
    return make_plan(made, created_at=datetime(2026, 11, 20, tzinfo=UTC))


def test_every_vendor_gets_the_same_objects_in_the_order_of_their_references(plan: Plan) -> None:
    assert [device.device for device in plan.changed] == sorted(DEVICES)
    for device in plan.changed:
        at = {operation.noun: place for place, operation in enumerate(device.operations)}
        expected = {"vlan", "switchport", "acl", "interface", "bgp_peer_group", "bgp_neighbor", "snmp_server"}
        assert expected <= at.keys()
        assert at["acl"] < at["interface"]
        assert at["vlan"] < at["switchport"]
        assert at["bgp_peer_group"] < at["bgp_neighbor"]
        assert {operation.noun: operation.action for operation in device.operations}["acl"] == "create"


def test_no_secret_stands_in_what_people_are_told(plan: Plan) -> None:
    sent = "\n".join(str(line) for device in plan.changed for line in device.lines)
    assert all(secret in sent for secret in SECRETS)
    for told in (plan_text(plan, lines=True), plan_markdown(plan), plan_json(plan)):
        assert [secret for secret in SECRETS if secret in told] == []
        assert "…" in told
        assert "a router of the fabric" in told


def test_the_report_for_programs_tells_every_change_of_every_device(plan: Plan) -> None:
    told = json.loads(plan_json(plan))
    assert {device["platform"] for device in told["devices"]} == set(DEVICES)
    assert told["delete"] == 0
    for device in told["devices"]:
        changes = {(change["noun"], change["action"]) for change in device["changes"]}
        assert {("vlan", "create"), ("acl", "create"), ("bgp_neighbor", "create")} <= changes


SECRET_LINES = {
    "arista_eos": (
        ("username ops secret sha512 …", "$6$salt$H4sh"),
        ("enable password sha512 …", "$6$salt$H4sh"),
        ("router bgp 65001 > neighbor 10.0.0.9 password 7 …", "Gehe1mesWort"),
        ("snmp-server community … ro", "s3cr3tcom"),
        ("snmp-server host 10.0.0.7 version 2c …", "tr4pcom"),
        ("tacacs-server host 10.0.0.5 key 7 …", "020700560208"),
        ("ntp authentication-key 1 md5 7 …", "020700560208"),
    ),
    "cisco_ios": (
        ("username ops privilege 15 secret 5 …", "$1$salt$H4sh"),
        ("enable secret 9 …", "$9$salt$H4sh"),
        ("router bgp 65001 > neighbor 10.0.0.9 password …", "Gehe1mesWort"),
        ("snmp-server community … RO 99", "s3cr3tcom"),
        ("line vty 0 4 > password 7 …", "020700560208"),
        ("key chain K > key 1 > key-string 7 …", "020700560208"),
        ("tacacs server T > key 7 …", "020700560208"),
    ),
    "cisco_nxos": (
        ("username ops password 5 …  role network-admin", "$5$salt$H4sh"),
        ("router bgp 65001 > neighbor 10.0.0.9 > password 3 …", "Gehe1mesWort"),
        ("snmp-server community … group network-operator", "s3cr3tcom"),
        ("snmp-server host 10.0.0.7 traps version 2c …", "tr4pcom"),
        ("tacacs-server host 10.0.0.5 key 7 …", "020700560208"),
    ),
    "juniper_junos": (
        ("set system login user ops authentication encrypted-password …", "$6$salt$H4sh"),
        ("system > login > user ops > authentication > encrypted-password …", "$6$salt$H4sh"),
        ("set protocols bgp group PEERS neighbor 10.0.0.9 authentication-key …", "Gehe1mesWort"),
        ("set snmp community … authorization read-only", "s3cr3tcom"),
        ("snmp > community … > authorization read-only", "s3cr3tcom"),
        ("snmp > trap-group … > targets > 10.0.0.7", "tr4pcom"),
        ("set system tacplus-server 10.0.0.5 secret …", "$9$abcdefgh"),
    ),
}


@pytest.mark.parametrize("platform", SECRET_LINES)
def test_lines_are_shown_without_their_secrets_whatever_section_they_stand_in(platform: str) -> None:
    for told, secret in SECRET_LINES[platform]:
        *path, text = told.replace("…", secret).split(" > ")
        assert shown(Line(text, tuple(path)), load_platform(platform).secrets) == told
