"""Live captures on the loopback: what passes is seen, with its time, and what is not permitted is said."""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.command import EXECUTABLE

from netloom.codecs.packet import dissect
from netloom.codecs.pcap import ETHERNET, Frame
from netloom.errors import UsageError
from netloom.transports.capture import Capture


@pytest.fixture
def capture() -> Iterator[Capture]:
    try:
        opened = Capture("lo")
    except UsageError as exc:
        pytest.skip(str(exc))
    with opened:
        yield opened


def said(text: bytes) -> tuple[int, int]:
    """The ports of one datagram with this text, sent to nobody's harm over the loopback."""
    with (
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as far,
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as near,
    ):
        far.bind(("127.0.0.1", 0))
        near.bind(("127.0.0.1", 0))
        near.sendto(text, far.getsockname())
        return near.getsockname()[1], far.getsockname()[1]


def found(capture: Capture, text: bytes) -> Frame:
    return next(frame for frame in capture.frames(10) if frame.data.endswith(text))


def test_a_frame_is_seen_as_it_passed(capture: Capture) -> None:
    text = f"<13>netloom {os.getpid()}".encode()
    before = time.time_ns()
    ports = said(text)
    frame = found(capture, text)
    packet = dissect(frame.data, frame.link_type)
    assert frame.link_type == ETHERNET
    assert (packet.src_port, packet.dst_port) == ports
    assert packet.payload == text
    assert frame.length == len(frame.data)
    assert before - 10**9 <= frame.time_ns <= time.time_ns()
    assert frame.interface == "lo"


def test_a_capture_ends_by_itself(capture: Capture) -> None:
    assert all(frame.data for frame in capture.frames(0.2))


@pytest.mark.parametrize("name", ["nosuch0", "../net/lo", ""])
def test_an_interface_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(UsageError, match="there are"):
        Capture(name)


@pytest.mark.usefixtures("capture")
def test_the_command_prints_what_passes_until_it_is_interrupted() -> None:
    argv = [EXECUTABLE, "pcap", "--interface", "lo", "--format", "ndjson", "--records", "log"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0) as process:
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        text, heard = f"capture {os.getpid()}", b""
        deadline = time.monotonic() + 30
        while text.encode() not in heard and time.monotonic() < deadline:
            said(f"<13>Nov 20 10:00:00 r1 app: {text}".encode())  # until it listens
            select.select([process.stdout], [], [], 0.05)
            heard += process.stdout.read(1 << 16) or b""
        process.send_signal(2)
        process.wait(20)
    record = next(json.loads(line) for line in heard.splitlines() if text.encode() in line)
    assert record["record"] == "log"
    assert record["message"] == text
    assert process.returncode == 0


def test_a_user_without_the_right_is_told_what_it_takes() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become nobody")
    script = (
        "import os\nfrom netloom.errors import UsageError\nfrom netloom.transports.capture import Capture\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try:\n    Capture('lo')\nexcept UsageError as exc:\n    print(exc)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "CAP_NET_RAW" in done.stdout, done.stderr
