"""A confined process that does as each message says."""

import os
import signal
import sys
import time

from netloom.confined.worker import cap, finish, messages

for message in messages(sys.stdin.buffer):
    cap(cpu_s=1, memory_mib=64)
    word, _, rest = message.decode().partition(" ")
    match word:
        case "say":
            sys.stdout.write("".join(f'"{part}"\n' for part in rest.split()))
        case "much":
            sys.stdout.write("x" * int(rest))
        case "burn":
            until = time.process_time() + float(rest)
            while time.process_time() < until:
                pass
        case "hold":
            bytearray(int(rest) << 20)
        case "pid":
            sys.stdout.write(f"{os.getpid()}\n")
        case "environment":
            sys.stdout.write(f"{sorted(os.environ)}\n")
        case "sleep":
            signal.pause()
        case "fail":
            sys.stdout.write('"begun"\n"half')
            sys.stdout.flush()
            raise ValueError(rest)
        case "exit":
            sys.exit(int(rest))
    finish(sys.stdout)
