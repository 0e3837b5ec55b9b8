"""A command line that nobody knows: its prompt is learned at the login, its pager answered where it shows itself."""

from __future__ import annotations

import re

from netloom.platforms.contract import Terminal

# A word of the device's own near the beginning, and a sign at the end: switch#, host>, <HUAWEI>, user@host:~$,
# [admin@MikroTik] >, (Cisco Controller) >, *A:router#, RP/0/RSP0/CPU0:router#, FGT60E #, user@host:RE:0%.
# The word ties later prompts to the first one, so that output that looks like a prompt is none.
_HOST = rb"(?P<host>[A-Za-z0-9][\w.-]*)"
_WHO = rb"[^\w\r\n#>$%]{0,3}(?:[\w.-]{1,64}@)?" + _HOST
_SIGN = rb"(?:[#$%\]]|(?P<user>>))"

TERMINAL = Terminal(
    prompt=re.compile(_WHO + rb"[^\r\n#>$%]{0,60}?" + _SIGN + rb"[#>$%]? {0,2}"),
    # nothing is ever configured here, so no prompt is one of that mode
    config_prompt=re.compile(rb"(?!)" + _HOST),
    pager=re.compile(
        rb"(?i)(?:[-<( ]{0,4}-* ?more\b[^\r\n]{0,40}|press (?:any key|space|enter|<space>)[^\r\n]{0,60}"
        rb"|\((?:q = quit|end)\)|^lines \d+-\d+[^\r\n]{0,20}|quit:? ?\[q\][^\r\n]{0,20}) ?$"
    ),
    enable="enable",
    rejections=(
        re.compile(
            r"^\s*[%^*]*\s*(?:(?:error|syntax error|parse error)\b.*|(?:invalid|unknown|unrecogni[sz]ed|ambiguous"
            r"|incomplete|bad|wrong)\b.{0,20}\b(?:input|command|keyword|parameter|argument)\b.*"
            r"|command (?:not found|incomplete|fail|error)\b.*|.*: command not found)$",
            re.MULTILINE | re.IGNORECASE,
        ),
    ),
)
