"""NETCONF's messages (RFC 6241): hellos and rpcs as text, and what hellos and rpc-replies say.

Law: no message has a document type declaration (RFC 6241, section 3), so there are no entities to expand and nothing
to fetch; one that has is refused unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAMESPACE = "urn:ietf:params:xml:ns:netconf:base:1.0"
BASE = "urn:ietf:params:netconf:base:"
HELLO = (
    f'<?xml version="1.0" encoding="UTF-8"?><hello xmlns="{NAMESPACE}"><capabilities>'
    f"<capability>{BASE}1.0</capability><capability>{BASE}1.1</capability></capabilities></hello>"
)
_YUMA = "http://netconfcentral.org/ns/yuma-"
_ROOT = re.compile(
    r"\s*(?>(?:<\?.*?\?>|<!--.*?-->)\s*)*+"  # never gone through again: there are exponentially many ways to
    r"<(?:[\w.-]+:)?(?P<name>[A-Za-z_][\w.-]*)(?P<attributes>(?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*)>",
    re.DOTALL,
)
_MESSAGE_ID = re.compile(r"""(?:^|\s)message-id\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message's root element."""

    name: str
    """Without its namespace: hello, rpc-reply, notification."""
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """What a peer says of itself."""

    capabilities: frozenset[str]
    """URIs, as they stand there."""
    session_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RpcError:
    """One rpc-error (RFC 6241, section 4.3)."""

    tag: str = ""
    """What kind it is, as section 4.3 and appendix A name them: lock-denied, in-use, data-missing, …"""
    severity: str = "error"
    path: str = ""
    message: str = ""
    info: str = ""
    session_id: str | None = None
    """Who holds what was refused; `0` is none of NETCONF's sessions."""

    def __str__(self) -> str:
        words = self.message or self.tag or "no reason given"
        place = self.path or self.info
        return f"{words} ({place})" if place else words


@dataclass(frozen=True, slots=True)
class YangModule:
    """One YANG module that a server implements, as its hello or its YANG library lists it."""

    name: str
    revision: str = ""
    namespace: str = ""
    features: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    """Names of the modules that say where the server departs from this one."""


def rpc(number: str, content: str) -> str:
    """An rpc message around an operation."""
    return f'<rpc xmlns="{NAMESPACE}" message-id="{number}">{content}</rpc>'


def envelope(message: str) -> Envelope:
    """What a message is, without reading more of it than its first tag; raises ValueError."""
    found = _ROOT.match(message)
    if found is None:
        # also a document type declaration: see the law above
        raise ValueError(f"expected a NETCONF message, got {' '.join(message[:200].split())[:80]!r}")
    identity = _MESSAGE_ID.search(found["attributes"])
    number = None if identity is None else identity["double"] if identity["double"] is not None else identity["single"]
    return Envelope(found["name"], number)


def hello(message: str) -> Hello:
    """What a hello says; raises ValueError for another message, and one without a base capability."""
    if (name := envelope(message).name) != "hello":
        raise ValueError(f"expected a hello, got {name}")
    root = tree(message)
    capabilities = frozenset(_texts(root, "capability"))
    if not any(uri.startswith(BASE) for uri in capabilities):
        raise ValueError(f"expected a hello with {BASE}1.0 or 1.1, got {len(capabilities)} others")
    return Hello(capabilities, next(iter(_texts(root, "session-id")), None))


def rpc_errors(reply: str) -> tuple[RpcError, ...]:
    """Every rpc-error of a reply, warnings too, wherever they stand in it; raises ValueError for what is no XML."""
    if "rpc-error" not in reply:
        return ()
    return tuple(_error(element) for element in tree(reply).iter("{*}rpc-error"))


def capability(capabilities: frozenset[str], name: str) -> str | None:
    """The URI of a capability such as `candidate`, in whatever version, None where it is not there."""
    return next((uri for uri in sorted(capabilities) if f":netconf:capability:{name}:" in uri), None)


def switches_late(capabilities: frozenset[str]) -> bool:
    """Whether a server of these capabilities may take what comes together with a hello for a part of it.

    yuma123 (2.13) and what is built on it read by end-of-message marks until they have carried the hello out.
    """
    return any(uri.startswith(_YUMA) for uri in capabilities)


def modules_in(capabilities: frozenset[str]) -> tuple[YangModule, ...]:
    """The YANG modules that capabilities name (RFC 6020, section 5.6.4), by their names."""
    found = []
    for uri in capabilities:
        namespace, _, query = uri.partition("?")
        said = parse_qs(query.replace("&amp;", "&"))
        if name := said.get("module", [""])[0]:
            features, deviations = (
                tuple(word for word in said.get(key, [""])[0].split(",") if word) for key in ("features", "deviations")
            )
            found.append(YangModule(name, said.get("revision", [""])[0], namespace, features, deviations))
    return tuple(sorted(found, key=lambda module: (module.name, module.revision)))


def library_modules(reply: str) -> tuple[YangModule, ...]:
    """The YANG modules of a reply to `netconf_operations.get_yang_library`; raises ValueError where it has no library.

    Both forms are read: `yang-library` (RFC 8525) and `modules-state` (RFC 7895). Modules that are there for their
    types alone (import-only) are left out.
    """
    root = tree(reply)
    found = {
        _library_module(module) for library in root.iter("{*}yang-library") for module in library.iter("{*}module")
    }
    for state in root.iter("{*}modules-state"):
        for module in state.iterchildren("{*}module"):
            if _text(module, "conformance-type") != "import":
                found.add(_library_module(module))
    if not found:
        raise ValueError("expected a YANG library, got a reply without one")
    return tuple(sorted(found, key=lambda module: (module.name, module.revision)))


def tree(message: str) -> Element:
    """A message as a tree; raises ValueError."""
    envelope(message)
    from lxml import etree  # noqa: PLC0415 - 20 ms to import

    # UTF-8 whatever the declaration says (RFC 6241, section 3).
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        collect_ids=False,  # a table of them costs time, and nobody looks there
    )
    try:
        return etree.fromstring(message.encode("utf-8", "backslashreplace"), parser)
    except etree.XMLSyntaxError as exc:
        raise ValueError(f"expected well-formed XML, got {exc}") from exc


def _library_module(module: Element) -> YangModule:
    features = tuple(text for child in module.iterchildren("{*}feature") if (text := (child.text or "").strip()))
    # RFC 7895 lists names and revisions, RFC 8525 names alone
    deviations = tuple(
        text
        for child in module.iterchildren("{*}deviation")
        if (text := _text(child, "name") or (child.text or "").strip())
    )
    name, revision, namespace = (_text(module, key) for key in ("name", "revision", "namespace"))
    return YangModule(name, revision, namespace, features, deviations)


def _error(error: Element) -> RpcError:
    said = {str(child.tag).rpartition("}")[2]: child for child in error.iterchildren("*")}
    words = {name: " ".join("".join(str(piece) for piece in child.itertext()).split()) for name, child in said.items()}
    info = said.get("error-info")
    return RpcError(
        tag=words.get("error-tag", ""),
        severity=words.get("error-severity") or "error",
        path=words.get("error-path", ""),
        message=words.get("error-message", ""),
        info=words.get("error-info", ""),
        session_id=None if info is None else next(iter(_texts(info, "session-id")), None),
    )


def _text(element: Element, name: str) -> str:
    return next(((child.text or "").strip() for child in element.iterchildren("{*}" + name)), "")


def _texts(element: Element, name: str) -> list[str]:
    return [(found.text or "").strip() for found in element.iter("{*}" + name)]
