"""What a simulated Junos answers over NETCONF, and the forms of a configuration that it knows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.lab.junos_site import HERE
from tests.platforms.juniper_junos_records import worlds
from tests.platforms.promises import QUICK, World
from tests.platforms.test_juniper_junos_properties import PROMISES, UNKNOWN

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.netconf_server import parse
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendor import NetconfRefused
from netloom.lab.simulation.vendors.juniper_junos import VENDOR
from netloom.lab.simulation.vendors.juniper_junos.config_xml import configuration
from netloom.lab.simulation.vendors.juniper_junos.database import database_of
from netloom.lab.simulation.vendors.juniper_junos.difference import difference
from netloom.lab.simulation.vendors.juniper_junos.elements import xml_text
from netloom.lab.simulation.vendors.juniper_junos.netconf import JunosNetconf
from netloom.lab.simulation.vendors.juniper_junos.registry import shows_by_rpc
from netloom.model.config import Line
from netloom.platforms.contract import load_platform
from netloom.platforms.xml_output import elements, text

JUNOS = load_platform("juniper_junos")
MX1 = (HERE / "juniper_junos_mx1.conf").read_text()
ROUTER = (
    (HERE.parent / "platforms" / "juniper_junos_router.conf")
    .read_text()
    .replace('"  Authorised only\\nUse \\"care\\"\\n"', '"Authorised"')
)


def service_of(device: Device | None = None, number: int = 1) -> JunosNetconf:
    if device is None:
        spec = Spec(name="mx1", platform="juniper_junos", config=MX1)
        device = Device(spec, smallest=VENDOR.smallest(spec))
    return JunosNetconf(device, "admin", number)


async def ask(service: JunosNetconf, content: str) -> str:
    reply = await service.rpc(parse(content))
    parse(f"<rpc-reply>{reply}</rpc-reply>")
    return reply


def edit(config: str, more: str = "") -> str:
    return (
        f"<edit-config><target><candidate/></target>{more}"
        f"<config><configuration>{config}</configuration></config></edit-config>"
    )


def candidate(service: JunosNetconf) -> Any:
    return database_of(service.device).candidate(service._edit).tree


# ---- XML -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("config", [MX1, ROUTER])
def test_a_configuration_survives_its_xml(config: str) -> None:
    parsed = JUNOS.parse(config)
    assert JUNOS.parse(xml_text(configuration(parsed.tree))) == parsed


@QUICK
@given(worlds())
def test_whatever_is_configured_survives_its_xml(world: World) -> None:
    config = JUNOS.apply_lines(PROMISES.steered(PROMISES.empty, world), UNKNOWN)
    assert JUNOS.parse(xml_text(configuration(config.tree))) == config


@QUICK
@given(worlds(), worlds())
def test_a_difference_is_there_where_configurations_differ(one: World, other: World) -> None:
    old, new = PROMISES.steered(PROMISES.empty, one), PROMISES.steered(PROMISES.empty, other)
    assert bool(difference(old, new)) == (old != new)
    signs = {line[0] for line in difference(old, new).splitlines()}
    assert signs <= {"[", "+", "-", "!", " "}


def test_a_term_that_comes_stands_between_its_neighbors() -> None:
    set_filter = "set firewall family inet filter EDGE term"
    old = JUNOS.parse("".join(f"{set_filter} {name} then accept\n" for name in ("web", "dns", "rest")))
    new = JUNOS.apply_lines(
        old, [Line(f"{set_filter} ssh then accept"), Line(f"insert {set_filter[4:]} ssh before term dns")]
    )
    assert [line.split("{")[0].rstrip() for line in difference(old, new).splitlines()] == [
        "[edit firewall family inet filter EDGE]",
        "      term web",
        "+     term ssh",
        "+         then accept;",
        "+     }",
        "      term dns",
    ]


def test_names_stand_where_the_schema_has_them() -> None:
    text_of = xml_text(configuration(JUNOS.parse(MX1).tree))
    root = parse(text_of)
    space = "{http://xml.juniper.net/xnm/1.1/xnm}"

    def at(path: str) -> str | None:
        return root.findtext("/".join(f"{space}{name}" for name in path.split("/")))

    assert at("system/host-name") == "mx1"
    assert at("system/login/user/authentication/ssh-ed25519/name") or at("system/login/user/authentication/ssh-ed25519")
    assert at("interfaces/interface/name") == "ge-0/0/0"
    assert at("interfaces/interface/unit/family/inet/address/name") == "10.0.0.1/24"
    assert at("interfaces/interface/unit/family/inet/filter/input/filter-name") == "EDGE"
    assert at("vlans/vlan/vlan-id") == "10"
    assert at("routing-options/autonomous-system/as-number") == "65001"
    assert at("protocols/bgp/group/neighbor/peer-as") == "65002"
    assert at("routing-instances/instance/route-distinguisher/rd-type") == "65000:1"


# ---- operations ----------------------------------------------------------------------------------


async def test_what_is_no_operation_is_refused_with_its_name() -> None:
    with pytest.raises(NetconfRefused) as caught:
        await ask(service_of(), "<get-nonsense-information/>")
    assert caught.value.element == "get-nonsense-information"
    with pytest.raises(NetconfRefused, match="not found"):
        await ask(
            service_of(),
            "<get-interface-information><interface-name>ge-9/9/9</interface-name></get-interface-information>",
        )


async def test_every_rpc_answers_as_xml_and_as_text() -> None:
    service = service_of()
    for rpc, show in shows_by_rpc().items():
        if rpc in ("get-bridge-instance-information", "get-bridge-mac-table", "file-show"):
            continue
        told = await ask(service, f"<{rpc}/>")
        assert told.startswith("<output>") == (show.element is None)
        assert (await ask(service, f'<{rpc} format="text"/>')).startswith("<output>")


@pytest.mark.parametrize("form", ["text", "set", "xml"])
@pytest.mark.parametrize("database", ["committed", "candidate"])
async def test_the_configuration_is_told_in_every_form(form: str, database: str) -> None:
    service = service_of()
    await ask(service, edit("<system><host-name>other</host-name></system>"))
    reply = await ask(service, f'<get-configuration database="{database}" format="{form}"/>')
    expected = service.device.config.tree if database == "committed" else candidate(service)
    assert JUNOS.parse(f"<rpc-reply>{reply}</rpc-reply>").tree == expected


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("<vlans/>", {"users", "voice"}),
        ("<vlans><vlan><name>voice</name></vlan></vlans>", {"voice"}),
        ("<vlans><vlan><name/></vlan></vlans>", {"users", "voice"}),
        ("<vlans><vlan><name>none</name></vlan></vlans>", set()),
        ("<access/>", set()),
    ],
)
async def test_a_filter_leaves_the_rest_out(wanted: str, there: set[str]) -> None:
    service = service_of()
    for reply in (
        await ask(service, f"<get-configuration><configuration>{wanted}</configuration></get-configuration>"),
        await ask(
            service,
            f'<get-config><source><running/></source><filter type="subtree"><configuration>{wanted}</configuration>'
            "</filter></get-config>",
        ),
    ):
        tree = JUNOS.parse(f"<rpc-reply>{reply}</rpc-reply>").tree
        assert set(tree.get("vlans", {})) == there
        assert set(tree) <= {"vlans"}


@pytest.mark.parametrize(
    ("config", "more", "expected"),
    [
        ("<vlans><vlan><name>v31</name><vlan-id>31</vlan-id></vlan></vlans>", "", {"users", "voice", "v31"}),
        ('<vlans><vlan operation="delete"><name>voice</name></vlan></vlans>', "", {"users"}),
        ('<vlans><vlan operation="remove"><name>none</name></vlan></vlans>', "", {"users", "voice"}),
        ('<vlans operation="replace"><vlan><name>v31</name><vlan-id>31</vlan-id></vlan></vlans>', "", {"v31"}),
        ('<vlans delete="delete"/>', "", set()),
        (
            "<vlans><vlan><name>v31</name><vlan-id>31</vlan-id></vlan></vlans>",
            "<default-operation>replace</default-operation>",
            {"v31"},
        ),
    ],
)
async def test_the_candidate_is_edited(config: str, more: str, expected: set[str]) -> None:
    service = service_of()
    assert await ask(service, edit(config, more)) == "<ok/>"
    assert set(candidate(service).get("vlans", {})) == expected
    assert await ask(service, "<discard-changes/>") == "<ok/>"
    assert set(candidate(service)["vlans"]) == {"users", "voice"}


async def test_what_is_not_there_cannot_be_deleted() -> None:
    reply = await ask(service_of(), edit('<vlans><vlan operation="delete"><name>none</name></vlan></vlans>'))
    assert "statement not found" in reply
    with pytest.raises(NetconfRefused, match="cannot be edited"):
        await ask(service_of(), edit("<vlans/>").replace("<candidate/>", "<running/>"))


@pytest.mark.parametrize(
    ("attributes", "content", "expected"),
    [
        ('action="set" format="text"', "<configuration-set>delete vlans voice</configuration-set>", {"users"}),
        (
            'action="merge" format="text"',
            "<configuration-text>vlans { v31 { vlan-id 31; } }</configuration-text>",
            {"users", "voice", "v31"},
        ),
        (
            'action="replace" format="text"',
            "<configuration-text>replace: vlans { v31 { vlan-id 31; } }</configuration-text>",
            {"v31"},
        ),
        (
            'action="override" format="text"',
            "<configuration-text>vlans { v31 { vlan-id 31; } }</configuration-text>",
            {"v31"},
        ),
        (
            'format="json"',
            '<configuration-json>{"vlans": {"vlan": [{"name": "v31", "vlan-id": 31}]}}</configuration-json>',
            {"users", "voice", "v31"},
        ),
        (
            'action="replace"',
            '<configuration><vlans replace="replace"><vlan><name>v31</name></vlan></vlans></configuration>',
            {"v31"},
        ),
        ('rollback="0"', "", {"users", "voice"}),
    ],
)
async def test_configurations_are_loaded_in_every_form(attributes: str, content: str, expected: set[str]) -> None:
    service = service_of()
    reply = await ask(service, f"<load-configuration {attributes}>{content}</load-configuration>")
    assert "<load-success/>" in reply
    assert set(candidate(service)["vlans"]) == expected


async def test_a_load_tells_its_errors_and_warnings() -> None:
    service = service_of()
    lines = "set vlans v31 vlan-id 31\nset vlanss v vlan-id 1\ndelete vlans none"
    load = f'<load-configuration action="set"><configuration-set>{lines}</configuration-set></load-configuration>'
    (results,) = elements(f"<r>{(await ask(service, load)).replace('rpc-error', 'fault')}</r>")
    told = [(text(fault, "error-severity"), text(fault, "error-message")) for fault in results.iter("fault")]
    assert told == [("error", "syntax error"), ("warning", "statement not found")]
    assert text(results.find(".//fault"), "error-info/bad-element") == "vlanss"  # type: ignore[arg-type] # it is there
    assert results.findtext(".//load-error-count") == "1"


async def test_a_confirmed_commit_is_as_rfc_6241_has_it() -> None:
    service = service_of()
    device = service.device
    other = service_of(device, 2)
    await ask(service, edit("<system><host-name>one</host-name></system>"))
    await ask(service, "<commit><confirmed/><confirm-timeout>60</confirm-timeout></commit>")
    await ask(service, edit("<system><host-name>two</host-name></system>"))
    await ask(service, "<commit><confirmed/><confirm-timeout>120</confirm-timeout></commit>")
    assert 119 < (device.timer_left("commit") or 0) <= 120, "a second one extends the first"
    service.closed()
    assert device.hostname == "mx1", "both go with their session"
    await ask(other, edit("<system><host-name>three</host-name></system>"))
    await ask(other, "<commit><confirmed/><persist>t</persist></commit>")
    other.closed()
    assert device.hostname == "three"
    third = service_of(device, 3)
    with pytest.raises(NetconfRefused, match="persist-id"):
        await ask(third, "<commit><persist-id>u</persist-id></commit>")
    await ask(third, "<cancel-commit><persist-id>t</persist-id></cancel-commit>")
    assert device.hostname == "mx1"
    assert device.timers() == {}


async def test_a_session_is_killed_with_its_lock() -> None:
    service = service_of()
    other = service_of(service.device, 2)
    hung_up: list[bool] = []
    other.hang_up = lambda: hung_up.append(True)
    await ask(other, "<lock><target><candidate/></target></lock>")
    with pytest.raises(NetconfRefused, match="locked by") as caught:
        await ask(service, "<lock-configuration/>")
    assert caught.value.tag == "lock-denied"
    with pytest.raises(NetconfRefused, match="locked by"):
        await ask(service, edit("<vlans/>").replace("<vlans/>", "<system><host-name>x</host-name></system>"))
    await ask(service, "<kill-session><session-id>2</session-id></kill-session>")
    assert hung_up == [True]
    assert await ask(service, "<lock-configuration/>") == "<ok/>"
    with pytest.raises(NetconfRefused, match="session-id"):
        await ask(service, "<kill-session><session-id>1</session-id></kill-session>")


async def test_a_private_copy_is_the_sessions_own() -> None:
    service = service_of()
    other = service_of(service.device, 2)
    assert "uncommitted changes will be discarded on exit" in await ask(
        service, "<open-configuration><private/></open-configuration>"
    )
    await ask(service, edit("<system><host-name>mine</host-name></system>"))
    assert candidate(other)["system"]["host-name"] == {"mx1": {}}
    reply = await ask(service, "<commit-configuration><log>private</log></commit-configuration>")
    assert "<commit-success/>" in reply
    assert service.device.hostname == "mine"
    assert await ask(service, "<close-configuration/>") == "<ok/>"
    await ask(service, "<open-configuration><private/></open-configuration>")
    with pytest.raises(NetconfRefused, match="not supported on a private copy"):
        await ask(service, "<commit-configuration><confirmed/></commit-configuration>")


async def test_copies_and_deletions_are_of_the_candidate() -> None:
    service = service_of()
    source = "<source><config><configuration>{}</configuration></config></source>"
    copy = f"<copy-config><target><candidate/></target>{source}</copy-config>"
    await ask(service, copy.format("<system><host-name>all</host-name></system>"))
    assert candidate(service) == {"system": {"host-name": {"all": {}}}}
    await ask(service, "<delete-config><target><candidate/></target></delete-config>")
    assert candidate(service) == {}
    await ask(service, "<copy-config><target><candidate/></target><source><running/></source></copy-config>")
    assert candidate(service) == service.device.config.tree
    with pytest.raises(NetconfRefused, match="only the candidate"):
        await ask(service, copy.format("").replace("<candidate/>", "<running/>"))


async def test_a_check_names_the_statement_that_is_wrong() -> None:
    service = service_of()
    config = service.device.applied(service.device.config, [Line("set system login user eve class none")])
    database_of(service.device).change(service._edit, config)
    for operation in ("<commit-configuration><check/></commit-configuration>", "<commit-configuration/>"):
        reply = await ask(service, operation)
        assert "<error-path>[edit system login user eve]</error-path>" in reply
        assert "Login class &apos;none&apos; is not defined" in reply or "Login class 'none' is not defined" in reply
        assert "configuration check-out failed" in reply
    assert service.device.hostname == "mx1"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["set system login user eve full-name Eve"], "Missing mandatory statement: 'class'"),
        (["set protocols bgp group PEERS neighbor 10.0.0.9 hold-time 90"], "peer AS number must be configured"),
        (["set policy-options policy-statement ANNOUNCE term X from prefix-list NONE"], "prefix-list NONE not defined"),
        (["delete routing-instances RED route-distinguisher"], "Missing mandatory statement: 'route-distinguisher'"),
        (["delete interfaces xe-0/0/3"], "Interface xe-0/0/3.0 is not configured"),
    ],
)
async def test_what_a_commit_checks(lines: list[str], words: str) -> None:
    service = service_of()
    config = service.device.applied(service.device.config, [Line(line) for line in lines])
    database_of(service.device).change(service._edit, config)
    assert words in (await ask(service, "<commit-configuration/>")).replace("&apos;", "'")
