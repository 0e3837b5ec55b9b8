"""Plans for Junos devices: several nouns at once, merged and owned, with templates, and back again."""

from __future__ import annotations

import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from tests.intent.intent_inventory import wishes
from tests.intent.world_wishes import held, whole
from tests.platforms.juniper_junos_records import ORDER, worlds
from tests.platforms.promises import World

from netloom.intent.plan import Target, plan_device, plan_towards
from netloom.intent.planned import DevicePlan
from netloom.platforms.contract import load_platform

JUNOS = load_platform("juniper_junos")
EMPTY = "version 21.4R3;\nsystem {\n    host-name mx1;\n    services {\n        ssh;\n    }\n}\n"
RUNNING = (Path(__file__).parents[1] / "platforms" / "juniper_junos_router.conf").read_text()
QUICK = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(worlds(), worlds())
def test_any_world_is_reached_and_left_again(have: World, want: World) -> None:
    running = plan_device("mx1", JUNOS, EMPTY, whole(have, ORDER)).predicted
    made = plan_device("mx1", JUNOS, running, whole(want, ORDER))
    held(running, made)
    assert plan_device("mx1", JUNOS, made.predicted, whole(want, ORDER)).empty
    back = plan_towards("mx1", JUNOS, made.predicted, Target(running, "commit 1a2b3c"))
    assert JUNOS.parse(back.predicted) == JUNOS.parse(running)


def plan(folder: Path, text: str, running: str = RUNNING) -> DevicePlan:
    wish = wishes(folder, f"on: leaf1\n{text}")["leaf1"]
    made = plan_device("leaf1", JUNOS, running, wish)
    held(running, made)
    assert plan_device("leaf1", JUNOS, made.predicted, wish).empty
    return made


def sent(made: DevicePlan) -> list[str]:
    return [line.text for line in made.lines]


SERVICE = """
vlans:
  - {id: 40, name: guests}
switchports:
  - {interface: ge-0/0/6.0, mode: access, access_vlan: 40}
acls:
  - name: GUESTS
    entries:
      - {sequence: 10, action: deny, protocol: tcp, destination: 10.0.0.0/8, destination_ports: eq 22}
      - {sequence: 20, action: permit}
interfaces:
  - {name: irb.40, addresses: [10.40.0.1/24], acl_in: GUESTS}
bgp_peer_groups:
  - {name: CUSTOMERS, remote_as: 65077}
bgp_neighbors:
  - {peer: 10.40.0.9, peer_group: CUSTOMERS, description: a customer}
"""


def test_one_wish_for_several_nouns_is_one_plan_in_the_order_of_references(tmp_path: Path) -> None:
    lines = sent(plan(tmp_path, SERVICE))
    assert lines == [
        *("set firewall family inet filter GUESTS term 10 from destination-address 10.0.0.0/8",),
        *("set firewall family inet filter GUESTS term 10 from destination-port 22",),
        *("set firewall family inet filter GUESTS term 10 from protocol tcp",),
        *("set firewall family inet filter GUESTS term 10 then discard",),
        *("set firewall family inet filter GUESTS term 20 then accept",),
        *("set protocols bgp group CUSTOMERS peer-as 65077", "set protocols bgp group CUSTOMERS type external"),
        *('set protocols bgp group CUSTOMERS neighbor 10.40.0.9 description "a customer"',),
        *("set vlans guests vlan-id 40",),
        *("set interfaces irb unit 40 family inet filter input GUESTS",),
        *("set interfaces irb unit 40 family inet address 10.40.0.1/24",),
        *("delete interfaces ge-0/0/6 unit 0 family ethernet-switching vlan members 30",),
        *("set interfaces ge-0/0/6 unit 0 family ethernet-switching vlan members 40",),
    ]


def test_what_is_owned_and_not_wished_for_goes_and_the_rest_stays(tmp_path: Path) -> None:
    made = plan(tmp_path, "own: [vlans, acls]\nvlans:\n  - {id: 10, name: users}\n  - {id: 20, name: voice}\n")
    assert "delete vlans v30" in sent(made)
    assert "delete firewall family inet filter EDGE-OUT" in sent(made)
    assert "set vlans users l3-interface irb.10" in [str(line) for line in JUNOS.parse(made.predicted).lines()]


def test_templates_write_what_no_noun_models(tmp_path: Path) -> None:
    text = """\
templates:
  - {text: "set protocols lldp interface ge-0/0/0 disable"}
  - {text: "license-type x;\ndeployment-scope y;", section: [system, extensions, providers, a]}
  - {text: "location there;\ncontact noc;", owns: snmp}
"""
    made = plan(tmp_path, text)
    assert JUNOS.script(made.lines) == [
        *("delete snmp community public", "delete snmp community priv", "delete snmp trap-group NMS"),
        *("set snmp location there", "set snmp contact noc"),
        *("set protocols lldp interface ge-0/0/0 disable",),
        *("set system extensions providers a license-type x",),
        *("set system extensions providers a deployment-scope y",),
    ]


def test_planning_five_thousand_lines_stays_quick(tmp_path: Path) -> None:
    ports = "".join(
        f"set interfaces ge-0/{slot}/{port} unit {unit} family inet address 10.{slot}.{port}.{unit * 4 + 1}/30\n"
        f"set interfaces ge-0/{slot}/{port} unit {unit} description customer-{slot}-{port}-{unit}\n"
        for slot in range(5)
        for port in range(40)
        for unit in range(13)
    )
    running = JUNOS.format(JUNOS.parse(f"set system host-name mx1\n{ports}"))
    text = "interfaces:\n" + "".join(f"  - {{name: ge-0/1/{port}.3, description: changed}}\n" for port in range(40))
    wish = wishes(tmp_path, f"on: leaf1\n{text}")["leaf1"]
    started = time.process_time()
    made = plan_device("leaf1", JUNOS, running, wish)
    assert time.process_time() - started < 10
    assert len(made.lines) == 40
