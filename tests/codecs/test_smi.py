"""MIB modules as people and vendors write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs.smi import parse_modules
from netloom.collectors.mibs import standard
from netloom.collectors.mibs.own import objects_of, own_mibs
from netloom.collectors.mibs.shown import instance, shown
from netloom.errors import SourceError

V2 = """
-- Acme's slots
ACME-SLOT-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, NOTIFICATION-TYPE, enterprises, Integer32 FROM SNMPv2-SMI
        TEXTUAL-CONVENTION, DisplayString FROM SNMPv2-TC;
acme MODULE-IDENTITY
    LAST-UPDATED "202601010000Z"
    DESCRIPTION "Words with -- dashes, {braces} and ::= marks
                 over several lines."
    ::= { enterprises 99999 }
AcmeVersion ::= TEXTUAL-CONVENTION
    DISPLAY-HINT "1d.1d"
    STATUS current
    DESCRIPTION "Major and minor."
    SYNTAX OCTET STRING (SIZE (2))
AcmeSlotEntry ::= SEQUENCE { acmeSlotIndex Integer32, acmeSlotName DisplayString }
acmeSlotTable OBJECT-TYPE
    SYNTAX SEQUENCE OF AcmeSlotEntry
    MAX-ACCESS not-accessible
    ::= { acme 1 }
acmeSlotEntry OBJECT-TYPE
    SYNTAX AcmeSlotEntry
    INDEX { acmeSlotIndex, IMPLIED acmeSlotName }
    ::= { acmeSlotTable 1 }
acmeSlotIndex OBJECT-TYPE SYNTAX Integer32 (1..64) MAX-ACCESS not-accessible ::= { acmeSlotEntry 1 }
acmeSlotName OBJECT-TYPE SYNTAX DisplayString (SIZE (0..32)) MAX-ACCESS not-accessible ::= { acmeSlotEntry 2 }
acmeSlotState OBJECT-TYPE
    SYNTAX INTEGER { running(1), failed(2), }
    DEFVAL { running }
    ::= { acmeSlotEntry 3 }
acmeSlotVersion OBJECT-TYPE SYNTAX AcmeVersion ::= { acmeSlotEntry 4 }
acmeSlotExtra_Entry OBJECT-TYPE SYNTAX INTEGER AUGMENTS { acmeSlotEntry } ::= { acme 9 }
acmeCount OBJECT-TYPE SYNTAX Counter64 ::= { acme 2 }
acmeAlarm NOTIFICATION-TYPE OBJECTS { acmeSlotState } STATUS current ::= { acme 0 7 }
acmeGroup OBJECT-GROUP OBJECTS { acmeCount } STATUS current ::= { acme 3 1 }
END
"""
V1 = """
OLD-MIB DEFINITIONS ::= BEGIN
IMPORTS OBJECT-TYPE FROM RFC-1212 enterprises FROM RFC1155-SMI TRAP-TYPE FROM RFC-1215;
old OBJECT IDENTIFIER ::= { iso org(3) dod(6) internet(1) private(4) enterprises(1) 99998 }
oldSpeed OBJECT-TYPE
    SYNTAX Gauge
    ACCESS read-only
    STATUS mandatory
    ::= { old 1 }
oldTrap TRAP-TYPE
    ENTERPRISE old
    VARIABLES { oldSpeed }
    ::= 5
END
"""


def objects(*texts: str) -> dict[str, object]:
    modules = [(module, "x.mib") for text in texts for module in parse_modules(text, "x.mib")]
    return {one.name: one for one in objects_of(modules, standard())}


def test_a_module_of_version_2_is_read() -> None:
    mibs = standard().with_more(objects_of([(module, "x.mib") for module in parse_modules(V2, "x.mib")], standard()))
    assert mibs.oid_of("ACME-SLOT-MIB::acmeSlotState") == "1.3.6.1.4.1.99999.1.1.3"
    assert mibs.oid_of("acmeAlarm") == "1.3.6.1.4.1.99999.0.7"
    entry, state = mibs.named("acmeSlotEntry"), mibs.named("acmeSlotState")
    assert entry is not None
    assert state is not None
    assert (state.kind, state.type, state.labels) == ("column", "INTEGER", {1: "running", 2: "failed"})
    assert [one.name for one in mibs.below(entry.oid)][-1] == "acmeSlotVersion"
    assert instance(mibs, entry, "7.102.97.110") == {"acmeSlotIndex": 7, "acmeSlotName": "fan"}
    assert shown(b"\x02\x05", mibs.named("acmeSlotVersion")) == "2.5"
    kinds = {one.name: one.kind for one in mibs if one.mib == "ACME-SLOT-MIB"}
    assert kinds["acmeSlotTable"] == "table"
    assert kinds["acmeCount"] == "scalar"
    assert kinds["acmeAlarm"] == "notification"
    extra = mibs.named("acmeSlotExtra_Entry")
    assert extra is not None
    assert extra.index == entry.index


def test_a_module_of_version_1_is_read() -> None:
    found = objects(V1)
    assert getattr(found["oldSpeed"], "oid", None) == "1.3.6.1.4.1.99998.1"
    assert getattr(found["oldSpeed"], "type", None) == "Gauge32"
    assert getattr(found["oldTrap"], "oid", None) == "1.3.6.1.4.1.99998.0.5"


def test_files_of_a_folder_lean_on_each_other_whatever_their_order(tmp_path: Path) -> None:
    (tmp_path / "a.mib").write_text(
        "A-MIB DEFINITIONS ::= BEGIN\naThing OBJECT-TYPE SYNTAX INTEGER ::= { acme 5 }\nEND\n"
    )
    (tmp_path / "z.txt").write_text(V2)
    (tmp_path / "README.md").write_text("no MIB")
    assert {one.oid for one in own_mibs(tmp_path) if one.name == "aThing"} == {"1.3.6.1.4.1.99999.5"}
    assert own_mibs(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "x.mib expected a MIB module"),
        ("X-MIB DEFINITIONS ::= BEGIN\nfoo\n", "x.mib:3:1 expected OBJECT-TYPE or another macro, got the end"),
        (
            "X DEFINITIONS ::= BEGIN\na OBJECT-TYPE SYNTAX INTEGER { up(x) } ::= { b 1 }\nEND",
            "x.mib:2:35 expected a number",
        ),
        (
            "X DEFINITIONS ::= BEGIN\na OBJECT-TYPO ::= { b 1 }\nEND",
            "x.mib:2:1 expected one of .* after a, got OBJECT-TYPO",
        ),
        (
            "X DEFINITIONS ::= BEGIN\na OBJECT-TYPE SYNTAX INTEGER { a(1)",
            "x.mib:2:36 expected , or }, got the end of the file",
        ),
        ("X DEFINITIONS ::= BEGIN\na OBJECT-TYPE DEFVAL { {", "x.mib:2:22 { is never closed"),
        ("X DEFINITIONS ::= BEGIN\n?", "x.mib:2:1 expected a word, a number or a mark, got '\\?'"),
        (
            "X DEFINITIONS ::= BEGIN\na OBJECT IDENTIFIER ::= { nobody 1 }\nEND",
            "x.mib:2 a: expected a parent .*'nobody'.*mibs/",
        ),
        (
            "X DEFINITIONS ::= BEGIN\na OBJECT IDENTIFIER ::= { b 1 }\nb OBJECT IDENTIFIER ::= { a 1 }\nEND",
            "x.mib:[23] .: its parents go round in circles",
        ),
        ("X DEFINITIONS ::= BEGIN\nIMPORTS a FROM B", "x.mib:2:9 expected ; after this"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        objects(text)


@given(st.text('ab{}()::=;,.|"-0123 \nBEGIN END OBJECT-TYPE SYNTAX', max_size=60), st.integers(0, len(V2)))
def test_any_text_is_read_or_refused(noise: str, at: int) -> None:
    for text in (noise, V2[:at] + noise + V2[at:], V2[:at]):
        try:
            objects(text)
        except SourceError:
            continue


def test_debian_s_files_say_what_netloom_s_tables_say() -> None:
    folder = Path("/usr/share/snmp/mibs")
    if not (folder / "UCD-SNMP-MIB.txt").exists():
        pytest.skip("Debian's libsnmp-base is not installed")
    known = standard()
    theirs = [one for one in own_mibs(folder) if known.named(f"{one.mib}::{one.name}") is not None]
    assert len(theirs) > 250
    assert [one for one in theirs if known.named(f"{one.mib}::{one.name}") != one] == []
