"""Sockets of another network namespace, handed over by its keeper.

A lab's devices live on a management network that the machine's own routing does not know. The lab's keeper lives
there and listens on a Unix socket; it opens a socket and passes it on (SCM_RIGHTS, unix(7)). A socket belongs for
ever to the namespace it was opened in, so the caller connects, binds and sends as if it stood there itself.

The conversation is one packet each way (SOCK_SEQPACKET): a JSON object, and beside the answer the file descriptor.
"""

from __future__ import annotations

import array
import json
import os
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

from netloom.errors import LabError

ANSWER_LIMIT = 1 << 16
PATH_LIMIT = 100
"""A Unix socket's address holds 108 bytes (unix(7)); longer paths are reached through their folder's descriptor."""


def open_socket(path: str, family: int, kind: int, proto: int = 0) -> socket.socket:
    """A new, unconnected, blocking socket in the network that the keeper at `path` stands in; raises LabError."""
    answer, descriptor = ask(path, {"op": "socket", "family": int(family), "kind": int(kind), "proto": proto})
    if descriptor is None:
        raise LabError(f"{path}: the keeper opened no socket: {answer.get('error', 'no reason given')}")
    return socket.socket(family, kind, proto, fileno=descriptor)


def ask(path: str, request: dict[str, Any]) -> tuple[dict[str, Any], int | None]:
    """The keeper's answer, and the file descriptor beside it if there is one; raises LabError."""
    with closing(connect(path)) as conversation:
        try:
            conversation.send(json.dumps(request).encode())
            data, descriptors = _receive(conversation)
        except OSError as exc:
            raise _silent(path, exc) from exc
    if not data:
        raise _silent(path, ConnectionResetError("it closed the conversation"))
    answer: dict[str, Any] = json.loads(data)
    return answer, descriptors[0] if descriptors else None


def connect(path: str) -> socket.socket:
    """A conversation with the keeper at `path`; raises LabError."""
    conversation = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    conversation.settimeout(10)
    try:
        if len(os.fsencode(path)) <= PATH_LIMIT:
            conversation.connect(path)
            return conversation
        folder = os.open(Path(path).parent, os.O_PATH | os.O_DIRECTORY)
        try:
            conversation.connect(f"/proc/self/fd/{folder}/{Path(path).name}")
        finally:
            os.close(folder)
    except OSError as exc:
        conversation.close()
        raise _silent(path, exc) from exc
    return conversation


def _receive(conversation: socket.socket) -> tuple[bytes, list[int]]:
    descriptors = array.array("i")
    data, ancillary, _, _ = conversation.recvmsg(
        ANSWER_LIMIT, socket.CMSG_LEN(4 * descriptors.itemsize), socket.MSG_CMSG_CLOEXEC
    )
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(payload[: len(payload) - len(payload) % descriptors.itemsize])
    return data, list(descriptors)


def _silent(path: str, cause: OSError) -> LabError:
    reason = cause.strerror or str(cause)
    return LabError(f"the lab behind {path} does not answer: {reason}", hint="see `netloom lab inspect`")
