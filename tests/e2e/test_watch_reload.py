"""A watch follows what is written, keeps what was in force where that is wrong, and ends in peace on Ctrl-C."""

from __future__ import annotations

import signal
import subprocess

from tests.command import CommandLine

FIRST = 'collectors:\n  syslog: {listen: ["udp://127.0.0.1:0"]}\nwatch_listen: ""\n'
SECOND = FIRST.replace("watch_listen", '  trap: {listen: ["udp://127.0.0.1:0"]}\nwatch_listen')
WRONG = FIRST.replace("syslog", "sylog")


def hear(process: subprocess.Popen[str], words: str) -> str:
    """The line that holds these words, once it is said."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"the watch ended before it said {words!r}")


def test_what_is_written_is_followed_and_what_is_wrong_is_not(cli: CommandLine) -> None:
    cli.write({"netloom.yml": FIRST})
    with cli.start("watch") as process:
        try:
            hear(process, "syslog runs on udp://127.0.0.1:")
            cli.write({"netloom.yml": SECOND})
            process.send_signal(signal.SIGHUP)
            hear(process, "trap runs on udp://127.0.0.1:")
            cli.write({"netloom.yml": WRONG})
            process.send_signal(signal.SIGHUP)
            assert 'did you mean "syslog"?' in hear(process, "not reloaded: ")
            states = {row["collector"]: row["state"] for row in cli("status", "-f", "json").rows()}
            assert states["syslog"] == states["trap"] == "running"
            cli.write({"netloom.yml": FIRST})
            hear(process, "settings and inventory taken over")  # seen without being told
            process.send_signal(signal.SIGINT)
            hear(process, "syslog: received 0, stored 0")
            assert process.wait(30) == 0
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=30)
    assert [row["state"] for row in cli("status", "-f", "json", expect=1).rows()] == ["stopped", "stopped"]
