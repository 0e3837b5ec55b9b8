"""Cisco IOS and IOS-XE, by their command line."""

from __future__ import annotations

import re

from netloom.platforms.cisco_ios import reading
from netloom.platforms.cisco_ios.archive_difference import difference, told_afterwards
from netloom.platforms.cisco_ios.guard import GUARD
from netloom.platforms.cisco_ios.secret_lines import SECRETS
from netloom.platforms.cisco_ios.terminal import TERMINAL
from netloom.platforms.contract import Capabilities, Platform, Read

PLATFORM = Platform(
    name="cisco_ios",
    vendor="Cisco",
    title="Cisco IOS 12–15 and IOS-XE 16/17",
    aliases=(
        "ios",
        "iosxe",
        "ios-xe",
        "ios_xe",
        "cisco.ios.ios",
        "cisco.ios",
        "cisco_xe",
        "cisco_iosxe",
        "cisco_ios_telnet",
        "cisco_ios_xe",
        "cisco",
    ),
    fingerprints=(
        re.compile(r"\bIOS[- ]XE\b"),
        re.compile(r"\bCisco (?:IOS Software|Internetwork Operating System Software|IOS)\b(?! XR)"),
    ),
    terminal=TERMINAL,
    running_config=Read("show running-config"),
    save="write memory",
    capabilities=Capabilities(confirmed_commit=True, replace=True),
    guard=GUARD,
    parse=reading.parse,
    format=reading.format_config,
    normalise=reading.normalise,
    apply_lines=reading.apply_lines,
    delta=reading.delta,
    script=reading.script,
    difference=difference,
    told_afterwards=told_afterwards,
    secrets=SECRETS,
)
