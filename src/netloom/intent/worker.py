"""The killable process that evaluates expressions and templates, and nothing else.

It reads one pickled `Task` from standard input, written by the process that started it, and prints one JSON value a
line. Jinja's sandbox keeps expressions from attributes and calls that they have no business with; it does not keep them
from looping for ever or eating all memory. So the process caps itself: CPU time for one item (a signal) and for the
whole (the kernel), memory, output. A number in shared memory says which item
it works on, for the case that it dies.
"""

from __future__ import annotations

import contextlib
import io
import json
import mmap
import pickle
import signal
import struct
import sys
from types import FrameType
from typing import Any, BinaryIO, TextIO

from netloom.confined.worker import cap, finish, messages
from netloom.intent.expression import Evaluation, ExpressionError, TooExpensiveError, Variables
from netloom.intent.task import MEBIBYTE, Task


class _Read(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> Any:
        """A secret stays with the process that started this one: here it is only its token."""
        return str(pid)


def main(stdin: BinaryIO, stdout: TextIO, progress: int) -> None:
    """Evaluate the tasks on `stdin`, and write each one's outcomes to `stdout`."""
    signal.signal(signal.SIGPROF, _ring)
    place = mmap.mmap(progress, 8)
    for message in messages(stdin):
        task = _Read(io.BytesIO(message)).load()
        cap(cpu_s=task.limits.cpu_s, memory_mib=task.limits.memory_mib)
        _evaluate(task, stdout, place)
        finish(stdout)


def _evaluate(task: Task, stdout: TextIO, place: mmap.mmap) -> None:
    evaluation = Evaluation(task.files, task.limits.output_mib * MEBIBYTE)
    variables = Variables(evaluation, task.variables, task.member_of)
    for number, (host, entries) in enumerate(task.work):
        for entry in entries:
            place[:8] = struct.pack("<II", entry, number)
            kind, raw = task.entries[entry]
            try:
                with _stopwatch(task.limits.item_cpu_s):
                    line = json.dumps([entry, number, evaluation.entry(kind, raw, variables.of(host))])
            except TooExpensiveError as exc:
                stdout.write(json.dumps({"cut": [entry, number, *exc.fields]}) + "\n")
                return
            except ExpressionError as exc:
                faults = [[entry, number, *fault.fields] for fault in (exc, *exc.others)]
                line = json.dumps({"faults": faults})
            stdout.write(line + "\n")


class _Alarm(BaseException):
    """The stopwatch ran out: not an Exception, so that nothing swallows it on its way."""


@contextlib.contextmanager
def _stopwatch(seconds: float) -> Any:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    except _Alarm as exc:
        raise TooExpensiveError((), f"takes more than {seconds:g} s of CPU time") from exc
    except MemoryError as exc:
        raise TooExpensiveError((), "takes too much memory") from exc
    except RecursionError as exc:
        raise TooExpensiveError((), "recurses too deeply") from exc
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise _Alarm


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout, int(sys.argv[1]))
