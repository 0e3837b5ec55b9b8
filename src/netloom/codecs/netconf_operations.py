"""NETCONF's standard operations (RFC 6241, sections 7 and 8) as the contents of rpc elements.

Datastores are `running`, `candidate`, `startup`, or a URL where the server has that capability. What is named
`content` is XML that the caller wrote; everything else is text and is escaped here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

_DATASTORE = frozenset({"running", "candidate", "startup"})


@dataclass(frozen=True, slots=True)
class Filter:
    """Which part of a datastore is asked for: a subtree's content, or an XPath expression with its prefixes."""

    content: str = ""
    xpath: str = ""
    namespaces: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.xpath:
            return f'<filter type="subtree">{self.content}</filter>'
        declared = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in self.namespaces.items())
        return f'<filter{declared} type="xpath" select={quoteattr(self.xpath)}/>'


def get(wanted: Filter | None = None) -> str:
    """Configuration and state."""
    return f"<get>{wanted or ''}</get>"


def get_config(source: str = "running", wanted: Filter | None = None) -> str:
    """Configuration alone."""
    return f"<get-config><source>{_store(source)}</source>{wanted or ''}</get-config>"


def get_yang_library() -> str:
    """The modules that the server implements, in the form of RFC 8525 or of RFC 7895 before it."""
    place = "urn:ietf:params:xml:ns:yang:ietf-yang-library"
    return get(Filter(f'<yang-library xmlns="{place}"/><modules-state xmlns="{place}"/>'))


def edit_config(
    content: str,
    target: str = "candidate",
    *,
    default: Literal["merge", "replace", "none"] | None = None,
    test: Literal["test-then-set", "set", "test-only"] | None = None,
    on_error: Literal["stop-on-error", "continue-on-error", "rollback-on-error"] | None = None,
) -> str:
    """Change a datastore by what stands in `<config>`; elements say by `nc:operation` what is to become of them."""
    chosen = _optional("default-operation", default) + _optional("test-option", test)
    chosen += _optional("error-option", on_error)
    target = f"<target>{_store(target)}</target>"
    return f"<edit-config>{target}{chosen}<config>{content}</config></edit-config>"


def copy_config(source: str, target: str) -> str:
    """Replace a whole datastore by another."""
    return f"<copy-config><target>{_store(target)}</target><source>{_store(source)}</source></copy-config>"


def delete_config(target: str = "startup") -> str:
    """Delete a whole datastore; never the running one."""
    return f"<delete-config><target>{_store(target)}</target></delete-config>"


def lock(target: str = "candidate") -> str:
    """Keep every other session from changing a datastore until it is unlocked or this session ends."""
    return f"<lock><target>{_store(target)}</target></lock>"


def unlock(target: str = "candidate") -> str:
    """Give a lock of one's own back."""
    return f"<unlock><target>{_store(target)}</target></unlock>"


def validate(source: str = "candidate") -> str:
    """Have a datastore checked without using it."""
    return f"<validate><source>{_store(source)}</source></validate>"


def commit(*, persist_id: str | None = None) -> str:
    """Make the candidate the running configuration, or confirm a commit; another session's by `persist_id`."""
    return _element("commit", _optional("persist-id", persist_id))


def commit_confirmed(seconds: int, *, persist: str | None = None, persist_id: str | None = None) -> str:
    """Commit for so many seconds: unless it is confirmed by then the server goes back (section 8.4).

    Without `persist` the session's end goes back at once; with it any session that knows the word may confirm. A
    later one in another session names the word as `persist_id`.
    """
    if seconds < 1:
        raise ValueError(f"expected a timeout of at least one second, got {seconds}")
    chosen = _optional("persist", persist) + _optional("persist-id", persist_id)
    return f"<commit><confirmed/><confirm-timeout>{seconds}</confirm-timeout>{chosen}</commit>"


def cancel_commit(*, persist_id: str | None = None) -> str:
    """Go back from a confirmed commit now; from another session's by `persist_id`."""
    return _element("cancel-commit", _optional("persist-id", persist_id))


def discard_changes() -> str:
    """Make the candidate what is running."""
    return "<discard-changes/>"


def kill_session(session_id: str) -> str:
    """End another session: its locks are released, and its confirmed commit without `persist` is undone."""
    return f"<kill-session><session-id>{escape(session_id)}</session-id></kill-session>"


def close_session() -> str:
    """End this session."""
    return "<close-session/>"


def _store(name: str) -> str:
    if name in _DATASTORE:
        return f"<{name}/>"
    if ":" in name:
        return f"<url>{escape(name)}</url>"
    raise ValueError(f"expected running, candidate, startup or a URL, got {name!r}")


def _optional(name: str, value: str | None) -> str:
    return "" if value is None else f"<{name}>{escape(value)}</{name}>"


def _element(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>" if content else f"<{name}/>"
