"""Where IOS's configuration holds secrets."""

from __future__ import annotations

import re

_HOST_OPTIONS = r"\S+(?: vrf \S+)?(?: (?:informs|traps))?(?: version (?:1|2c|3(?: (?:auth|noauth|priv))?))?"
_LINES = (
    r"enable (?:secret|password)(?: level \d+)? (?:\d+ )?(?P<secret>\S+)",
    r"username \S+.*? (?:secret|password) (?:\d+ )?(?P<secret>\S.*?)",
    r"snmp-server community (?P<secret>\S+)",
    rf"snmp-server host {_HOST_OPTIONS} (?P<secret>\S+)",
    r"snmp-server user .*? auth (?:md5|sha)\S* (?P<secret>\S+)",
    r"snmp-server user .*? priv (?:des|3des|aes \d+) (?P<secret>\S+)",
    r"neighbor \S+ password (?:\d )?(?P<secret>\S.*?)",
    r"ip ospf authentication-key (?:\d )?(?P<secret>\S+)",
    r"ip ospf message-digest-key \d+ md5 (?:\d )?(?P<secret>\S+)",
    r"area \S+ virtual-link .*(?:authentication-key|md5) (?:\d )?(?P<secret>\S+)",
    r"(?:\S+ )*key-string (?:\d )?(?P<secret>\S+)",
    r"(?:tacacs|radius)-server (?:host .*)?key (?:\d )?(?P<secret>\S+)",
    r"(?:server-private .* |server \S+ )?key (?!chain\b|\d+$)(?:[0-7] )?+(?P<secret>\S+)",
    r"password (?:\d )?(?P<secret>\S+)",
    r"(?:standby|vrrp|glbp)(?: \d+)? authentication (?:md5 key-string |text )?(?:\d )?(?P<secret>\S+)",
    r"ppp (?:chap|pap) .*password (?:\d )?(?P<secret>\S+)",
    r"crypto isakmp key (?:\d )?(?P<secret>\S+)",
    r"pre-shared-key (?:address .* key |local |remote )?(?:\d )?(?P<secret>\S+)",
    r"ip nhrp authentication (?P<secret>\S+)",
    r"ntp authentication-key \d+ \S+ (?P<secret>\S+)",
    r"isis (?:password|authentication key) (?P<secret>\S+)",
    r"(?:wpa-psk \S+|psk set-key \S+) (?:\d )?(?P<secret>\S+)",
    r"(?:ip ftp|ip http client) password (?:\d )?(?P<secret>\S+)",
)
SECRETS = tuple(re.compile(rf"^ *{line}(?= |\r?$)", re.MULTILINE) for line in _LINES)
"""Group `secret` is what to hide."""
