"""A small walk over a site: which of its links lead nowhere."""

from __future__ import annotations

import asyncio
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from netloom.collectors.probe.look import Failed, Look, worded
from netloom.collectors.probe.probe_http import get, url_of
from netloom.errors import NetloomError

_LINKS = {"a": "href", "area": "href", "link": "href", "img": "src", "script": "src", "iframe": "src", "source": "src"}
_REDIRECTS = (301, 302, 303, 307, 308)
SHOWN = 20
URL_LIMIT = 2000


class _Links(HTMLParser):
    """Collects what a page refers to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.base = page
        self.found: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        values = dict(attrs)
        if tag == "base" and values.get("href"):
            self.base = urljoin(self.base, values["href"] or "")
        value = values.get(_LINKS.get(tag, ""))
        if value and len(value) <= URL_LIMIT:
            try:
                url = urldefrag(urljoin(self.base, value.strip())).url
                if urlsplit(url).scheme in ("http", "https"):
                    self.found[url] = None
            except ValueError:  # what is written there is no URL, and browsers find none either
                return


async def look(look: Look) -> None:
    """Walk from the first page on, breadth first, over one host, and tell of links that lead nowhere."""
    options, start = look.module.crawl, url_of(look)
    site = urlsplit(start).netloc
    waiting: deque[tuple[str, str, int]] = deque([(start, "", 0)])
    seen, broken, pages, tried = {start}, list[str](), 0, 0
    try:
        while waiting and tried < options.max_links:
            url, source, depth = waiting.popleft()
            tried += 1
            if tried > 1:
                await asyncio.sleep(options.pause_s)
            fault, links = await _visit(look, url)
            if fault:
                if not source:
                    raise Failed(f"{url}: {fault}")
                broken.append(f"{url} (from {source}): {fault}")
                continue
            pages += bool(links)
            if depth < options.max_depth and pages <= options.max_pages:
                for link in links:
                    if link not in seen and urlsplit(link).netloc == site:
                        seen.add(link)
                        waiting.append((link, url, depth + 1))
    finally:
        look.told["probe_crawl_pages"] = pages
        look.told["probe_crawl_links"] = tried
        look.told["probe_crawl_broken"] = tuple(broken[:SHOWN])
    if broken:
        raise Failed(f"{len(broken)} of {tried} links lead nowhere: {broken[0]}")


async def _visit(look: Look, url: str) -> tuple[str, list[str]]:
    """What is wrong with a link, and what its page refers to."""
    try:
        fetched = await get(look, url, method="GET")
    except (NetloomError, ValueError) as exc:
        return worded(exc), []
    answer = fetched.answer
    if answer.status >= 400:
        return f"HTTP {answer.status}", []
    if answer.status in _REDIRECTS:
        location = answer.fields.get("location", "")
        return "", [urljoin(url, location)] if location else []
    if "html" not in answer.fields.get("content-type", ""):
        return "", []
    parser = _Links(url)
    parser.feed(answer.body.decode(errors="replace"))
    return "", list(parser.found)
