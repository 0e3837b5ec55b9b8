"""A probe: what one look at a service from outside found, in blackbox_exporter's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netloom.model.noun import Record
from netloom.model.stream import Stream
from netloom.model.text import Address
from netloom.model.width import U8, U16, Count, Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe(Record):
    """One look; None is what this kind of probe does not tell. The host it belongs to stands beside it."""

    timestamp_ns: Nanoseconds
    """When it began, in nanoseconds since 1970."""
    module: str
    """The settings' name for what was done: http, icmp, smtp_starttls."""
    prober: str
    """icmp, tcp, http, dns, tls, smtp, ntp or crawl."""
    target: str
    """What was asked for: an address, a name, a URL."""
    address: Address | None = None
    """The address that was used."""
    probe_success: bool
    """Whether all was as expected."""
    reason: str | None = None
    """Why not."""
    probe_duration_seconds: float
    """From the beginning to the verdict."""
    probe_ip_protocol: U8 | None = None
    """4 or 6."""
    probe_dns_lookup_time_seconds: float | None = None
    """To resolve the target's name."""
    probe_icmp_duration_seconds: float | None = None
    """The mean round trip."""
    probe_icmp_jitter_seconds: float | None = None
    """The mean difference of round trips that follow one another."""
    probe_icmp_loss_percent: float | None = None
    """Of the packets sent."""
    probe_icmp_reply_hop_limit: U8 | None = None
    """The reply's TTL, where the system tells it."""
    probe_http_status_code: U16 | None = None
    """The last answer's."""
    probe_http_version: float | None = None
    """1.0 or 1.1."""
    probe_http_ssl: bool | None = None
    """Whether the last answer came over TLS."""
    probe_http_redirects: U16 | None = None
    """How many were followed."""
    probe_http_content_length: Count | None = None
    """The body's size as the server told it."""
    probe_http_uncompressed_body_length: Count | None = None
    """The body's size as it is read."""
    probe_http_duration_seconds: Mapping[str, float] | None = None
    """By phase: resolve, connect, tls, processing, transfer; those of redirects are added."""
    probe_failed_due_to_regex: bool | None = None
    """Whether an expression decided that it failed."""
    probe_ssl_earliest_cert_expiry: Nanoseconds | None = None
    """When the first of the certificates expires, in nanoseconds since 1970."""
    probe_ssl_days_left: float | None = None
    """Until then."""
    probe_tls_version_info: str | None = None
    """TLS 1.3."""
    probe_tls_cipher_info: str | None = None
    """As OpenSSL calls it."""
    probe_ssl_certificate: Mapping[str, str] | None = None
    """The server's own: subject, issuer, serial_number, fingerprint_sha256, subject_alternative_names."""
    probe_dns_rcode: str | None = None
    """NOERROR, NXDOMAIN, …"""
    probe_dns_answer_rrs: U16 | None = None
    """Records in the answer section."""
    probe_dns_authority_rrs: U16 | None = None
    """Records in the authority section."""
    probe_dns_additional_rrs: U16 | None = None
    """Records in the additional section."""
    probe_dns_serial: int | None = None
    """The zone's serial number, where its SOA was asked for."""
    probe_smtp_status_code: U16 | None = None
    """The last reply's."""
    probe_ntp_offset_seconds: float | None = None
    """How far the server's clock is ahead of ours."""
    probe_ntp_delay_seconds: float | None = None
    """The round trip without the server's own time."""
    probe_ntp_stratum: U8 | None = None
    """1 has a reference clock itself, 16 is not synchronized."""
    probe_ntp_root_dispersion_seconds: float | None = None
    """How far the server's own clock may be off."""
    probe_crawl_pages: U16 | None = None
    """Pages looked at."""
    probe_crawl_links: U16 | None = None
    """Different links tried."""
    probe_crawl_broken: tuple[str, ...] | None = None
    """Those that lead nowhere: `URL (from URL): status`."""


STREAM = Stream("probe", "probes", Probe, "timestamp_ns")
"""Probes."""
