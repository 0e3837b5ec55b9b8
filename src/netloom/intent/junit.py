"""Check results as JUnit XML, as CI systems read it: one suite a check, one case a device."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from netloom.intent.checks import CheckResult

# XML 1.0, 2.2: what may stand in a document.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Iterable[CheckResult]) -> str:
    """The document, suites and cases in alphabetical order."""
    suites: dict[str, list[CheckResult]] = {}
    for result in sorted(results, key=lambda result: (result.check, result.device)):
        suites.setdefault(result.check, []).append(result)
    root = Element("testsuites", _counts([result for suite in suites.values() for result in suite]))
    for name, suite in suites.items():
        element = SubElement(root, "testsuite", {"name": _clean(name), **_counts(suite)})
        for result in suite:
            _case(element, result)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, result: CheckResult) -> None:
    where = {"name": _clean(result.device), "classname": _clean(result.check), "time": f"{result.seconds:.3f}"}
    case = SubElement(suite, "testcase", where)
    if result.passed is None:
        SubElement(case, "skipped", {"message": _clean(result.detail)})
    elif not result.passed:
        message = f"expected: {result.expected} actual: {result.actual}"
        SubElement(case, "failure", {"message": _clean(message)}).text = _clean(result.detail) or None


def _counts(results: list[CheckResult]) -> dict[str, str]:
    return {
        "tests": str(len(results)),
        "failures": str(sum(result.passed is False for result in results)),
        "skipped": str(sum(result.passed is None for result in results)),
        "time": f"{sum(result.seconds for result in results):.3f}",
    }


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
