"""The dead-man timer on FRRouting: vtysh in the system's shell, which FRR's own command line cannot start.

FRR has no commit. Its lines are applied one by one, and a line that is already undone is refused: the whole inverse
goes in one call first, then line by line. frr-reload.py is the last resort: it may delete more than asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from netloom.model.config import Line
from netloom.platforms.deadman import DeadManTimer, quoted

_CHUNK = 60
"""Lines in one call of vtysh, below any limit on a command's length."""

_CANONICAL = r"""tr -d '\r' | awk '
{ sub(/[ \t]+$/, "") }
/^ *!/ || /^ *$/ || /^Building conf/ || /^Current conf/ || /^frr version / || /^ *(exit|exit-[a-z-]+|end)$/ { next }
{ match($0, /^ */); depth = RLENGTH; line = substr($0, depth + 1); path = ""
  for (i = 0; i < depth; i++) if (i in head) path = path head[i] " > "
  for (i = depth; i < 12; i++) delete head[i]
  head[depth] = line; print path line }' | sort -u"""

# A daemon that is gone or has a new process lost what was not saved.
_EPOCH = r"""for f in /var/run/frr/*.pid; do
p=$(cat "$f" 2>/dev/null) && [ -d "/proc/$p" ] && echo "$f $p"
done"""

_REPLACE = r"""reload=$(command -v frr-reload.py || echo /usr/lib/frr/frr-reload.py)
[ -x "$reload" ] || return
grep -v -e '^Building conf' -e '^Current conf' -e '^frr version' snapshot >clean
limited "$reload" --reload --stdout --rundir "$D" clean"""


def _restore(inverse: Sequence[Line]) -> str:
    """vtysh stops at the first line refused: what one call cannot do, a call for each line can."""
    calls = [["configure terminal", *line.path, line.text] for line in inverse]
    shell = []
    for at in range(0, len(calls), _CHUNK):
        part = calls[at : at + _CHUNK]
        whole = [command for call in part for command in (*call, "end")]
        shell.append(f"{_vtysh(whole)} || {{")
        shell += [_vtysh(call) for call in part]
        shell.append("}")
    return "\n".join(shell) or ":"


def _vtysh(commands: Sequence[str]) -> str:
    return "limited " + quoted(["vtysh", *(part for command in commands for part in ("-c", command))])


GUARD = DeadManTimer(
    show="limited vtysh -c 'show running-config'",
    canonical=_CANONICAL,
    restore=_restore,
    merge="limited vtysh -f snapshot",
    replace=_REPLACE,
    epoch=_EPOCH,
)
