"""HTTP/1.1 from the client's side (RFC 9112): requests as bytes, and an answer out of a byte stream.

Law: how long an answer is, is told by one field only: one that tells it twice, in two ways, is refused (section 6.3),
and what stands behind an answer belongs to none, so that the connection is not used again.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from netloom.errors import CodecError

HEAD_LIMIT = 1 << 16
_STATUS = re.compile(rb"HTTP/1\.(?P<minor>[01]) (?P<status>[1-5][0-9]{2})(?: [^\r\n]*)?")
_FIELDS = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[^\r\n\0]*+(?:\r\n|\Z))*+")
_SIZE = re.compile(rb"(?P<size>[0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")
_LENGTH = re.compile(r"[0-9]{1,12}")
_EITHER = zlib.MAX_WBITS | 32
"""Takes gzip's header and zlib's."""


class HttpError(CodecError):
    """The server's bytes are no answer."""


class TooLarge(HttpError):
    """The answer is longer than the caller takes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer."""

    status: int
    fields: Mapping[str, str]
    """By their names in small letters; of one that comes several times, the last."""
    cookies: Mapping[str, str]
    """Name → value, as the server wants them back; an empty one is to be forgotten."""
    body: bytes
    lasting: bool
    """The connection may carry another request."""


def request(method: str, path: str, fields: Mapping[str, str], body: bytes) -> bytes:
    """A request; raises ValueError where a field would begin another line."""
    lines = [f"{method} {path} HTTP/1.1", *[f"{name}: {value}" for name, value in fields.items()]]
    head = "\r\n".join((*lines, f"Content-Length: {len(body)}", "", ""))
    breaks = len(lines) + 2
    if head.count("\n") != breaks or head.count("\r") != breaks or "\0" in head:
        raise ValueError("expected fields of one line each, got one of several")
    return head.encode("latin-1") + body


class AnswerReader:
    """Reads one answer; `answer` is there when it is whole."""

    def __init__(self, limit: int, *, bodiless: bool = False) -> None:
        self._limit = limit
        self._bodiless = bodiless
        """The request was HEAD: whatever the fields say, no body comes (section 6.3)."""
        self._data = bytearray()
        self._searched = 0
        self._head: tuple[bool, int] | None = None
        self._fields: dict[str, str] = {}
        self._cookies: dict[str, str] = {}
        self._body = bytearray()
        self._left: int | None = None
        """Of the body, or of the chunk that has begun; None where only the connection's end tells."""
        self._chunked = False
        self.answer: Answer | None = None

    def feed(self, data: bytes) -> None:
        """Bytes came; raises HttpError."""
        self._data += data
        while self._head is None:
            if not self._read_head():
                return
        if self.answer is None:
            if self._chunked:
                self._read_chunks()
            else:
                self._read_body()

    def end(self) -> None:
        """The connection has ended; raises HttpError where that is too early."""
        if self.answer is None and self._head is not None and self._left is None and not self._chunked:
            self._done(lasting=False)
        if self.answer is None:
            raise HttpError("expected a whole answer, got the connection's end")

    def _read_head(self) -> bool:
        end = self._data.find(b"\r\n\r\n", max(0, self._searched - 3))
        self._searched = len(self._data)
        if end > HEAD_LIMIT or (end < 0 and len(self._data) > HEAD_LIMIT):
            raise HttpError(f"expected an answer's head of at most {HEAD_LIMIT} bytes")
        if end < 0:
            return False
        first, _, fields = bytes(self._data[:end]).partition(b"\r\n")
        del self._data[: end + 4]
        self._searched = 0
        found = _STATUS.fullmatch(first)
        if found is None:
            raise HttpError(f"expected an answer of HTTP/1.1, got {first[:40]!r}")
        status = int(found["status"])
        if status < 200:  # a word in between (RFC 9110, section 15.2)
            return True
        lengths = self._read_fields(fields)
        self._head = found["minor"] == b"1", status
        self._measure(status, lengths)
        return True

    def _read_fields(self, fields: bytes) -> set[str]:
        """Takes in the fields; the lengths that they tell."""
        if not (whole := _FIELDS.match(fields)) or whole.end() != len(fields):
            at = whole.end() if whole else 0
            raise HttpError(f"expected a field, got {fields[at : at + 40]!r}")
        lengths: set[str] = set()
        for line in fields.decode("latin-1").split("\r\n") if fields else ():
            name, _, value = line.partition(":")
            name, value = name.lower(), value.strip(" \t")
            if name == "content-length":
                lengths.add(value)
            elif name == "set-cookie":
                key, _, word = value.partition(";")[0].partition("=")
                self._cookies[key.strip()] = word.strip()
            self._fields[name] = value
        return lengths

    def _measure(self, status: int, lengths: set[str]) -> None:
        """How the body ends (RFC 9112, section 6.3)."""
        coding = self._fields.get("transfer-encoding", "").lower()
        if self._bodiless or status in (204, 304):
            self._left = 0
        elif coding:
            if coding != "chunked" or lengths:
                raise HttpError(f"expected chunks or a length, got {coding} and {len(lengths)} lengths")
            self._chunked, self._left = True, 0
        elif lengths:
            (length, *others) = lengths
            if others or not _LENGTH.fullmatch(length):
                raise HttpError(f"expected one length, got {', '.join(lengths)[:40]!r}")
            self._left = int(length)
            self._check(self._left)

    def _read_body(self) -> None:
        if self._left is None:
            self._body += self._data
            self._data.clear()
            self._check(len(self._body))
        elif len(self._data) >= self._left:
            self._body = self._data[: self._left]
            del self._data[: self._left]
            self._done(lasting=True)

    def _read_chunks(self) -> None:
        """Each chunk is its size in a line, its bytes and a line's end; the last has none, and trailers behind it."""
        data = self._data
        while True:
            if self._left:
                part = data[: self._left]
                self._body += part
                self._left -= len(part)
                del data[: len(part)]
                if self._left:
                    return
            if self._body and data[:2] != b"\r\n"[: len(data)]:
                raise HttpError(f"expected a chunk's end, got {bytes(data[:10])!r}")
            start = 2 if self._body else 0
            end = data.find(b"\r\n", start)
            if end < 0:
                self._check_line(len(data))
                return
            found = _SIZE.fullmatch(bytes(data[start:end]))
            if found is None:
                raise HttpError(f"expected a chunk's size, got {bytes(data[start:end])[:40]!r}")
            size = int(found["size"], 16)
            if size == 0:
                self._read_trailers(end)
                return
            self._check(len(self._body) + size)
            del data[: end + 2]
            self._left = size

    def _read_trailers(self, end: int) -> None:
        """What stands behind the last chunk's line, which ends at `end`: fields that nobody needs, an empty line."""
        over = end + 2 if self._data[end + 2 : end + 4] == b"\r\n" else self._data.find(b"\r\n\r\n", end)
        if over < 0:
            self._check_line(len(self._data) - end)
            return
        del self._data[: over + (2 if over == end + 2 else 4)]
        self._done(lasting=True)

    def _check_line(self, length: int) -> None:
        if length > HEAD_LIMIT:
            raise HttpError(f"expected a line of at most {HEAD_LIMIT} bytes")

    def _check(self, length: int) -> None:
        if length > self._limit:
            raise TooLarge(f"expected at most {self._limit} bytes, got {length}")

    def _done(self, *, lasting: bool) -> None:
        assert self._head is not None  # noqa: S101 - the callers looked
        newer, status = self._head
        wish = self._fields.get("connection", "" if newer else "close").lower()
        lasting = lasting and "close" not in wish and not self._data
        self.answer = Answer(status, self._fields, self._cookies, self._decoded(), lasting)

    def _decoded(self) -> bytes:
        coding = self._fields.get("content-encoding", "identity").lower()
        if coding == "identity" or not self._body:
            return bytes(self._body)
        if coding not in ("gzip", "x-gzip", "deflate"):
            raise HttpError(f"expected gzip or nothing of the kind, got {coding}")
        try:
            inflating = zlib.decompressobj(_EITHER)
            body = inflating.decompress(bytes(self._body), self._limit + 1)
        except zlib.error as exc:
            raise HttpError(f"expected {coding}, got {exc}") from exc
        self._check(len(body))
        if not inflating.eof:
            raise HttpError(f"expected all of the {coding}, got a part")
        return body
