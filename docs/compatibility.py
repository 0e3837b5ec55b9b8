# ruff: noqa: INP001, E501 - a script by itself; its tables and paragraphs are laid out for readers
"""Writes compatibility.md: what others recorded of real devices, and how much of it the tests count as right.

usage: python docs/compatibility.py [--check]      (needs ../shared/samples; --check writes nothing)
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

TOP = Path(__file__).parents[1]
SAMPLES = TOP.parent / "shared" / "samples"
PAGE = Path(__file__).with_name("compatibility.md")
sys.path.insert(0, str(TOP))

DRIVERS = {
    "eos": "arista_eos",
    "ios": "cisco_ios",
    "nxos": "cisco_nxos, by NX-API",
    "nxos_ssh": "cisco_nxos, by SSH",
    "junos": "juniper_junos",
}
HEAD = """# Compatibility

<!-- Written by docs/compatibility.py from the tests and what others recorded; run it where that stands beside the checkout. -->

Nothing is claimed of a vendor's system on a simulation's word alone. What follows is counted by the tests that read real devices'
replies and configurations, recorded and published by other projects. Every case counted here passes in every run of the tests
beside those recordings, unless it is named as a miss.
"""
ROWS = "tests/platforms/test_{}.py::test_{}"
SCREENS = {
    "arista_eos": ROWS.format("eos_ntc", "every_row_of_the_template_is_a_record"),
    "cisco_ios": ROWS.format("cisco_ios_ntc", "every_row_is_in_the_records"),
    "cisco_nxos": ROWS.format("nxos_ntc", "every_row_of_the_template_is_in_a_record"),
    "juniper_junos": ROWS.format("juniper_junos_ntc", "every_row_of_the_template_is_a_record"),
}
KEPT = "every line is kept, every record stands by itself, changes are idempotent and lead back"
PAIRS = "our change to *before* gives *after*"
CONFIGURATIONS = [
    ("arista_eos", "lab-validation", KEPT, ROWS.format("arista_eos_config", "a_real_configuration_is_kept_whole_and_its_records_stand_by_themselves")),
    ("cisco_ios", "lab-validation, NAPALM, ntc-templates", KEPT, ROWS.format("cisco_ios_samples", "a_real_configuration_keeps_the_promises")),
    ("cisco_nxos", "lab-validation, NAPALM", KEPT, ROWS.format("nxos_samples", "a_real_configuration_is_kept_whole_and_every_record_stands_by_itself")),
    ("juniper_junos", "lab-validation, NAPALM", KEPT, ROWS.format("juniper_junos_samples", "a_configuration_is_kept_whole_and_its_records_stand_by_themselves")),
    ("all four", "lab-validation", "wished for as it is, nothing is left to do", "tests/intent/test_plan_samples.py::test_a_configuration_wished_for_as_it_is_leaves_nothing_to_do"),
    ("arista_eos", "annet, files of pairs", PAIRS, ROWS.format("arista_eos_config", "our_change_leads_where_others_changes_lead")),
    ("cisco_ios", "annet, pairs", PAIRS, ROWS.format("cisco_ios_samples", "the_delta_of_a_pair_leads_from_one_to_the_other")),
    ("cisco_nxos", "annet, files of pairs", PAIRS, ROWS.format("nxos_samples", "others_before_and_after_are_reached")),
    ("juniper_junos", "annet, pairs", PAIRS + ", and the inverse leads back", ROWS.format("juniper_junos_samples", "our_way_leads_from_before_to_after_and_back")),
]  # fmt: skip


def page() -> str:
    """The whole page."""
    counts = collected()
    return "\n".join([HEAD, *napalm(), *screens(counts), *configurations(counts)]) + "\n"


def napalm() -> list[str]:
    """NAPALM's recorded cases, driver by driver, each miss with its reason."""
    from tests.compat.test_napalm_cases import CASES, MISSES, name, parts  # noqa: PLC0415 - found by the path set above

    given = Counter(parts(case)[0] for case in CASES)
    getters = {driver: {parts(case)[1] for case in CASES if parts(case)[0] == driver} for driver in DRIVERS}
    missed = Counter(name(case).partition("/")[0] for case in CASES if name(case) in MISSES)
    lines = [
        "## NAPALM's recorded cases",
        "",
        "The same replies, through `netloom.compat.napalm.view`, give what NAPALM's own test expects.",
        "",
        "| NAPALM's driver | platform | getters | cases | the same | |",
        "| --- | --- | --: | --: | --: | --: |",
    ]
    for driver, platform in DRIVERS.items():
        same = given[driver] - missed[driver]
        share = f"{100 * same / given[driver]:.1f} %"
        lines.append(f"| `{driver}` | {platform} | {len(getters[driver])} | {given[driver]} | {same} | {share} |")
    lines += ["", "What does not come out the same, and why:", ""]
    return [*lines, *(f"- `{case}`: {reason}." for case, reason in sorted(MISSES.items())), ""]


def screens(counts: Counter[str]) -> list[str]:
    """ntc-templates' recorded outputs: how many there are, and how many belong to a noun and are read whole."""
    lines = [
        "## ntc-templates' recorded outputs",
        "",
        "An output belongs to a noun where the noun's fields hold what the template finds in it. Every row that the template finds",
        "is in a record then, and no record is there that no row tells of. The other outputs are of commands that no noun asks.",
        "",
        "| platform | recorded outputs | of a noun | read whole |",
        "| --- | --: | --: | --: |",
    ]
    for platform, test in SCREENS.items():
        given = len(list((SAMPLES / "ntc-templates" / "tests" / platform).glob("*/*.raw")))
        lines.append(f"| `{platform}` | {given} | {counts[test]} | {counts[test]} |")
    return [*lines, ""]


def configurations(counts: Counter[str]) -> list[str]:
    """Others' configurations and changes."""
    lines = [
        "## Configurations and changes of others",
        "",
        "| platform | from | what holds | cases |",
        "| --- | --- | --- | --: |",
    ]
    for platform, source, statement, test in CONFIGURATIONS:
        shown = platform if " " in platform else f"`{platform}`"
        lines.append(f"| {shown} | {source} | {statement} | {counts[test]} |")
    return lines


def collected() -> Counter[str]:
    """How many cases each test has."""
    tests = [*SCREENS.values(), *(test for *_, test in CONFIGURATIONS)]
    files = sorted({test.partition("::")[0] for test in tests})
    options = "--strict-markers -p no:cacheprovider --import-mode=importlib"
    argv = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n0", "-o", f"addopts={options}", *files]
    done = subprocess.run(argv, cwd=TOP, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
    found = Counter(re.sub(r"\[.*", "", line) for line in done.stdout.splitlines() if "::" in line)
    if missing := [test for test in tests if not found[test]]:
        raise SystemExit(f"no such tests: {missing}")
    return found


def main() -> int:
    """Write the page, or say that it is out of date."""
    if not SAMPLES.is_dir():
        raise SystemExit(f"{SAMPLES} is not there")
    made = page()
    if "--check" in sys.argv[1:]:
        current = PAGE.exists() and PAGE.read_text() == made
        if not current:
            sys.stderr.write("docs/compatibility.md is out of date: run python docs/compatibility.py\n")
        return 0 if current else 1
    PAGE.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
