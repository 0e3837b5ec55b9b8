"""Only the inventory's addresses are probed, whatever a name stands for at the moment."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collectors.probe.services import HERE, Site, looked
from tests.serving import serving

from netloom.collectors.probe.permits import Permits
from netloom.collectors.probe.settings import HttpOptions, Module
from netloom.errors import NetloomError, Unsupported
from netloom.model.host import Host
from netloom.model.secret import Secret

HOSTS = (
    Host(
        "leaf1",
        variables={"ansible_host": "10.0.0.1", "site_url": "https://www.example.net/x", "password": Secret("a.b")},
    ),
    Host("leaf2", variables={"netloom_address": "2001:db8::1", "services": {"web": ["shop.example.net:8443"]}}),
    Host("fw.example.net", variables={"ansible_host": "{{ mgmt }}", "mgmt": "fw-mgmt.example.net"}),
    Host(
        "odd", variables={"ansible_host": "{{ nowhere }}", "gateway": "192.0.2.254", "bad": "http://169.254.169.254/"}
    ),
)
PERMITS = Permits(HOSTS, Secret)


@pytest.mark.parametrize(
    ("name", "addresses", "good"),
    [
        ("10.0.0.1", ["10.0.0.1"], ["10.0.0.1"]),
        ("2001:db8::1", ["2001:db8:0::1"], ["2001:db8:0::1"]),
        ("unknown.example.net", ["10.0.0.1", "8.8.8.8"], ["10.0.0.1"]),
        ("www.example.net", ["203.0.113.5"], ["203.0.113.5"]),
        ("WWW.example.net.", ["203.0.113.5"], ["203.0.113.5"]),
        ("shop.example.net", ["203.0.113.6", "169.254.169.254"], ["203.0.113.6"]),
        ("fw-mgmt.example.net", ["172.16.0.9"], ["172.16.0.9"]),
        ("::ffff:10.0.0.1", ["::ffff:10.0.0.1"], ["::ffff:10.0.0.1"]),
    ],
)
def test_what_may_be_probed(name: str, addresses: list[str], good: list[str]) -> None:
    assert PERMITS(name, addresses) == good


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("10.0.0.2", ["10.0.0.2"]),
        ("evil.example.org", ["203.0.113.5"]),
        ("www.example.net", ["127.0.0.1"]),
        ("www.example.net", ["::1"]),
        ("www.example.net", ["169.254.1.1"]),
        ("www.example.net", ["fe80::1%eth0"]),
        ("www.example.net", ["fd00:ec2::254"]),
        ("www.example.net", ["::ffff:169.254.169.254"]),
        ("www.example.net", ["100.100.100.200"]),
        ("www.example.net", ["0.0.0.0"]),  # noqa: S104 - nothing is bound
        ("www.example.net", ["224.0.0.1"]),
        ("169.254.169.254", ["169.254.169.254"]),
        ("192.0.2.254", ["192.0.2.254"]),
        ("a.b", ["203.0.113.5"]),
        ("www.example.net", []),
    ],
)
def test_what_may_not(name: str, addresses: list[str]) -> None:
    with pytest.raises(Unsupported, match="may not be probed"):
        PERMITS(name, addresses)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6), st.sampled_from(["www.example.net", "x.example.org", "leaf1"]))
def test_no_link_local_address_is_ever_probed(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, name: str
) -> None:
    try:
        (good,) = PERMITS(name, [str(address)])
    except NetloomError:
        return
    found = ipaddress.ip_address(good)
    assert not found.is_link_local
    assert not found.is_multicast
    assert not found.is_loopback


async def test_a_name_that_changes_its_mind_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first answer may be probed, the second is what the attacker wants."""
    loop = asyncio.get_running_loop()
    answers = iter(["127.0.0.1", "127.0.0.2", "169.254.169.254"])
    asked = []

    async def resolved(host: str, port: int, **_: Any) -> list[Any]:
        address = next(answers)
        asked.append(address)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    site = Site({"/": (302, {"Location": "/again"}, b""), "/again": (200, {}, b"secret")})
    async with serving(site.talk) as port:
        monkeypatch.setattr(loop, "getaddrinfo", resolved)
        module = Module(prober="http", http=HttpOptions(status=("302",)))
        found = await looked(module, f"http://rebind.example.org:{port}/")
        assert (found.reason, found.address, asked) == (None, "127.0.0.1", ["127.0.0.1"])
        following = Module(prober="http", http=HttpOptions(follow_redirects=True))
        found = await looked(following, f"http://rebind.example.org:{port}/", HERE)
        assert "stands for 127.0.0.2, which may not be probed" in str(found.reason)
        assert len(site.heads) == 1
        found = await looked(Module(prober="tcp"), f"rebind.example.org:{port}")
        assert "169.254.169.254" in str(found.reason)
