"""IOS's command line: what its prompts, dialogs and refusals look like."""

from __future__ import annotations

import pytest

from netloom.platforms.contract import load_platform

IOS = load_platform("cisco_ios")
TERMINAL = IOS.terminal


@pytest.mark.parametrize(
    ("line", "host", "user"),
    [
        (b"Router>", b"Router", b">"),
        (b"edge-1.lab#", b"edge-1.lab", None),
        (b"SW_core(1)#", None, None),
        (b"r1# ", b"r1", None),
        (b"RP/0:r1#", b"RP/0:r1", None),
        (b"% Invalid #", None, None),
    ],
)
def test_prompts_name_the_device_and_say_whether_privileges_are_to_be_raised(
    line: bytes, host: bytes | None, user: bytes | None
) -> None:
    match = TERMINAL.prompt.fullmatch(line)
    assert (match["host"] if match else None) == host
    assert (match["user"] if match else None) == user


@pytest.mark.parametrize(
    "line",
    [
        b"r1(config)#",
        b"r1(config-if)#",
        b"r1(config-router-af)#",
        b"r1(config-ext-nacl)# ",
        b"r1(ca-trustpoint)#",
        b"r1(config-if-range)#",
        b"r1(cs-server)#",
        b"r1(config-std-nacl)#",
    ],
)
def test_configuration_mode_has_a_prompt_of_its_own(line: bytes) -> None:
    match = TERMINAL.config_prompt.fullmatch(line)
    assert match is not None
    assert match["host"] == b"r1"
    assert TERMINAL.prompt.fullmatch(line) is None


@pytest.mark.parametrize(
    "answer",
    [
        "interfac Gi1\n    ^\n% Invalid input detected at '^' marker.\n",
        "% Incomplete command.\n",
        '% Ambiguous command:  "s"\n',
        "Command authorization failed.\n",
        "% Bad IP address or host name\n",
        "% Unknown command or computer name, or unable to find computer address\n",
    ],
)
def test_refusals_are_known_everywhere(answer: str) -> None:
    assert any(pattern.search(answer) for pattern in TERMINAL.rejections)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ("% 10.1.0.0 overlaps with GigabitEthernet0/2\n", True),
        ("%Insertion failed - seq # exists: 5 permit 10.0.0.0/8\n", True),
        ("Command rejected: An interface whose trunk encapsulation is Auto\n", True),
        ("% Duplicate sequence number\n", True),
        ("Bad mask /24 for address 10.0.0.0\n", True),
        ("% Interface GigabitEthernet0/1 IPv4 disabled and address(es) removed due to enabling VRF RED\n", False),
        ("%LINK-5-CHANGED: Interface GigabitEthernet0/1, changed state to up\n", False),
        ("%Warning: portfast should only be enabled on ports connected to a single host\n", False),
        ("% Generating 2048 bit RSA keys, keys will be non-exportable...\n", False),
        ("Enter TEXT message.  End with the character '^'.\n", False),
        ("", False),
    ],
)
def test_in_configuration_mode_a_remark_is_no_refusal(answer: str, refused: bool) -> None:
    patterns = (*TERMINAL.rejections, *TERMINAL.config_rejections)
    assert any(pattern.search(answer) for pattern in patterns) is refused


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (b"This operation will remove all username related configurations. Do you want to continue? [confirm]", b"\r"),
        (b"Destination filename [startup-config]? ", b"\r"),
        (b"Overwrite the previous NVRAM configuration?[confirm]", b"\r"),
        (b"Continue? [yes/no]: ", b"yes\r"),
        (b"Proceed anyway? [no]: ", None),
    ],
)
def test_questions_in_the_middle_of_a_command_are_answered(question: bytes, answer: bytes | None) -> None:
    found = [dialog.answer for dialog in TERMINAL.dialogs if dialog.question.search(question)]
    assert (found[0] if found else None) == answer


def test_the_platform_is_known_by_the_names_that_others_give_it() -> None:
    for alias in ("ios", "cisco_xe", "cisco_iosxe", "cisco.ios.ios"):
        assert load_platform(alias) is IOS
    words = "Cisco IOS Software [Amsterdam], Catalyst L3 Switch Software, Version 17.3.3"
    assert any(pattern.search(words) for pattern in IOS.fingerprints)
    assert not any(pattern.search("Cisco IOS XR Software, Version 7.3.2") for pattern in IOS.fingerprints)
