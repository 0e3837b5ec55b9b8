"""The dead-man timer's scripts, run by a real shell over a device that is a text file."""

from __future__ import annotations

import shlex
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from netloom.model.config import Line
from netloom.platforms.contract import GuardStatus
from netloom.platforms.deadman import DeadManTimer

BASE = "a 1\nb 2\nsecret hunter2\n"
CHANGED = "a 9\nb 2\nc 3\nsecret hunter2\n"
TOKEN = "t1"
INVERSE = (Line("-c 3"), Line("-a 9"), Line("+a 1"))


class FileDevice:
    """A running configuration that is a file; `-line` takes a line away, `+line` adds one."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config"
        self.epoch = folder / "epoch"
        self.config.write_text(BASE)
        self.epoch.write_text("1")
        self.home = folder / "home"
        self.home.mkdir()

    def guard(self, *, patience: int = 5, merge: str = ":", replace: str = ":", linger: int = 0) -> DeadManTimer:
        config = shlex.quote(str(self.config))
        return DeadManTimer(
            show=f"cat {config}",
            canonical="grep . | sort -u",
            restore=self._restore,
            merge=merge.replace("@", config),
            replace=replace.replace("@", config),
            epoch=f"cat {shlex.quote(str(self.epoch))}",
            home=str(self.home),
            patience=patience,
            linger=linger,
        )

    def _restore(self, inverse: Sequence[Line]) -> str:
        config = shlex.quote(str(self.config))
        lines = ["[ ! -e frozen ] || return"]
        for line in inverse:
            text = shlex.quote(line.text[1:])
            if line.text.startswith("-"):
                lines.append(f"grep -vxF {text} {config} >edited; cat edited >{config}")
            else:
                lines.append(f"grep -qxF {text} {config} || echo {text} >>{config}")
        return "\n".join(lines)

    def lines(self) -> set[str]:
        return set(self.config.read_text().splitlines())

    def folder(self, token: str) -> Path:
        (found,) = self.home.glob(f"netloom-*/{token}")
        return found


@pytest.fixture
def device(tmp_path: Path) -> Iterator[FileDevice]:
    made = FileDevice(tmp_path)
    yield made
    # Timers that a test left behind end at their next look at the clock.
    for state in ("armed", "reverted"):
        for path in made.home.glob(f"netloom-*/*/{state}"):
            path.unlink()


def run(script: str) -> str:
    done = subprocess.run(["sh", "-s"], input=script, capture_output=True, text=True, timeout=60, check=False)
    assert not done.stderr, done.stderr
    return done.stdout


def arm(guard: DeadManTimer, token: str = TOKEN, seconds: int = 60, predicted: str = CHANGED) -> GuardStatus:
    script = guard.arm_script(token=token, seconds=seconds, snapshot=BASE, inverse=INVERSE, predicted=predicted)
    return guard.read(run(script))


def status(guard: DeadManTimer, token: str = TOKEN) -> GuardStatus:
    return guard.read(run(guard.status_script(token=token)))


def ended(guard: DeadManTimer, token: str = TOKEN) -> GuardStatus:
    """The status once the timer neither waits nor reverts."""
    deadline = time.monotonic() + 30
    while (now := status(guard, token)).state in {"armed", "reverting"} and time.monotonic() < deadline:
        time.sleep(0.1)
    return now


def test_a_timer_that_runs_out_brings_the_device_back(device: FileDevice) -> None:
    guard = device.guard()
    armed = arm(guard, seconds=0)
    assert armed.state in {"armed", "reverting"}  # no time is left to it
    device.config.write_text(CHANGED)
    assert ended(guard).state == "reverted"
    assert device.lines() == set(BASE.splitlines())


def test_a_half_applied_change_is_undone_as_well(device: FileDevice) -> None:
    guard = device.guard()
    arm(guard)
    device.config.write_text("b 2\nc 3\nsecret hunter2\n")
    assert guard.read(run(guard.revert_script(token="t1"))).state == "reverted"
    assert device.lines() == set(BASE.splitlines())


def test_a_confirmed_timer_leaves_the_change_and_forgets_the_secrets(device: FileDevice) -> None:
    guard = device.guard()
    arm(guard)
    device.config.write_text(CHANGED)
    assert guard.read(run(guard.confirm_script(token="t1"))).state == "confirmed"
    assert status(guard).state == "confirmed"
    assert guard.read(run(guard.revert_script(token="t1"))).state == "confirmed"
    assert device.lines() == set(CHANGED.splitlines())
    assert not [path for path in device.folder("t1").iterdir() if path.is_file() and "hunter2" in path.read_text()]


def test_the_timer_is_private_to_its_owner(device: FileDevice) -> None:
    arm(device.guard())
    folder = device.folder("t1")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "snapshot").stat().st_mode & 0o777 == 0o600


def test_a_device_that_moved_since_the_snapshot_is_not_armed(device: FileDevice) -> None:
    device.config.write_text("a 1\nb 2\n")
    refused = arm(device.guard())
    assert refused.state == "failed"
    assert "not the snapshot: 1 lines differ" in refused.detail
    assert status(device.guard()).state == "none"


def test_two_timers_never_run_at_once(device: FileDevice) -> None:
    guard = device.guard()
    arm(guard)
    second = arm(guard, token="t2")
    assert (second.state, second.detail) == ("failed", "another timer is armed: t1")
    assert guard.read(run(guard.confirm_script(token="t1"))).state == "confirmed"
    assert arm(guard, token="t3").state == "armed"


def test_of_many_that_arm_at_once_one_wins(device: FileDevice) -> None:
    guard = device.guard()
    states: list[str] = []
    racers = [threading.Thread(target=lambda n=n: states.append(arm(guard, token=f"t{n}").state)) for n in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(states) == ["armed", *["failed"] * 5]


@pytest.mark.parametrize("lead", range(4))
def test_of_confirm_and_expiry_exactly_one_wins(device: FileDevice, lead: int) -> None:
    guard = device.guard()
    arm(guard, seconds=0)
    device.config.write_text(CHANGED)
    time.sleep(0.25 * lead)
    answer = guard.read(run(guard.confirm_script(token="t1")))
    final = ended(guard)
    assert answer.state in {"confirmed", "reverting", "reverted"}
    assert (answer.state == "confirmed") == (final.state == "confirmed")
    assert device.lines() == set((CHANGED if final.state == "confirmed" else BASE).splitlines())


def test_lines_of_somebody_else_stay(device: FileDevice) -> None:
    guard = device.guard()
    arm(guard)
    device.config.write_text(CHANGED + "foreign\n")
    reverted = guard.read(run(guard.revert_script(token="t1")))
    assert reverted.state == "reverted"
    assert "somebody else's changes stay: 1 lines" in reverted.detail
    assert device.lines() == {*BASE.splitlines(), "foreign"}


def test_lines_that_arrive_after_the_revert_are_undone_again_but_only_ours(device: FileDevice) -> None:
    guard = device.guard(linger=30)
    arm(guard, seconds=0)
    device.config.write_text(CHANGED)
    assert ended(guard).state == "reverted"
    device.config.write_text(BASE + "c 3\nforeign\n")
    deadline = time.monotonic() + 15
    # Every line is waited for: the file is empty for a moment while it is written.
    while device.lines() != {*BASE.splitlines(), "foreign"} and time.monotonic() < deadline:
        time.sleep(0.1)
    assert device.lines() == {*BASE.splitlines(), "foreign"}


def test_what_a_restarted_daemon_lost_comes_back(device: FileDevice) -> None:
    guard = device.guard(merge="cat snapshot >@")
    arm(guard)
    device.config.write_text("b 2\n")
    device.epoch.write_text("2")
    assert guard.read(run(guard.revert_script(token="t1"))).state == "reverted"
    assert device.lines() == set(BASE.splitlines())


def test_the_last_resort_is_used_when_the_inverse_does_not_help(device: FileDevice) -> None:
    guard = device.guard(replace="cat snapshot >@")
    arm(guard)
    (device.folder("t1") / "frozen").touch()
    device.config.write_text(CHANGED)
    assert guard.read(run(guard.revert_script(token="t1"))).state == "reverted"
    assert device.lines() == set(BASE.splitlines())


def test_a_revert_that_fails_says_so_and_may_be_tried_again(device: FileDevice) -> None:
    guard = device.guard(patience=1)
    arm(guard)
    (device.folder("t1") / "frozen").touch()
    device.config.write_text(CHANGED)
    failed = guard.read(run(guard.revert_script(token="t1")))
    assert failed.state == "failed"
    assert "lines too many: 2, too few: 1" in failed.detail
    (device.folder("t1") / "frozen").unlink()
    assert guard.read(run(guard.revert_script(token="t1"))).state == "reverted"


def test_a_timer_whose_process_is_gone_is_not_trusted(device: FileDevice) -> None:
    guard = device.guard()
    arm(guard)
    pid = int((device.folder("t1") / "pid").read_text())
    subprocess.run(["kill", "-9", str(pid)], check=True)
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        time.sleep(0.01)
    assert status(guard) == GuardStatus("failed", None, "the timer's process is gone")
    device.config.write_text(CHANGED)
    assert guard.read(run(guard.revert_script(token="t1"))).state == "reverted"


def test_after_a_reboot_there_is_nothing_left_to_do(device: FileDevice) -> None:
    guard = device.guard()
    arm(guard)
    (device.folder("t1") / "boot").write_text("another boot\n")
    after = status(guard)
    assert (after.state, after.detail) == ("none", "the device started anew while the timer ran")


def test_a_script_cut_off_on_its_way_does_nothing(device: FileDevice) -> None:
    script = device.guard().arm_script(token="t1", seconds=60, snapshot=BASE, inverse=INVERSE)
    for share in (0.3, 0.6, 0.95):
        subprocess.run(
            ["sh", "-s"], input=script[: int(len(script) * share)], capture_output=True, text=True, check=False
        )
    assert not list(device.home.iterdir())


@pytest.mark.parametrize("token", ["", "../x", "a b", "$(id)", "x" * 65])
def test_a_token_is_never_a_path_or_a_command(device: FileDevice, token: str) -> None:
    with pytest.raises(ValueError, match="expected a token"):
        device.guard().status(token=token)


def test_a_line_break_in_the_inverse_is_refused(device: FileDevice) -> None:
    with pytest.raises(ValueError, match="without line breaks"):
        device.guard().arm_script(token="t1", seconds=1, snapshot=BASE, inverse=[Line("a\nreboot")])


def test_text_that_looks_like_shell_is_stored_as_it_is(device: FileDevice) -> None:
    text = "a 1\nNETLOOM\n$(touch /tmp/x) `id` @TOKEN@ 'quoted' \\n\n"
    device.config.write_text(text)
    guard = device.guard()
    assert guard.read(run(guard.arm_script(token="t1", seconds=60, snapshot=text, inverse=[]))).state == "armed"
    assert (device.folder("t1") / "snapshot").read_text() == text


@pytest.mark.parametrize("output", ["", "sh: not found", "netloom-guard dancing 3 x"])
def test_an_answer_that_is_none_is_an_error(output: str) -> None:
    guard = DeadManTimer(show="", canonical="", restore=lambda _: ":")
    with pytest.raises(ValueError, match="expected a line"):
        guard.read(output)
