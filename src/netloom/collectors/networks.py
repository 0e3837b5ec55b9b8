"""A table of prefixes as people keep it: CSV with the columns prefix, name, country and as_number (or asn)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path

from netloom.collectors.site import Network
from netloom.errors import SourceError

_COLUMNS = {"prefix": "prefix", "name": "name", "country": "country", "as_number": "as_number", "asn": "as_number"}


def read_networks(path: Path, shown: str | None = None) -> tuple[Network, ...]:
    """A file's networks, `shown` is its name in errors; raises SourceError at file:line."""
    file = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise SourceError(f"cannot be read: {exc.strerror or exc}", file=file) from exc
    except UnicodeDecodeError as exc:
        raise SourceError("expected text in UTF-8", file=file) from exc
    return tuple(_networks(text, file))


def _networks(text: str, file: str) -> Iterator[Network]:
    reader = csv.reader(io.StringIO(text), strict=True)
    names: list[str] | None = None
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if not any(row) or row[0].startswith("#"):
                continue
            if names is None:
                names = _header(row, file, reader.line_num)
            elif len(row) != len(names):
                message = f"expected {len(names)} columns, got {len(row)}"
                raise SourceError(message, file=file, line=reader.line_num)
            else:
                yield _network(dict(zip(names, row, strict=True)), file, reader.line_num)
    except csv.Error as exc:
        raise SourceError(f"expected CSV: {exc}", file=file, line=reader.line_num) from exc


def _header(row: list[str], file: str, line: int) -> list[str]:
    names = [_COLUMNS.get(cell.lower(), "") for cell in row]
    if "prefix" not in names or "" in names or len(set(names)) < len(names):
        message = f"expected the columns prefix, name, country, as_number, got {', '.join(row)}"
        raise SourceError(message, file=file, line=line)
    return names


def _network(row: Mapping[str, str], file: str, line: int) -> Network:
    try:
        prefix = str(ip_network(row["prefix"]))
    except ValueError as exc:
        hint = "its bits behind the length are zero"
        raise SourceError(f"expected a prefix, got {row['prefix']!r}", file=file, line=line, hint=hint) from exc
    country = row.get("country") or None
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise SourceError(f"expected a country of two letters, got {country!r}", file=file, line=line)
    number = row.get("as_number", "").upper().removeprefix("AS")
    if number and not (number.isascii() and number.isdigit() and int(number[:11]) < 1 << 32):
        raise SourceError(f"expected an AS number, got {row['as_number']!r}", file=file, line=line)
    return Network(prefix, row.get("name") or None, country and country.upper(), int(number) if number else None)
