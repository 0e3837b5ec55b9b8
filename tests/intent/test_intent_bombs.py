"""Templates that would eat the machine: each hits a cap, is told with its place, and leaves the rest alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.intent.intent_inventory import examine

from netloom.intent.task import Limits

LIMITS = Limits(item_cpu_s=0.3, cpu_s=3, memory_mib=64, output_mib=1, total_mib=2)

BOMBS = {
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}": "more than 0.3 s of CPU time",
    "{{ 'x' * 10**10 }}": "too much memory",
    "{{ [0] * 10**9 }}": "too much memory",
    "{{ 2**99999 }}": "the power is too large",
    "{{ range(10**9) | list }}": "Range too big",
    "{% for a in range(99999) %}{{ 'x' * 1000 }}{% endfor %}": "more than 1 MiB of text",
    "{{ 'x' | center(10**10) }}": "too much memory",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}": "recurses too deeply",
    "{{ ('a' * 30 + 'b') | regex_replace('(a+)+$', '') }}": "CPU time",
    "{{ 'x'.__class__.__base__.__subclasses__() }}": "unsafe",
    "{{ ''.format.__globals__ }}": "unsafe",
    "{{ '{0.__class__}'.format(1) }}": "unsafe",
    "{{ groups.append(1) }}": "has no attribute",
    "{{ groups.all.append(1) }}": "unsafe",
    "{% include '/etc/passwd' %}": "/etc/passwd",
    "{% import 'os' as os %}": "os",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_hits_a_cap_and_is_told_with_its_place(bomb: str, tmp_path: Path) -> None:
    quoted = bomb.replace('"', '\\"')
    text = f'on: leaf1\ninterfaces:\n  - {{name: eth0}}\n  - name: eth1\n    description: "{quoted}"\n'
    started = time.monotonic()
    faults = examine(tmp_path, {"intent/a.yml": text}, LIMITS).faults
    assert time.monotonic() - started < 20
    (fault,) = faults
    assert BOMBS[bomb] in str(fault)
    assert fault.file == "intent/a.yml"
    assert fault.line in (4, 5)


def test_a_template_file_that_never_ends_is_stopped(tmp_path: Path) -> None:
    files = {
        "intent/a.yml": "on: all\ntemplates: [a.j2]\n",
        "templates/a.j2": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    }
    (fault,) = examine(tmp_path, files, LIMITS).faults
    assert str(fault) == "intent/a.yml:2:13 templates[0]: takes more than 0.3 s of CPU time (on leaf1)"


def test_what_the_stopwatch_does_not_stop_is_killed_and_still_told_with_its_place(tmp_path: Path) -> None:
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    text = f'on: leaf1\ninterfaces:\n  - {{name: eth0}}\n  - name: "{loop}"\n'
    (fault,) = examine(tmp_path, {"intent/a.yml": text}, Limits(item_cpu_s=60, cpu_s=1)).faults
    assert str(fault) == "intent/a.yml:4:5 interfaces[1]: takes too much time or memory (on leaf1)"


def test_too_many_results_are_cut(tmp_path: Path) -> None:
    text = 'on: leaf1\ninterfaces: [{for_each: "{{ range(9000) }}", name: "{{ \'x\' * 900 }}{{ item }}"}]\n'
    (fault,) = examine(tmp_path, {"intent/a.yml": text}, LIMITS).faults
    assert str(fault) == "intent/a.yml:2:14 interfaces[0]: makes more than 2 MiB (on leaf1)"


def test_a_cap_on_one_host_stops_there_and_says_so_once(tmp_path: Path) -> None:
    text = 'on: all\ninterfaces: [{name: "{{ [0] * (10**9) }}"}]\n'
    (fault,) = examine(tmp_path, {"intent/a.yml": text}, LIMITS).faults
    assert str(fault).endswith("(on leaf1)")
