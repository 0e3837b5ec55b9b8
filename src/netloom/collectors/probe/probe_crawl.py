"""A small walk over a site: which of its links lead nowhere."""

from __future__ import annotations

import asyncio
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

from netloom.collectors.probe.look import Failed, Look, worded
from netloom.collectors.probe.probe_http import get, url_of
from netloom.errors import NetloomError
from netloom.transports.web import PORTS

_LINKS = {"a": "href", "area": "href", "link": "href", "img": "src", "script": "src", "iframe": "src", "source": "src"}
_REDIRECTS = (301, 302, 303, 307, 308)
SHOWN = 20
URL_LIMIT = 2000
LINKS_LIMIT = 2000
"""Of one page."""


def links_of(page: str, body: bytes) -> list[str]:
    """What a page refers to, whole URLs without fragments, in order; of a broken page what can be read."""
    from lxml import etree  # noqa: PLC0415 - slow to import, seldom needed

    try:
        root = etree.fromstring(body, etree.HTMLParser(no_network=True, recover=True))
    except (etree.LxmlError, ValueError):
        return []
    base, found = page, dict[str, None]()
    for element in () if root is None else root.iter("base", *_LINKS):
        value = element.get("href" if element.tag == "base" else _LINKS[element.tag])
        if not value or len(value) > URL_LIMIT:
            continue
        try:
            url = urldefrag(urljoin(base, value.strip())).url
            if element.tag == "base":
                base = url
            elif urlsplit(url).scheme in PORTS:
                found[url] = None
        except ValueError:  # what is written there is no URL, and browsers find none either
            continue
        if len(found) >= LINKS_LIMIT:
            break
    return list(found)


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
    return "", links_of(url, answer.body)
