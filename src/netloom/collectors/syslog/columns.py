"""Rows of syslog messages to columns of the stream `log`, without a record for each; the same as `decode`'s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from netloom.codecs.syslog import FACILITIES, SEVERITIES
from netloom.collectors.syslog.rows import AnyRow, Row

_FACILITY_NAMES = pa.array(FACILITIES)
_SEVERITY_NAMES = pa.array(SEVERITIES)
_DATA = pa.map_(pa.string(), pa.string())
_MOMENT = pa.timestamp("us", tz="UTC")
_NANOSECONDS = pa.timestamp("ns")


def log_columns(
    rows: Sequence[AnyRow], texts: Sequence[str], sources: Sequence[str | None], received_ns: Sequence[int]
) -> dict[str, Any]:
    """The columns of some messages, at least one: what they say, all of it as it came, from whom, when."""
    said = Row._make(zip(*rows, strict=True))
    originals = [None if text == message else text for text, message in zip(texts, said.message, strict=True)]
    return {
        "time_received_ns": pa.array(received_ns, pa.int64()).cast(_NANOSECONDS),
        "timestamp": pa.array(said.moment_us, pa.int64()).cast(_MOMENT),
        "clock_synchronized": pa.array(said.synchronized, pa.bool_()),
        "source_address": pa.array(sources, pa.string()),
        "device_part": pa.array(said.part, pa.string()),
        "message": pa.array(said.message, pa.string()),
        "log": _struct({"syslog": _header(said, len(rows))}),
        "event": _struct(
            {
                "code": pa.array(said.code, pa.string()),
                "sequence": pa.array(said.sequence, pa.int64()),
                "original": pa.array(originals, pa.string()),
            }
        ),
    }


def _header(said: Any, size: int) -> Any:
    priority = pa.array(said.priority, pa.int64())
    absent = np.asarray(priority.is_null())
    numbers = np.asarray(priority.fill_null(0))
    severity, unsaid = numbers & 7, absent
    if absent.any():
        own = pa.array(said.severity, pa.int64())
        unsaid = absent & np.asarray(own.is_null())
        severity = np.where(absent, np.asarray(own.fill_null(0)), severity)
    members = {
        "facility": _coded(numbers >> 3, _FACILITY_NAMES, absent),
        "severity": _coded(severity, _SEVERITY_NAMES, unsaid),
        "priority": priority,
    }
    words = {
        "version": said.version,
        "hostname": said.host,
        "appname": said.app,
        "procid": said.process,
        "msgid": said.msgid,
    }
    members |= {name: pa.array(values, pa.string()) for name, values in words.items()}
    members["structured_data"] = pa.array(said.data, _DATA) if any(said.data) else pa.nulls(size, _DATA)
    return _struct(members)


def _coded(numbers: Any, names: Any, absent: Any) -> Any:
    codes = pa.array(numbers, mask=absent)
    return _struct({"code": codes, "name": names.take(codes)}, absent)


def _struct(members: Mapping[str, Any], absent: Any = None) -> Any:
    mask = None if absent is None else pa.array(absent)
    return pa.StructArray.from_arrays(list(members.values()), names=list(members), mask=mask)
