"""A request to a web server: its status, its phases, its certificate, and what stands in it."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import urljoin, urlsplit

from netloom.collectors.probe.certificates import context_of, tell
from netloom.collectors.probe.look import Failed, Look, matches, split_port
from netloom.transports.web import PHASES, Asked, Fetched, fetch, parse_url

_REDIRECTS = (301, 302, 303, 307, 308)


async def look(look: Look) -> None:
    """Ask, follow where that is allowed, and judge the last answer."""
    options = look.module.http
    url, redirects = url_of(look), 0
    while True:
        fetched = await get(look, url)
        answer = fetched.answer
        location = answer.fields.get("location")
        if not options.follow_redirects or answer.status not in _REDIRECTS or location is None:
            break
        redirects += 1
        look.told["probe_http_redirects"] = redirects
        if redirects > options.max_redirects:
            raise Failed(f"more than {options.max_redirects} redirects")
        url = urljoin(url, location)
    look.told["probe_http_redirects"] = redirects
    _judge(look, fetched, url)


def url_of(look: Look) -> str:
    """The target as a URL: one without a scheme is asked by http, or by https on the ports 443 and 8443."""
    if "://" in look.target:
        return look.target
    place, slash, path = look.target.partition("/")
    host, port = split_port(place)
    port = port or look.module.port or None
    shown = f"[{host}]" if ":" in host else host
    scheme = "https" if port in (443, 8443) else "http"
    return f"{scheme}://{shown}{f':{port}' if port else ''}{slash or '/'}{path}"


async def get(look: Look, url: str, *, method: str | None = None) -> Fetched:
    """The answer of a URL, and its phases; those of former requests of this look are added. Raises NetloomError."""
    options = look.module.http
    parts, host, _ = parse_url(url)
    first_host = urlsplit(url_of(look)).hostname
    # Whoever we are sent to is not told what was meant for another.
    fields = _fields(look) if host == first_host else {}
    asked = Asked(
        url=url,
        method=method or options.method,
        fields=fields,
        body=options.body.encode(),
        context=context_of(look) if parts.scheme == "https" else None,
        server_name=look.module.tls.server_name or None,
        limit=options.max_body_bytes,
        opener=look.open_socket,
    )
    fetched = await fetch(asked, look.allowed)
    look.told["address"] = fetched.address
    spent = look.told.setdefault("probe_http_duration_seconds", {})
    for phase in PHASES:
        if phase in fetched.phases:
            spent[phase] = spent.get(phase, 0.0) + fetched.phases[phase]
    look.told["probe_dns_lookup_time_seconds"] = spent["resolve"]
    look.told["probe_http_status_code"] = fetched.answer.status
    look.told["probe_http_ssl"] = fetched.tls is not None
    if fetched.tls is not None:
        tell(look, fetched.tls)
    return fetched


def _fields(look: Look) -> dict[str, str]:
    options = look.module.http
    fields = dict(options.headers)
    if options.bearer_token:
        fields["Authorization"] = f"Bearer {look.secret(options.bearer_token).reveal()}"
    elif options.username:
        password = look.secret(options.password).reveal() if options.password else ""
        fields["Authorization"] = f"Basic {b64encode(f'{options.username}:{password}'.encode()).decode()}"
    return fields


def _judge(look: Look, fetched: Fetched, url: str) -> None:
    options, answer = look.module.http, fetched.answer
    length = answer.fields.get("content-length", "")
    look.told["probe_http_content_length"] = int(length) if length.isascii() and length.isdigit() else None
    look.told["probe_http_uncompressed_body_length"] = len(answer.body)
    if not any(is_good(answer.status, each) for each in options.status):
        raise Failed(f"HTTP {answer.status} from {url}, expected {' or '.join(options.status)}")
    if options.fail_if_ssl and fetched.tls is not None:
        raise Failed("TLS, expected none")
    if options.fail_if_not_ssl and fetched.tls is None:
        raise Failed("no TLS, expected some")
    _match(look, fetched)


def is_good(status: int, wished: str) -> bool:
    """Whether a status is what is wished for: 200, 2xx, 200-299."""
    if wished.endswith("xx"):
        return status // 100 == int(wished[0])
    low, _, high = wished.partition("-")
    return int(low) <= status <= int(high or low)


def _match(look: Look, fetched: Fetched) -> None:
    options, answer = look.module.http, fetched.answer
    text = answer.body.decode(errors="replace")
    checks = [("the body", text, each, False) for each in options.fail_if_body_matches]
    checks += [("the body", text, each, True) for each in options.fail_if_body_not_matches]
    for wished, headers in ((False, options.fail_if_header_matches), (True, options.fail_if_header_not_matches)):
        checks += [
            (f"the header {name}", answer.fields.get(name.lower(), ""), each, wished) for name, each in headers.items()
        ]
    if not checks:
        return
    look.told["probe_failed_due_to_regex"] = True
    for what, found, expression, wished in checks:
        if matches(expression, found) is not wished:
            raise Failed(f"{what} {'does not match' if wished else 'matches'} {expression!r}")
    look.told["probe_failed_due_to_regex"] = False
