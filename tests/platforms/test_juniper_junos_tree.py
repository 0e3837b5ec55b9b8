"""Junos' configuration as a tree: its forms, and what its commands do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.platforms.juniper_junos_records import ORDER
from tests.platforms.promises import Promises

from netloom.model.config import Config, Line
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

JUNOS = load_platform("junos")
ROUTER = (Path(__file__).parent / "juniper_junos_router.conf").read_text()
MX = JUNOS.parse(ROUTER)
EMPTY = JUNOS.parse("")
PROMISES = Promises(JUNOS, ORDER, EMPTY, permanent=(("device", ()), ("user", ("root",))))


def module(noun: str) -> Any:
    found = JUNOS.module(noun)
    assert found is not None
    return found


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def after(config: Config, *commands: str) -> Config:
    return JUNOS.apply_lines(config, [Line(command) for command in commands])


def commands(text: str) -> Config:
    return JUNOS.parse("\n".join(line.strip() for line in text.strip().splitlines()))


def shown(config: Config) -> list[str]:
    return [str(line) for line in config.lines()]


# -- forms ------------------------------------------------------------------------------------------------------------


def test_braces_commands_and_xml_are_one_tree() -> None:
    curly = JUNOS.parse("interfaces { ge-0/0/0 { unit 0 { family inet { address 10.0.0.1/24; } } } }")
    typed = JUNOS.parse("set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24")
    xml = JUNOS.parse(
        """<rpc-reply xmlns:junos="http://xml.juniper.net/junos/21.4R0/junos"><configuration><interfaces><interface>
        <name>ge-0/0/0</name><unit><name>0</name><family><inet><address><name>10.0.0.1/24</name></address></inet>
        </family></unit></interface></interfaces></configuration></rpc-reply>"""
    )
    assert curly == typed == xml


XML = """<rpc-reply xmlns:junos="http://xml.juniper.net/junos/20.4R0/junos"><configuration junos:changed-seconds="1">
<vlans><vlan><name>users</name><vlan-id>10</vlan-id></vlan></vlans>
<interfaces><junos:comment>/* spare */</junos:comment><interface inactive="inactive"><name>ge-0/0/1</name>
<gigether-options><ieee-802.3ad><bundle>ae0</bundle></ieee-802.3ad></gigether-options></interface></interfaces>
<system><syslog><host><name>192.0.2.9</name><contents><name>any</name><notice/></contents></host></syslog></system>
<protocols><bgp><group><name>G</name><local-as><as-number>64999</as-number><private/></local-as></group></bgp></protocols>
<policy-options><prefix-list><name>P</name><prefix-list-item><name>10.0.0.0/8</name></prefix-list-item></prefix-list>
<policy-statement><name>R</name><term><name>a</name><from><route-filter><address>10.0.0.0/8</address><orlonger/>
</route-filter></from><then><local-preference><local-preference>200</local-preference></local-preference><community>
<add/><community-name>C</community-name></community><accept/></then></term></policy-statement></policy-options>
<security><policies><policy><from-zone-name>a</from-zone-name><to-zone-name>b</to-zone-name><policy><name>p</name>
<then><permit/></then></policy></policy></policies></security>
</configuration></rpc-reply>"""


def test_elements_of_xml_are_the_words_of_the_command_line() -> None:
    assert shown(JUNOS.parse(XML)) == [
        "set vlans users vlan-id 10",
        "set interfaces ge-0/0/1 gigether-options 802.3ad ae0",
        "set system syslog host 192.0.2.9 any notice",
        "set protocols bgp group G local-as 64999",
        "set protocols bgp group G local-as private",
        "set policy-options prefix-list P 10.0.0.0/8",
        "set policy-options policy-statement R term a from route-filter 10.0.0.0/8 orlonger",
        "set policy-options policy-statement R term a then local-preference 200",
        "set policy-options policy-statement R term a then community add C",
        "set policy-options policy-statement R term a then accept",
        "set security policies from-zone a to-zone b policy p then permit",
        "deactivate interfaces ge-0/0/1",
    ]
    assert "/* spare */" in JUNOS.format(JUNOS.parse(XML))


def test_a_list_in_brackets_is_a_statement_for_each() -> None:
    assert shown(JUNOS.parse("policy-options { community RED members [ 65000:1 65000:2 ]; }")) == [
        "set policy-options community RED members 65000:1",
        "set policy-options community RED members 65000:2",
    ]


def test_several_leaves_on_one_line_are_a_statement_for_each() -> None:
    config = JUNOS.parse('system { ntp { authentication-key 1 type md5 value "$9$x"; ## SECRET-DATA\n } }')
    assert shown(config) == [
        "set system ntp authentication-key 1 type md5",
        'set system ntp authentication-key 1 value "$9$x"',
    ]


def test_an_inactive_statement_is_kept_told_and_configured_by_nobody() -> None:
    config = JUNOS.parse("interfaces {\n    inactive: ge-0/0/1 {\n        description off;\n    }\n}\n")
    assert shown(config) == ["set interfaces ge-0/0/1 description off", "deactivate interfaces ge-0/0/1"]
    assert module("interface").configured(config) == []
    assert texts(unmodelled(JUNOS, config)) == shown(config)
    assert JUNOS.parse(JUNOS.format(config)) == config
    assert JUNOS.parse("\n".join(shown(config))) == config


def test_an_inactive_leaf_is_deactivated_by_its_name() -> None:
    config = JUNOS.parse("interfaces { ge-0/0/1 { inactive: description off; inactive: unit 0 { family inet; } } }")
    assert shown(config)[2:] == [
        "deactivate interfaces ge-0/0/1 description",
        "deactivate interfaces ge-0/0/1 unit 0",
    ]


def test_protected_statements_are_unprotected_before_they_go() -> None:
    config = JUNOS.parse("system { protect: services { ssh; } }")
    assert shown(config) == ["set system services ssh", "protect system services"]
    assert texts(JUNOS.delta(config, EMPTY)) == ["unprotect system services", "delete system"]


def test_comments_survive_and_are_written_from_the_level_above() -> None:
    text = "system {\n    /* ask bob */\n    host-name mx1;\n}\n"
    config = JUNOS.parse(text)
    assert JUNOS.format(config) == text
    lines = JUNOS.delta(JUNOS.parse("system { host-name mx1; }"), config)
    assert JUNOS.script(lines) == ["edit system", 'annotate host-name "ask bob"', "top"]
    assert config == JUNOS.parse("system { host-name mx1; }")


def test_what_the_device_notes_behind_statements_is_no_statement() -> None:
    text = "system { services { ssh { hostkey-algorithm { ## Warning: deprecated\n ssh-ed25519; } } } }"
    assert shown(JUNOS.parse(text)) == ["set system services ssh hostkey-algorithm ssh-ed25519"]


def test_prompts_engines_and_line_ends_are_no_statements() -> None:
    text = "\r\n".join(
        ["bob@mx1> show configuration | display set", "set system host-name mx1 ", "", "{master:0}", "bob@mx1> "]
    )
    assert shown(JUNOS.parse(text)) == ["set system host-name mx1"]
    assert JUNOS.normalise("## Last commit: 2026-11-20 10:00:00 UTC by bob\nversion 21.4R3;\t\n") == "version 21.4R3;\n"


def test_groups_are_kept_as_they_are_and_not_expanded() -> None:
    assert {"set groups re0 system host-name mx1-re0", "set apply-groups re0"} <= set(texts(unmodelled(JUNOS, MX)))
    assert module("device").configured(JUNOS.parse("set groups g system host-name x\nset apply-groups g")) == []


def test_a_configuration_that_ends_too_early_is_told_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"line 3: expected a closing brace for 'system services'"):
        JUNOS.parse("system {\n    services {\n        ssh;")


def test_a_line_that_is_no_command_is_told_with_its_number() -> None:
    with pytest.raises(ValueError, match=r"line 2: expected a command such as set or delete, got 'sett system'"):
        JUNOS.parse("set system host-name a\nsett system")


def test_a_router_is_printed_as_the_device_prints_it() -> None:
    text = (
        'interfaces {\n    ge-0/0/0 {\n        description "a b";\n        unit 0 {\n            family inet {\n'
        "                address 10.0.0.1/24;\n            }\n        }\n    }\n}\npolicy-options {\n"
        "    policy-statement P {\n        term a {\n            from protocol [ bgp static ];\n"
        "            then accept;\n        }\n    }\n    community C members [ 65000:1 65000:2 ];\n}\n"
    )
    assert JUNOS.format(JUNOS.parse(text)) == text


def test_a_real_router_is_kept_whole_and_every_record_stands_by_itself() -> None:
    PROMISES.is_kept_whole(ROUTER)
    PROMISES.every_record_stands_by_itself(MX)
    assert {noun for noun in ORDER if not module(noun).configured(MX)} == set()


# -- commands ---------------------------------------------------------------------------------------------------------


def test_a_leaf_with_one_value_is_replaced_by_setting_it() -> None:
    assert shown(after(commands("set interfaces ge-0/0/0 mtu 1500"), "set interfaces ge-0/0/0 mtu 9000")) == [
        "set interfaces ge-0/0/0 mtu 9000"
    ]
    one, other = commands("set system host-name a"), commands("set system host-name b")
    assert texts(JUNOS.delta(one, other)) == ["set system host-name b"]
    for path in ("interfaces ge-0/0/0 unit 0 family inet filter input", "system syslog host 192.0.2.9 any"):
        assert shown(after(commands(f"set {path} a"), f"set {path} b")) == [f"set {path} b"]


def test_text_in_xml_may_hold_any_sign() -> None:
    text = "<configuration><system><login><message>a \\ b &quot;c&quot;</message></login></system></configuration>"
    assert shown(JUNOS.parse(text)) == [r'set system login message "a \\ b \"c\""']


def test_a_policys_conditions_stand_on_one_line_and_a_filters_in_a_block() -> None:
    assert "from protocol bgp;" in JUNOS.format(commands("set policy-options policy-statement P from protocol bgp"))
    bound = "set interfaces ge-0/0/0 unit 0 family inet filter input F"
    text = JUNOS.format(commands(f"set firewall family inet filter F term T from protocol tcp\n{bound}"))
    assert "from {\n                    protocol tcp;" in text
    assert "input F;" in text


def test_a_statement_nobody_knows_is_deleted_before_it_is_set_anew() -> None:
    one, other = commands("set system fancy-thing a"), commands("set system fancy-thing b")
    assert texts(JUNOS.delta(one, other)) == ["delete system fancy-thing a", "set system fancy-thing b"]
    assert JUNOS.apply_lines(one, JUNOS.delta(one, other)) == other


def test_names_that_are_also_keywords_stay_names() -> None:
    config = commands("set policy-options prefix-list type 10.0.0.0/8\nset policy-options prefix-list type 11.0.0.0/8")
    assert len(shown(config)) == 2


def test_one_of_several_choices_takes_the_place_of_the_other() -> None:
    route = "set routing-options static route 10.0.0.0/8"
    assert texts(JUNOS.delta(commands(f"{route} discard"), commands(f"{route} reject"))) == [f"{route} reject"]


def test_a_subtree_goes_by_one_delete() -> None:
    have = commands(
        "set protocols lldp interface all\nset protocols lldp interface ge-0/0/0 disable\nset system services ssh"
    )
    assert texts(JUNOS.delta(have, commands("set system services ssh"))) == ["delete protocols"]


def test_entries_are_deleted_by_name_and_not_by_the_word_before() -> None:
    have = commands("set interfaces ge-0/0/0 unit 0 family inet\nset interfaces ge-0/0/0 unit 1 family inet")
    assert texts(
        JUNOS.delta(have, after(have, "delete interfaces ge-0/0/0 unit 0", "delete interfaces ge-0/0/0 unit 1"))
    ) == [
        "delete interfaces ge-0/0/0 unit 0",
        "delete interfaces ge-0/0/0 unit 1",
    ]


def test_route_filters_are_deleted_with_all_their_words() -> None:
    base = "policy-options policy-statement P term a from"
    have = commands(f"set {base} route-filter 10.0.0.0/8 exact\nset {base} route-filter 11.0.0.0/8 orlonger")
    gone = after(have, f"delete {base} route-filter 10.0.0.0/8 exact")
    assert texts(JUNOS.delta(have, gone)) == [f"delete {base} route-filter 10.0.0.0/8 exact"]


def test_the_last_address_leaves_the_family_behind() -> None:
    have = commands("set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24")
    assert shown(after(have, "delete interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24")) == [
        "set interfaces ge-0/0/0 unit 0 family inet"
    ]


def test_another_order_of_terms_is_another_configuration_and_is_reached_by_insert() -> None:
    def policy(*names: str) -> Config:
        return commands("\n".join(f"set policy-options policy-statement P term {name} then accept" for name in names))

    have, want = policy("a", "b", "c", "d"), policy("d", "a", "b", "c")
    lines = JUNOS.delta(have, want)
    assert texts(lines) == ["insert policy-options policy-statement P term d before term a"]
    assert JUNOS.apply_lines(have, lines) == want != have
    assert JUNOS.apply_lines(want, JUNOS.delta(want, have)) == have


@pytest.mark.parametrize(
    "path",
    [
        "apply-groups",
        "protocols bgp group G import",
        "system authentication-order",
        "interfaces ge-0/0/0 unit 0 family inet filter input-list",
    ],
)
def test_another_order_of_values_is_reached_by_setting_the_list_anew(path: str) -> None:
    have, want = commands(f"set {path} a\nset {path} b"), commands(f"set {path} b\nset {path} a")
    assert have != want
    assert texts(JUNOS.delta(have, want)) == [f"delete {path}", f"set {path} b", f"set {path} a"]


def test_the_order_of_security_policies_counts_and_that_of_prefixes_does_not() -> None:
    base = "set security policies from-zone trust to-zone untrust policy"
    have, want = (
        commands(f"{base} a then permit\n{base} b then deny"),
        commands(f"{base} b then deny\n{base} a then permit"),
    )
    lines = JUNOS.delta(have, want)
    assert texts(lines) == ["insert security policies from-zone trust to-zone untrust policy a after policy b"]
    assert JUNOS.apply_lines(have, lines) == want
    plain = "set policy-options prefix-list P"
    assert commands(f"{plain} 10.0.0.0/8\n{plain} 11.0.0.0/8") == commands(f"{plain} 11.0.0.0/8\n{plain} 10.0.0.0/8")


def test_rename_keeps_what_stands_below_and_the_place() -> None:
    have = commands("set vlans a vlan-id 1\nset vlans b vlan-id 2")
    assert shown(after(have, "rename vlans a to c")) == ["set vlans c vlan-id 1", "set vlans b vlan-id 2"]


def test_a_template_in_braces_or_commands_stands_under_its_header() -> None:
    assert shown(JUNOS.parse("snmp\n location x;\n contact y;\n")) == ["set snmp location x", "set snmp contact y"]
    assert shown(JUNOS.parse("snmp\n set snmp location x\n")) == ["set snmp location x"]
    lines = list(Config(JUNOS.parse("snmp { location x; }").tree).lines())
    assert JUNOS.script(lines[-1:]) == ["set snmp location x"]
    assert JUNOS.apply_lines(EMPTY, lines[-1:]) == commands("set snmp location x")
