"""Others' captures by columns: the same rows as one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.collectors.flow.flow_rows import Sent, both
from tests.collectors.flow.flow_samples import SAMPLES, datagrams, parameters, sample_files

from netloom.codecs.netflow import VERSIONS

CAPTURES = [path for kind in ("*.pcap", "*.pcapng") for path in sample_files(f"**/{kind}")]
LONGEST = 3000
"""Datagrams of one capture that are read: the largest have many thousands of the same form."""


def flows(capture: Path) -> list[Sent]:
    try:
        found = [(source, data) for source, _, data in datagrams(capture) if int.from_bytes(data[:2]) in VERSIONS]
    except Exception as exc:  # noqa: BLE001 - captures of other protocols, which other tests read
        pytest.skip(f"not read: {exc!r}")
    return found[:LONGEST]


@pytest.mark.samples
@pytest.mark.parametrize("capture", parameters(CAPTURES))
@pytest.mark.parametrize("spare", [False, True])
def test_captures_read_by_columns_are_the_same(capture: Path, spare: bool) -> None:
    sent = flows(capture)
    if not sent:
        pytest.skip("no NetFlow or IPFIX in it")
    half = len(sent) // 2
    both(spare=spare).check([sent[:half], sent[half:]] if half else [sent])


@pytest.mark.samples
@pytest.mark.parametrize("spare", [False, True])
def test_single_datagrams_read_by_columns_are_the_same(spare: bool) -> None:
    files = [path for path in sorted(SAMPLES.glob("logstash*/**/*")) if path.is_file()]
    sent = [("192.0.2.1", data) for path in files if int.from_bytes((data := path.read_bytes())[:2]) in VERSIONS]
    if not sent:
        pytest.skip("no samples beside the checkout")
    both(spare=spare).check([[each for each in sent if len(each[1]) < 65_000]])
