"""NAPALM's getters about a Nexus as a whole: facts, configurations, users, SNMP and NTP."""

from __future__ import annotations

import re
from typing import Any

from netloom.compat.napalm import shapes
from netloom.compat.napalm.cisco_nxos.names import is_json, named
from netloom.compat.napalm.replies import Replies
from netloom.model.ntp import NtpState
from netloom.platforms.cisco_nxos import device, interface, ntp

_HEADER = re.compile(r"!Command: show .*$|!Time:.*\d{4}\s*$|Startup config saved at:.*\d{4}\s*$", re.MULTILINE)
"""What NAPALM takes out before it strips the rest; of the last line it leaves the mark of a comment."""
_SECRETS = {
    r"^(snmp-server community).*$": r"\1 <removed>",
    r"^(snmp-server host \S+(?: traps| informs)?(?: version \S+)?(?: auth| noauth| priv)?) \S+(.*)$": r"\1 <removed>\2",
    r"^(snmp-server user \S+(?: \S+)? auth \S+) \S+ (priv(?: aes-128)?) \S+(.*)$": r"\1 <removed> \2 <removed>\3",
    r"^(snmp-server user \S+(?: \S+)? auth \S+) (?!<removed>)\S+(?! priv)(.*)$": r"\1 <removed>\2",
    r"^(username .+ (?:password|secret) \d) .+$": r"\1 <removed>",
    r"^(enable (?:password|secret)(?: level \d+)? \d) .+$": r"\1 <removed>",
    r"^(\s+(?:password|secret)) (?:\d )?\S+$": r"\1 <removed>",
    r"^(.*key 7) (\d.+)$": r"\1 <removed>",
    r"^((?:tacacs|radius)-server (?:.+ )?key) .+$": r"\1 <removed>",
    r"^(\s+(?:message-digest-key \d+ md5|authentication-key)(?: \d)?) \S+(.*)$": r"\1 <removed>\2",
}
"""NAPALM hides whole ends of lines, where the archive hides the secrets alone."""
_SANITIZED = tuple((re.compile(line, re.MULTILINE), kept) for line, kept in _SECRETS.items())
_COMMUNITY = re.compile(r"^snmp-server community (\S+)(?: (?:group )?(\S+))?(?: use-acl (\S+))?", re.MULTILINE)
_SNMP = re.compile(r"^snmp-server (?:community|contact|location) ", re.MULTILINE)
_COMMUNITY_ACL = re.compile(r"^snmp-server community (\S+) use-acl (\S+)", re.MULTILINE)
_USER = re.compile(r"^username (\S+)(.*)$", re.MULTILINE)
_DOMAIN = re.compile(r"Default domain.*is[ \t]+(\S+)")
_LEVELS = {"network-admin": 15, "network-operator": 5}
_BLANK_NTP = 0.0


def get_facts(asked: Replies) -> object:
    """The device and its interfaces, these in the order of `show interface`."""
    version = asked.first("show version", "show version | json")
    inventory = asked.first("show inventory", "show inventory | json")
    hostname = asked.first("show hostname", "show hostname | json")
    [told] = device.observed(version, hostname, asked.first("show hosts"), inventory)
    listed = asked.first("show interface", "show interface status", "show interface brief", "show interface | json")
    shape = shapes.facts(told, [named(state.name, listed) for state in interface.observed(listed)])
    shape["model"] = told.description or told.model or ""
    for chassis in device.observed(inventory):
        shape["serial_number"] = chassis.serial_number or shape["serial_number"]
    return (
        shape if is_json(version) else shape | _from_screens(shape["os_version"], hostname, asked.first("show hosts"))
    )


def _from_screens(version: str, name: str, hosts: str) -> dict[str, str]:
    """The version's first word, and the names as far as `show hostname` and `show hosts` tell them."""
    match = _DOMAIN.search(hosts)
    hostname, domain = name.strip(), match[1] if match else ""
    found = {"os_version": version.split(maxsplit=1)[0] if version else ""}
    if not hostname:
        return found
    if hostname.count(".") >= 2:
        found["fqdn"] = hostname
        hostname = hostname.removesuffix(domain).strip(".") if domain else hostname
    else:
        found["fqdn"] = f"{hostname}.{domain}" if domain else ""
    return found | {"hostname": hostname}


def get_config(asked: Replies) -> object:
    """Both configurations, without the lines that the device puts before them."""
    return shapes.configurations(running=_config(asked, "running"), startup=_config(asked, "startup"))


def get_config_filtered(asked: Replies) -> object:  # noqa: ARG001 - NAPALM's case asks for the candidate, and there is none
    """The candidate, which NX-OS does not have."""
    return shapes.configurations()


def get_config_sanitized(asked: Replies) -> object:
    """Both configurations without their secrets."""
    return shapes.configurations(
        running=_sanitized(_config(asked, "running")), startup=_sanitized(_config(asked, "startup"))
    )


def _config(asked: Replies, kind: str) -> str:
    return _HEADER.sub("", asked.first(f"show {kind}-config", f"show {kind}-config all")).strip()


def _sanitized(text: str) -> str:
    for secret, kept in _SANITIZED:
        text = secret.sub(kept, text)
    return text


def get_checkpoint_file(asked: Replies) -> object:
    """A checkpoint as it is."""
    return next(iter(asked.starting("show file").values()), "")


def get_snmp_information(asked: Replies) -> object:
    """The agent by the running configuration; a community's mode is its group."""
    text = _config(asked, "running") or asked.first("show running-config | section snmp-server")
    communities: dict[str, dict[str, str]] = {}
    for name, mode, acl in _COMMUNITY.findall(text):
        known = communities.setdefault(name, {"acl": "", "mode": ""})
        if mode and mode != "use-acl":
            known["mode"] = mode.lower()
        known["acl"] = acl or known["acl"]
    for name, acl in _COMMUNITY_ACL.findall(text):
        communities[name]["acl"] = acl
    if not _SNMP.search(text):
        return {}
    return {
        "contact": _setting(text, "contact"),
        "location": _setting(text, "location"),
        "chassis_id": _setting(text, "chassis-id"),
        "community": communities,
    }


def _setting(text: str, word: str) -> str:
    match = re.search(rf"^snmp-server {word} (.*?)\s*$", text, re.MULTILINE)
    return match[1] if match else ""


def get_users(asked: Replies) -> object:
    """Accounts by the running configuration; of several roles the highest level counts."""
    found: dict[str, dict[str, Any]] = {}
    for name, rest in _USER.findall(_config(asked, "running")):
        user = found.setdefault(name, {"password": "", "level": 0, "sshkeys": []})
        if match := re.search(r"\bpassword \d+ (\S+)", rest):
            user["password"] = match[1]
        if match := re.search(r"\brole (\S+)", rest):
            user["level"] = max(user["level"], _level(match[1]))
        if match := re.search(r"\bsshkey (ssh-rsa|ssh-dsa) (\S+)", rest):
            user["sshkeys"].append(match[2])
    return found


def _level(role: str) -> int:
    return int(role.removeprefix("priv-")) if re.fullmatch(r"priv-\d+", role) else _LEVELS.get(role, 0)


def get_ntp_servers(asked: Replies) -> object:
    """The servers; screens do not tell them from peers in NAPALM's eyes."""
    return _associations(asked, "server")


def get_ntp_peers(asked: Replies) -> object:
    """The peers."""
    return _associations(asked, "peer")


def _associations(asked: Replies, kind: str) -> dict[str, dict[str, Any]]:
    reply = asked.first("show ntp peers", "show ntp peers | json")
    return {state.address: {} for state in ntp.observed(reply) if not is_json(reply) or state.type == kind}


def get_ntp_stats(asked: Replies) -> object:
    """What `show ntp peer-status` tells; the rest is blank."""
    reply = asked.first("show ntp peer-status", "show ntp peer-status | json")
    return [_stats(state) for state in ntp.observed(reply)]


def _stats(state: NtpState) -> dict[str, Any]:
    return {
        "remote": state.address,
        "synchronized": state.state == "synchronized",
        "referenceid": state.address,
        "stratum": state.stratum or 0,
        "type": "",
        "when": "",
        "hostpoll": state.poll_s or 0,
        "reachability": int(f"{state.reachability or 0:o}"),
        "delay": round((state.delay_ms or 0.0) / 1000, 6),
        "offset": _BLANK_NTP,
        "jitter": _BLANK_NTP,
    }
