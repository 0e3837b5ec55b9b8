"""Junos' command line, as it looks over SSH and Telnet."""

from __future__ import annotations

import re

from netloom.platforms.contract import Dialog, Terminal

# `user@host>` and `user@host#`; a chassis with several members or two engines says which one in a line of its own
# before the prompt ({master:0}), the configuration mode its hierarchy level ([edit]).
_WHO = rb"(?:[\w.-]+@)?(?P<host>[\w.-]+)(?::[\w.-]+)?"
"""Who, where, and behind a colon the logical system or tenant."""

TERMINAL = Terminal(
    prompt=re.compile(_WHO + rb"> ?"),
    config_prompt=re.compile(_WHO + rb"# ?"),
    # root's account lands in the shell beneath: root@mx1:RE:0% , root@mx1:~ # , [vrf:none] root@re0:~#
    shell_prompt=re.compile(rb"(?:[^\r\n]*[@:~/ ])?[\w.:/~-]*[%$] ?|[^\r\n]*:[~/][^\r\n ]* ?# ?"),
    start_cli="cli",
    pager=re.compile(rb"---\(more(?: \d+%)?\)---"),
    setup=("set cli screen-length 0", "set cli screen-width 0", "set cli complete-on-space off"),
    dialogs=(
        Dialog(
            question=re.compile(rb"(?:Discard|Exit with) uncommitted changes\? \[yes,no\] \(\w+\) ?$"), answer=b"yes\r"
        ),
        Dialog(question=re.compile(rb"\[yes,no\] \(no\) ?$"), answer=b"no\r"),
    ),
    rejections=(
        re.compile(
            r"^\s*(?:syntax error.*|unknown command\.?|error: .*|missing argument\.?|invalid value.*|"
            r"'.*' is ambiguous.*|permission denied.*)$",
            re.MULTILINE,
        ),
    ),
    config_rejections=(
        re.compile(
            r"^\s*(?:error: .*|syntax error.*|unknown command\.?|missing (?:argument|mandatory statement).*|"
            r"invalid (?:value|input|interface|ip address|prefix|number).*|.*is ambiguous.*|statement not found.*|"
            r"warning: statement not found.*|permission denied.*|number out of range.*|value out of range.*)$",
            re.MULTILINE | re.IGNORECASE,
        ),
    ),
    enter_config="configure private",
    leave_config="exit configuration-mode",
    commit="commit comment netloom",
    exit_section=None,
)
