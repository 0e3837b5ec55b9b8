"""Commands of Junos over NETCONF, and configurations in the replies that carry them."""

from netloom.platforms.contract import load_platform
from netloom.platforms.juniper_junos.command_rpc import COMMAND_RPC

REPLY = '<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="1">{}</rpc-reply>'
CONFIG = "system {\n    host-name r1;\n}\n"


def test_a_command_is_one_element_whatever_it_holds() -> None:
    asked = COMMAND_RPC.request('show interfaces | match "<up>"')
    assert asked == '<command format="text">show interfaces | match "&lt;up&gt;"</command>'


def test_what_a_command_prints_is_taken_out_of_its_reply() -> None:
    assert COMMAND_RPC.output(REPLY.format("<output>\nHostname: r1\n</output>")) == "Hostname: r1\n"
    inner = f"<configuration-output>\n{CONFIG}</configuration-output>"
    assert COMMAND_RPC.output(REPLY.format(f"<configuration-information>{inner}</configuration-information>")) == CONFIG


def test_several_members_print_one_after_the_other() -> None:
    items = "".join(
        f"<multi-routing-engine-item><re-name>fpc{n}</re-name><output>\nsame\n</output></multi-routing-engine-item>"
        for n in range(2)
    )
    reply = REPLY.format(f"<multi-routing-engine-results>{items}</multi-routing-engine-results>")
    assert COMMAND_RPC.output(reply) == "same\n\nsame\n"


def test_elements_without_text_stay_as_they_are() -> None:
    reply = REPLY.format("<interface-information><name>ge-0/0/0</name></interface-information>")
    assert COMMAND_RPC.output(reply) == reply


def test_the_archive_holds_the_configuration_and_not_its_reply() -> None:
    normalise = load_platform("juniper_junos").normalise
    inner = f"<configuration-text>\n## Last changed: 2026-01-01 10:00:00 UTC\n{CONFIG}</configuration-text>"
    assert normalise(REPLY.format(inner)) == CONFIG == normalise(CONFIG)
