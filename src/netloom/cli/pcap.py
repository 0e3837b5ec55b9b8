"""`netloom pcap`: what a capture tells."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netloom.cli.output import Format, as_text, plain, stdout, visible, write_rows
from netloom.errors import UsageError

if TYPE_CHECKING:
    from rich.tree import Tree

    from netloom.collectors.pcap.decode import CaptureDecoder

SHOWN = 10
"""So many flows, logs and traps in the summary."""


def pcap(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Captures (pcap, pcapng), bare datagrams, or lines of syslog.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", "-f", help="How to write the records; table is a summary.")
    ] = Format.TABLE,
    records: Annotated[
        str | None, typer.Option("--records", "-r", help="Only these kinds, by commas: flow,log,trap,neighbor,…")
    ] = None,
    interface: Annotated[
        str | None, typer.Option("--interface", "-i", help="Capture what passes there, until Ctrl-C or --for.")
    ] = None,
    for_: Annotated[str | None, typer.Option("--for", help="Capture for so long: 30s, 10m.")] = None,
) -> None:
    """Read captures, or an interface: flows, counters, logs, events, traps and neighbors that packets carry."""
    from netloom.app.pcap import captured, decoded, kinds, row
    from netloom.collectors.pcap.decode import CaptureDecoder

    wanted = set(records.split(",")) if records else set(kinds())
    if unknown := sorted(wanted - set(kinds())):
        raise UsageError(f"unknown kind of record {unknown[0]!r}", hint=f"expected some of {', '.join(kinds())}")
    if bool(files) == bool(interface):
        raise UsageError("expected captures, or --interface", hint="as in netloom pcap trace.pcapng")
    decoder = CaptureDecoder()
    pairs = captured(interface, decoder, _seconds(for_)) if interface else decoded(files or [], decoder)
    found = (row(kind, record) for kind, record in pairs if kind in wanted)
    if form is Format.NDJSON:
        for each in found:
            sys.stdout.write(json.dumps(plain(each), ensure_ascii=False) + "\n")
            if interface:
                sys.stdout.flush()
    elif form is Format.TABLE:
        _summary(found, decoder)
    elif form is Format.JUNIT:
        raise UsageError("junit is a format of checks only", hint="use it with netloom verify")
    else:
        rows = list(found)
        columns = list(dict.fromkeys(chain.from_iterable(rows)))
        sys.stdout.write(as_text(rows, form, columns))


def _seconds(text: str | None) -> float | None:
    from netloom.model.when import parse_span

    return None if text is None else parse_span(text).total_seconds()


def _summary(rows: Iterable[dict[str, Any]], decoder: CaptureDecoder) -> None:
    """The protocols as a tree, then what was found, the most telling first; only what is shown is kept."""
    counts: Counter[str] = Counter()
    shown: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _TABLES}
    for each in rows:
        counts[each["record"]] += 1
        kept = shown.get(each["record"], [])
        kept.append(each)
        if len(kept) > SHOWN:
            kept.sort(key=_weight, reverse=True)  # stable: of equal ones the first stay
            kept.pop()
    console = stdout()
    if decoder.tree:
        console.print(_tree(decoder))
    said = ", ".join(f"{count} {kind}" for kind, count in counts.most_common()) or "nothing that netloom decodes"
    console.print(f"\nRecords: {said}")
    for kind, count in decoder.malformed.items():
        if count:
            console.print(f"Malformed {kind}: {count}")
    for what, count in decoder.lost().items():
        if count:
            console.print(f"Lost: {count} {what}")
    flows = decoder.flows.counts
    if flows.malformed or flows.unknown - flows.released:
        console.print(f"Flow sets malformed: {flows.malformed}, without a template: {flows.unknown - flows.released}")
    for kind, (title, columns) in _TABLES.items():
        if shown[kind]:
            more = f" ({SHOWN} of {counts[kind]})" if counts[kind] > SHOWN else ""
            console.print(f"\n{title}{more}")
            found = sorted(shown[kind], key=_weight, reverse=True)
            write_rows([_flat(row) for row in found], form=Format.TABLE, columns=columns, fit=True)


def _weight(row: dict[str, Any]) -> float:
    """What a flow moved, as far as its sampling tells; all others weigh the same."""
    return float((row.get("bytes") or 0) * (row.get("sampling_rate") or 1))


_TABLES = {
    "flow": (
        "Flows, most bytes first",
        ("src_addr", "src_port", "dst_addr", "dst_port", "proto", "bytes", "packets", "sampling_rate"),
    ),
    "neighbor": ("Neighbors", ("protocol", "system_name", "port_id", "chassis_id", "management_addresses")),
    "event": ("Events", ("timestamp", "hostname", "name", "interface", "peer", "state", "reason")),
    "log": ("Logs", ("timestamp", "hostname", "severity", "code", "message")),
    "trap": ("Traps", ("source_address", "trap_name", "trap_oid", "varbinds")),
    "counters": ("Counters", ("sampler_address", "source_index", "structure", "values")),
}


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """With what people look for in a log or a trap brought to the top."""
    if row["record"] == "log":
        syslog = row["log"]["syslog"]
        severity = syslog.get("severity") or {}
        return {**row, **syslog, "severity": severity.get("name"), "code": row["event"].get("code")}
    if row["record"] == "trap":
        told = [f"{each.get('name') or each['oid']}={each.get('value')}" for each in row.get("varbinds", ())]
        return {**row, "varbinds": told}
    return row


def _tree(decoder: CaptureDecoder) -> Tree:
    """Each protocol under the one that carries it, with the packets and bytes of all below."""
    from rich.tree import Tree

    totals: Counter[tuple[str, ...]] = Counter()
    sizes: Counter[tuple[str, ...]] = Counter()
    for path, counts in decoder.tree.items():
        for depth in range(len(path) + 1):
            totals[path[:depth]] += counts.packets
            sizes[path[:depth]] += counts.bytes
    trees: dict[tuple[str, ...], Tree] = {(): Tree(f"{totals[()]} packets, {sizes[()]} bytes")}
    for path in sorted(totals, key=lambda path: (len(path), -totals[path])):
        if path:
            label = f"{visible(path[-1])}: {totals[path]} packets, {sizes[path]} bytes"
            trees[path] = trees[path[:-1]].add(label)
    return trees[()]
