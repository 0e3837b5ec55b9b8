"""The forms secrets take in configurations, of whatever vendor: patterns for one line, group `secret` is what to hide.

They are applied to every platform's text beside the platform's own, so that a platform nobody knows fails closed.
"""

from __future__ import annotations

import re
from functools import cache

VALUE = r"(?P<secret>\"[^\"\n]+\"|'[^'\n]+'|[^\s\"';{}\[\]][^\s\"']*)"
"""One word, or quoted text; the quotes stay."""

WRITTEN = (
    r"(?:(?:0|3|4|5|6|7|8a?|9|10|14|encrypted|encryption-type \d|hidden|clear(?:-?text)?|plain(?:-?text)?|unencrypted|"
    r"\d+\s+(?:md5|sha\S*|hmac\S*|cmac\S*)|hmac-\S+|sha-?(?:1|224|256|384|512)?|md5|scrypt|pbkdf2|ascii(?:-text)?|"
    r"hex(?:adecimal)?|cipher|simple|local|remote|set-key|text|level \d+|level-[12])\s+(?=\S))*+"
)
"""What may stand between the word and the secret: how it is written."""

_WORDS = (
    r"passw(?:or)?d|passwd|pwd|secret|pass-?phrase|pre-?shared-?(?:key|secret)|pre-?share-?key|shared-?(?:secret|key)|"
    r"key-string|(?:encrypted|plain-?text|authentication|privacy|auth|priv|area|domain|login|enable)-passw(?:or)?d"
    r"(?:-value)?|authentication-key|authentication-string|auth-key|priv-key|md5-key|hello-authentication-key|"
    r"private-?key|psk|wpa-?psk|wpa_passphrase|wpa_psk|ascii-key|hex-key|chap-secret|ppp-secret|simple-password|"
    r"api[-_]?key|access[-_]?key|secret[-_]?(?:access[-_]?)?key|(?:auth|access|bearer|api)?[-_]?token|client[-_]?secret|"
    r"ldap-login-password|set-key"
)
_SETTING = (
    r"(?!(?:encryption|strength-check|policy|prompt|recovery|minimum|min-length|maximum|max-\w+|required|lifetime|"
    r"history|change|expire\w*|aging|reuse|complexity|retry|rotation|storage|chain|method\w*|attempts|timeout|removal|"
    r"none|disable|enable)(?![\w-])|(?:address|hostname)\s+\S.*\bkey\s)"
)
_AUTH = r"\b(?:standby|vrrp|glbp|hsrp)\b.*?\bauthentication\s+"

_FORMS = (
    # SNMP communities and users
    rf"\bsnmp(?:-server)?\s+community\s+{WRITTEN}{VALUE}",
    rf"\bsnmp-server\s+host\s+(?:\S+\s+)+?(?:(?:traps?|informs?|version\s+(?:1|2c|3(?:\s+(?:no)?auth|\s+priv)?))\s+)+{WRITTEN}{VALUE}",
    rf"\bsnmp-server\s+host\s+\S+\s+(?:vrf\s+\S+\s+)?(?!traps?\b|informs?\b|version\b|vrf\b|use-vrf\b|source-interface\b|filter-vrf\b){VALUE}",
    rf"^\s*(?:set\s+.*\s)?(?:ro|rw)community6?\s+{VALUE}",
    rf"^\s*com2sec6?\s+(?:-Cn\s+\S+\s+)?\S+\s+\S+\s+{VALUE}",
    rf"^\s*trap2?(?:sink|community)\s+(?:\S+\s+)??{VALUE}\s*$",
    rf"\bset\s+(?:\S+\s+)*?snmp\s+(?:\S+\s+)*?community\s+{VALUE}",
    rf"\bsnmp\b.*\bcommunity\s+{WRITTEN}{VALUE}",
    rf"\bsnmp-server\s+user\b.*?\bauth\s+(?:(?:md5|sha)(?:-?\d+)?\s+)?{VALUE}",
    rf"\bsnmp-server\s+user\b.*?\bpriv\s+(?:(?:des|3des|aes)(?:-?\d+)?\s+(?:(?:128|192|256)\s+)?)?{VALUE}",
    rf"\bcreateUser\s+(?:-e\s+\S+\s+)?\S+\s+\S+\s+{VALUE}",
    rf"\bcreateUser\s+(?:-e\s+\S+\s+)?\S+\s+\S+\s+(?:\"[^\"]+\"|\S+)\s+\S+\s+{VALUE}",
    # a word that announces a secret: password 7 …, "secret": "…", psk=…
    rf"(?<![A-Za-z0-9])(?:{_WORDS})(?![\w-])[\"']?(?:\s*[:=]\s*|\s+){_SETTING}{WRITTEN}{VALUE}",
    # keys of AAA servers, isakmp, tunnels, NTP, OSPF, IS-IS, RIP, EIGRP
    rf"(?<![\w-])key\s+(?:[05678]|encrypted|hidden)\s+{VALUE}",
    rf"^\s*(?:no\s+)?(?:tacacs|radius|ldap|aaa)[\w+-]*\b.*?(?<![\w-])key\s+(?!chain\b){WRITTEN}{VALUE}",
    rf"\b(?:radius|tacacs\S*|ldap)\s.*\bkey\s+(?!chain\b){WRITTEN}{VALUE}",
    rf"\bserver-private\s+\S+.*\bkey\s+{WRITTEN}{VALUE}",
    rf"^\s*key\s+(?!\d{{1,4}}\s*(?:\{{|$)|chain\b|config-key\b|generate\b|rsa\b|length\b|size\b|id\b){VALUE}\s*;?\s*$",
    rf"\bkey\s+config-key\s+\S+\s+{VALUE}",
    rf"\bisakmp\s+key\s+{WRITTEN}{VALUE}",
    rf"\bpre-shared-key\s+(?:address|hostname)\s+.*?\bkey\s+{WRITTEN}{VALUE}",
    rf"\bfailover\s+key\s+{WRITTEN}{VALUE}",
    rf"\b(?:message-digest-key|authentication-key|trusted-key)\s+\d+\s+(?:\S+-)?(?:md5|sha\d*|hmac\S*|cmac\S*|type)\S*\s+{WRITTEN}{VALUE}",
    rf"\bmd5\s+\d+\s+key\s+{VALUE}",
    rf"{_AUTH}(?:text\s+|md5\s+key-string\s+)?(?!\S*md5\s|text\s|key-chain\s|mode\s|password\s){WRITTEN}{VALUE}",
    rf"\bauthentication\s+(?:text|string|simple|plaintext-password)\s+{WRITTEN}{VALUE}",
    rf"\bauthentication\s+mode\s+\S+\s+key\s+{VALUE}",
    rf"\b(?:area|domain)-password\s+{WRITTEN}{VALUE}",
    rf"\btcp-ao\b.*\b(?:secret|key-string)\s+{WRITTEN}{VALUE}",
    # hashes wherever they stand, URLs with a password, HTTP credentials, Junos
    r"(?P<secret>\$(?:1|2[abxy]?|3|5|6|7|8|9|14|y|gy|sha1|sha512|scrypt|pbkdf2\S*?|argon2\w*)\$[^\s\"';]+)",
    r"(?P<secret>\{(?:SSHA?|MD5|CRYPT|SHA\d*)\}[^\s\"';]+)",
    r"\b[a-z][a-z0-9+.-]*://[^\s/:@]*:(?P<secret>[^\s/]+)@",
    r"(?i)\bauthorization:?\s+(?:bearer|basic|token|digest)\s+(?P<secret>[^\s\"']+)",
    r"(?P<secret>\"[^\"\n]+\");?\s*##\s*SECRET-DATA",
)

SECRET_FORMS: tuple[re.Pattern[str], ...] = tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)

SUSPECT = re.compile(
    r"pass|pwd|secret|key|commun|auth|token|psk|md5|sha\d|credential|snmp|createuser|trap|com2sec|://|\$\w{1,8}\$|\}|wpa",
    re.IGNORECASE,
)
"""What every form has in it somewhere: lines without it need no closer look."""

SUSPECT_WORDS = (
    *(
        "pass",
        "pwd",
        "secret",
        "key",
        "commun",
        "auth",
        "token",
        "psk",
        "md5",
        "sha",
        "credential",
        "snmp",
        "createuser",
    ),
    *("trap", "com2sec", "://", "$", "{crypt}", "wpa"),
)
"""The same as plain lowered words, which are quicker to find in a long text."""


@cache
def needed_word(pattern: re.Pattern[str]) -> str:
    """The longest plain text, lowered, that every match must hold; empty where none is certain."""
    source, depth, runs, run = pattern.pattern, 0, [], ""
    if pattern.flags & re.VERBOSE:
        return ""
    at = 0
    while at < len(source):
        character = source[at]
        if character == "|" and not depth:
            return ""
        if character in "*?{" and not depth:
            run = run[:-1]
        if character == "[":
            at = _class_end(source, at)
        elif character == "\\":
            at += 1
        depth += (character == "(") - (character == ")")
        if not depth and (character.isalnum() or character in " -_") and (at == 0 or source[at - 1] != "\\"):
            run += character
        else:
            runs.append(run)
            run = ""
            if character == "{":
                at = source.find("}", at)
        at += 1
    return max((*runs, run), key=len).lower()


SNMP_BLOCK = re.compile(r"^(?P<indent>[ \t]*)snmp \{\n.*?^(?P=indent)\}", re.MULTILINE | re.DOTALL)
"""Where a line `community NAME` names a secret; elsewhere in such configurations it names a routing policy's."""

SNMP_COMMUNITY = re.compile(r"(?P<before>^[ \t]*community[ \t]+\"?)(?P<secret>[^\s\";{]+)", re.MULTILINE)

PRIVATE_KEY = re.compile(
    r"-----BEGIN (?P<kind>[A-Z ]*PRIVATE KEY|OPENSSH PRIVATE KEY)-----\s*(?P<secret>[^-]+?)\s*-----END (?P=kind)-----"
)

PROSE = re.compile(
    r"(?:was|is|are|were|for|of|and|or|not|to|in|on|by|must|has|the|a|an|from|with|given|needed|rejected)\b|['\"]?$"
)
"""What follows such a word in a sentence rather than in a configuration."""


def _class_end(source: str, at: int) -> int:
    """Where the bracket closes that opens a set of characters; a bracket in first place is one of them."""
    at += 2 if source.startswith("[^", at) else 1
    at += source[at] == "]"
    while source[at] != "]":
        at += 2 if source[at] == "\\" else 1
    return at
