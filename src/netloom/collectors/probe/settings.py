"""What people set for probes: `collectors: {probe: {…}}` in netloom.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Prober = Literal["icmp", "tcp", "http", "dns", "tls", "smtp", "ntp", "crawl"]
_STATUS = re.compile(r"[1-5](?:xx|[0-9]{2}(?:-[1-5][0-9]{2})?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsOptions:
    """How far a server's certificate is trusted."""

    verify: bool = True
    """Hold the certificate to its authority and its name."""
    ca: str = ""
    """A file of authorities; empty is the system's."""
    server_name: str = ""
    """Whom the certificate must be of; empty is the target's name."""
    min_days: float = 0.0
    """Fail where a certificate of the chain expires sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IcmpOptions:
    """Echo requests."""

    count: int = 3
    """Packets a look."""
    pause_s: float = 0.2
    """Between them."""
    size: int = 56
    """Bytes behind the header."""
    max_loss_percent: float = 50.0
    """Fail where more are lost."""

    def __post_init__(self) -> None:
        """Keep it harmless; raises ValueError."""
        if not 1 <= self.count <= 100:
            raise ValueError(f"count: expected 1 to 100, got {self.count}")
        if not 16 <= self.size <= 8000:
            raise ValueError(f"size: expected 16 to 8000, got {self.size}")
        if self.pause_s < 0.01:
            raise ValueError(f"pause_s: expected at least 0.01, got {self.pause_s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One turn of a dialogue: what must come, what is said, whether TLS begins then."""

    expect: str = ""
    """An expression that a line must match (RE2); named groups can be said: {name}."""
    send: str = ""
    """A line to send."""
    starttls: bool = False
    """Begin TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpOptions:
    """A connection, and perhaps a dialogue."""

    tls: bool = False
    """TLS from the first byte."""
    dialogue: tuple[Step, ...] = ()
    """Turns, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    """A request, and what its answer must be."""

    method: Literal["GET", "HEAD", "POST", "PUT", "OPTIONS"] = "GET"
    """The request's."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of the request."""
    body: str = ""
    """Of the request."""
    status: tuple[str, ...] = ("2xx",)
    """Good ones: 200, 2xx, 200-299."""
    fail_if_body_matches: tuple[str, ...] = ()
    """Expressions (RE2) that must not be found in the body."""
    fail_if_body_not_matches: tuple[str, ...] = ()
    """Expressions (RE2) that must be found in the body."""
    fail_if_header_matches: Mapping[str, str] = field(default_factory=dict)
    """Header → an expression that must not be found in it."""
    fail_if_header_not_matches: Mapping[str, str] = field(default_factory=dict)
    """Header → an expression that must be found in it."""
    fail_if_ssl: bool = False
    """TLS is wrong here."""
    fail_if_not_ssl: bool = False
    """No TLS is wrong here."""
    follow_redirects: bool = False
    """Go where the server sends us, where that is allowed, too."""
    max_redirects: int = 5
    """Of a look."""
    username: str = ""
    """For basic authentication."""
    password: str = ""
    """A secret's reference."""
    bearer_token: str = ""
    """A secret's reference."""
    max_body_bytes: int = 1 << 20
    """A longer body is a failure."""

    def __post_init__(self) -> None:
        """Hold the words to their forms; raises ValueError."""
        for each in self.status:
            if not _STATUS.fullmatch(each):
                raise ValueError(f"status: expected such as 200, 2xx or 200-299, got {each!r}")
        if (self.password or self.username) and self.bearer_token:
            raise ValueError("bearer_token: expected a user and a password, or a token")


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsOptions:
    """A question to a name server."""

    name: str = "."
    """What is asked for."""
    type: str = "SOA"
    """The record's type."""
    tcp: bool = False
    """Ask over TCP; over UDP a truncated answer is asked for again over TCP."""
    recursion: bool = True
    """Ask the server to ask others."""
    rcodes: tuple[str, ...] = ("NOERROR",)
    """Good answers: NOERROR, NXDOMAIN, …"""
    fail_if_answer_matches: tuple[str, ...] = ()
    """Expressions (RE2) that no record of the answer may match: `example.net. 300 IN A 192.0.2.1`."""
    fail_if_answer_not_matches: tuple[str, ...] = ()
    """Expressions (RE2) each of which a record of the answer must match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpOptions:
    """A greeting, EHLO, and perhaps STARTTLS; no mail."""

    starttls: bool = False
    """Begin TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NtpOptions:
    """A question for the time."""

    max_offset_s: float = 1.0
    """Fail where the clocks are further apart."""
    max_stratum: int = 15
    """Fail where the server is further from a reference clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """A small walk over a site, in search of links that lead nowhere; other hosts are left alone."""

    max_pages: int = 30
    """Pages that are read for links."""
    max_links: int = 200
    """Links that are tried."""
    max_depth: int = 3
    """Clicks from the first page."""
    pause_s: float = 0.05
    """Between requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One way to look at a service."""

    prober: Prober
    """icmp, tcp, http, dns, tls, smtp, ntp or crawl."""
    timeout_s: float = 10.0
    """For all of a look."""
    port: int = 0
    """Where the target does not say; 0 is the service's own."""
    ip: Literal["any", "4", "6"] = "any"
    """Addresses of this version only; any takes the resolver's first."""
    tls: TlsOptions = TlsOptions()
    """For whatever speaks TLS."""
    icmp: IcmpOptions = IcmpOptions()
    """Of the prober icmp."""
    tcp: TcpOptions = TcpOptions()
    """Of the prober tcp."""
    http: HttpOptions = HttpOptions()
    """Of the probers http and crawl."""
    dns: DnsOptions = DnsOptions()
    """Of the prober dns."""
    smtp: SmtpOptions = SmtpOptions()
    """Of the prober smtp."""
    ntp: NtpOptions = NtpOptions()
    """Of the prober ntp."""
    crawl: CrawlOptions = CrawlOptions()
    """Of the prober crawl."""

    def __post_init__(self) -> None:
        """Hold the numbers to what they can be; raises ValueError."""
        if not 0 < self.timeout_s <= 600:
            raise ValueError(f"timeout_s: expected at most 600, got {self.timeout_s}")
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port: expected at most 65535, got {self.port}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is looked at, how, and how often."""

    hosts: str = "all"
    """An Ansible host pattern."""
    module: tuple[str, ...] = ("icmp",)
    """Names of modules."""
    target: str = ""
    """Empty is the host's address, `:8443/health` a port and a path there; else a text with variables: `{{ site }}`."""
    interval_s: float = 60.0
    """Between two looks."""

    def __post_init__(self) -> None:
        """Keep it harmless; raises ValueError."""
        if self.interval_s < 1:
            raise ValueError(f"interval_s: expected at least 1, got {self.interval_s}")


BUILT_IN: Mapping[str, Module] = MappingProxyType(
    {
        "icmp": Module(prober="icmp"),
        "tcp": Module(prober="tcp"),
        "http": Module(prober="http"),
        "dns": Module(prober="dns"),
        "tls": Module(prober="tls"),
        "smtp": Module(prober="smtp"),
        "smtp_starttls": Module(prober="smtp", smtp=SmtpOptions(starttls=True)),
        "ntp": Module(prober="ntp"),
        "crawl": Module(prober="crawl", timeout_s=60.0),
        "ssh_banner": Module(prober="tcp", port=22, tcp=TcpOptions(dialogue=(Step(expect="^SSH-2.0-"),))),
        "pop3s": Module(prober="tcp", port=995, tcp=TcpOptions(tls=True, dialogue=(Step(expect=r"^\+OK"),))),
        "imap_starttls": Module(
            prober="tcp",
            port=143,
            tcp=TcpOptions(
                dialogue=(
                    Step(expect="OK.*STARTTLS"),
                    Step(send=". STARTTLS"),
                    Step(expect="OK"),
                    Step(starttls=True),
                    Step(send=". CAPABILITY"),
                    Step(expect="CAPABILITY IMAP4rev1"),
                )
            ),
        ),
    }
)
"""Modules that need not be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """Looking at services of the inventory's devices."""

    modules: Mapping[str, Module] = field(default_factory=dict)
    """Beside the built-in ones, or in their place."""
    targets: tuple[Target, ...] = (Target(),)
    """What is looked at; without any, every device is pinged once a minute."""
    concurrent: int = 100
    """Looks at once."""
    flush_s: float = 1.0
    """So often rows are made durable."""
    max_waiting: int = 100_000
    """Rows that wait for a store that cannot be written."""

    def __post_init__(self) -> None:
        """Hold targets to modules; raises ValueError."""
        known = {**BUILT_IN, **self.modules}
        for target in self.targets:
            for name in target.module:
                if name not in known:
                    raise ValueError(f"targets: expected modules among {', '.join(known)}, got {name!r}")
        if self.concurrent < 1:
            raise ValueError(f"concurrent: expected at least 1, got {self.concurrent}")

    def module(self, name: str) -> Module | None:
        """A module by its name."""
        return self.modules.get(name) or BUILT_IN.get(name)


SETTINGS = ProbeSettings
