"""Answers of HTTP/1.1 out of a byte stream, however it is cut, and what is none."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.codecs.http1 import HEAD_LIMIT, Answer, AnswerReader, HttpError, TooLarge, request

LIMIT = 1000


def answer(data: bytes, *, limit: int = LIMIT, over: bool = False) -> Answer | None:
    """What a reader makes of these bytes, and of the connection's end behind them."""
    reader = AnswerReader(limit)
    reader.feed(data)
    if over:
        reader.end()
    return reader.answer


def ok(body: bytes, *fields: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *fields, "", "")).encode() + body


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "body", "lasting"),
    [
        (ok(b"{}"), b"{}", True),
        (ok(b""), b"", True),
        (ok(b"{}", "Connection: close"), b"{}", False),
        (ok(b"{}") + b"stray", b"{}", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"{}", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}", b"{}", True),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", b"{}", True),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + ok(b"{}"), b"{}", True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
        (CHUNKED + b"0\r\n\r\n", b"", True),
        (CHUNKED + b"2\r\n{}\r\n0\r\n\r\n", b"{}", True),
        (CHUNKED + b"1;name=value\r\n{\r\n0001\r\n}\r\n0\r\nX: y\r\n\r\n", b"{}", True),
        (ok(gzip.compress(b"{}", mtime=0), "Content-Encoding: gzip"), b"{}", True),
        (ok(zlib.compress(b"{}"), "Content-Encoding: deflate"), b"{}", True),
    ],
)
def test_the_forms_of_an_answer(data: bytes, body: bytes, lasting: bool) -> None:
    found = answer(data)
    assert found is not None
    assert (found.body, found.lasting) == (body, lasting)
    reader = AnswerReader(LIMIT)
    for octet in data:
        if reader.answer is None:
            reader.feed(bytes([octet]))
    assert reader.answer is not None
    assert reader.answer.body == body


def test_fields_and_cookies() -> None:
    found = answer(ok(b"", "LOCATION:  /there ", "Set-Cookie: nxapi_auth=abc; Secure", "Set-Cookie: old=; Max-Age=0"))
    assert found is not None
    assert (found.status, found.fields["location"]) == (200, "/there")
    assert found.cookies == {"nxapi_auth": "abc", "old": ""}


def test_to_head_there_is_no_body_whatever_the_length_says() -> None:
    reader = AnswerReader(1 << 20, bodiless=True)
    reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    assert reader.answer is not None
    assert (reader.answer.body, reader.answer.fields["content-length"]) == (b"", "5000")


def test_without_a_length_the_connections_end_is_the_answers() -> None:
    begun = b"HTTP/1.1 200 OK\r\n\r\nall of it"
    assert answer(begun) is None
    found = answer(begun, over=True)
    assert found is not None
    assert (found.body, found.lasting) == (b"all of it", False)


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\n", ok(b"{}")[:-1], CHUNKED + b"2\r\n{}\r\n"])
def test_an_end_that_comes_too_early_is_no_answer(data: bytes) -> None:
    with pytest.raises(HttpError, match="connection's end"):
        answer(data, over=True)


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno field\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        CHUNKED + b"zz\r\n",
        CHUNKED + b"2\r\n{}{}",
        CHUNKED + b"-1\r\n",
        b"x" * (HEAD_LIMIT + 1),
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * HEAD_LIMIT + b"\r\n\r\n",
        CHUNKED + b"1" * (HEAD_LIMIT + 1),
        ok(b"not gzip", "Content-Encoding: gzip"),
        ok(gzip.compress(b"x" * 100, mtime=0)[:-9], "Content-Encoding: gzip"),
        ok(b"{}", "Content-Encoding: br"),
    ],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(HttpError):
        answer(data)


@pytest.mark.parametrize(
    "data",
    [
        ok(b"x" * (LIMIT + 1)),
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LIMIT + 1),
        CHUNKED + b"3e9\r\n",
        CHUNKED + b"3e8\r\n" + b"x" * LIMIT + b"\r\n1\r\n",
        ok(gzip.compress(bytes(1 << 20), mtime=0), "Content-Encoding: gzip"),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_there(data: bytes) -> None:
    with pytest.raises(TooLarge):
        answer(data, limit=LIMIT)


def test_a_request_is_one_head_and_its_body() -> None:
    assert request("POST", "/ins", {"Host": "sw1", "Cookie": "a=b"}, b"{}") == (
        b"POST /ins HTTP/1.1\r\nHost: sw1\r\nCookie: a=b\r\nContent-Length: 2\r\n\r\n{}"
    )
    for path, value in (("/ins\r\nX: y", "sw1"), ("/ins", "sw1\nX: y")):
        with pytest.raises(ValueError, match="one line each"):
            request("POST", path, {"Host": value}, b"")


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=300), sizes=st.lists(st.integers(1, 50), min_size=1), cut=st.integers(1, 40))
def test_no_cut_matters(body: bytes, sizes: list[int], cut: int) -> None:
    chunks, at = b"", 0
    while at < len(body):
        part = body[at : at + sizes[at % len(sizes)]]
        chunks, at = chunks + b"%x\r\n%b\r\n" % (len(part), part), at + len(part)
    for data in (ok(body), CHUNKED + chunks + b"0\r\n\r\n"):
        reader = AnswerReader(LIMIT)
        for place in range(0, len(data), cut):
            assert reader.answer is None
            reader.feed(data[place : place + cut])
        assert reader.answer is not None
        assert reader.answer.body == body
        assert reader.answer.lasting


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=200), head=st.sampled_from([b"", CHUNKED, b"HTTP/1.1 200 OK\r\n"]))
def test_noise_is_refused_or_waited_for(data: bytes, head: bytes) -> None:
    with suppress(HttpError):
        reader = AnswerReader(LIMIT)
        reader.feed(head + data)
        reader.end()
