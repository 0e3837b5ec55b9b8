"""Sockets from another network, through a keeper played by the test."""

import array
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from netloom.errors import LabError
from netloom.transports.network import ask, open_socket

Reply = Callable[[dict[str, Any]], tuple[bytes, int | None]]


@contextmanager
def keeper(folder: Path, reply: Reply) -> Iterator[str]:
    """A keeper that answers one request."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    entry = os.open(folder, os.O_PATH)
    listener.bind(f"/proc/self/fd/{entry}/k.sock")
    listener.listen()
    listener.settimeout(5)

    def serve() -> None:
        conversation, _ = listener.accept()
        with conversation:
            data, descriptor = reply(json.loads(conversation.recv(4096)))
            beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))] if descriptor else []
            if data:
                conversation.sendmsg([data], beside)
        if descriptor:
            os.close(descriptor)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield str(folder / "k.sock")
    finally:
        thread.join()
        listener.close()
        os.close(entry)


def opened(request: dict[str, Any]) -> tuple[bytes, int | None]:
    assert request["op"] == "socket"
    return b"{}", socket.socket(request["family"], request["kind"], request["proto"]).detach()


def test_socket_comes_over_blocking_and_closed_to_children(tmp_path: Path) -> None:
    with keeper(tmp_path, opened) as path, open_socket(path, socket.AF_INET6, socket.SOCK_DGRAM) as got:
        assert (got.family, got.type) == (socket.AF_INET6, socket.SOCK_DGRAM)
        assert got.getblocking()
        assert not got.get_inheritable()
        got.bind(("::1", 0))


def test_path_longer_than_an_address_works(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 40)
    folder.mkdir()
    with keeper(folder, opened) as path, open_socket(path, socket.AF_INET, socket.SOCK_STREAM) as got:
        assert len(path) > 160
        assert got.type == socket.SOCK_STREAM


def test_refusal_carries_the_keeper_s_words(tmp_path: Path) -> None:
    with (
        keeper(tmp_path, lambda _: (b'{"error": "Operation not permitted"}', None)) as path,
        pytest.raises(LabError, match="opened no socket: Operation not permitted"),
    ):
        open_socket(path, socket.AF_PACKET, socket.SOCK_RAW)


def test_keeper_that_hangs_up_is_an_error(tmp_path: Path) -> None:
    with keeper(tmp_path, lambda _: (b"", None)) as path, pytest.raises(LabError, match="does not answer"):
        ask(path, {"op": "status"})


def test_missing_keeper_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none.sock", tmp_path / "no" / ("folder" * 30) / "none.sock"):
        with pytest.raises(LabError, match=r"none\.sock does not answer: No such file"):
            open_socket(str(path), socket.AF_INET, socket.SOCK_STREAM)
