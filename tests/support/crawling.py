"""Walking through all pages that a person can reach, as they read them."""

import re
from collections import deque
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bs4 import BeautifulSoup

from tests.support.visiting import Visitor

TOKEN = re.compile(r'(name="(?:csrf_token|form_key)" value=)"[^"]*"')
PLACE = re.compile(r"<(?:\w+(?:\((?P<choices>[^)]*)\))?:)?(?P<name>\w+)>")
MOST = 400


def crawl(visitor: Visitor, beginnings: Iterable[str]) -> dict[str, str]:
    """What each page says, by its address: from some pages on through every link and every fragment they ask for."""
    ahead, pages = deque(beginnings), dict[str, str]()
    while ahead:
        url = ahead.popleft()
        if url in pages:
            continue
        assert len(pages) < MOST, "there is no end to the pages; links should not multiply"
        pages[url] = read(visitor, url)
        ahead.extend(links(pages[url], url))
    return pages


def read(visitor: Visitor, url: str) -> str:
    """A page with its status, or where it sends one, without what differs each time; and the same with htmx."""
    said = []
    for headers in ({}, {"HX-Request": "true"}):
        answer = visitor.client.get(url, headers=headers)
        said.append(f"{answer.status_code} {answer.headers.get('Location', '')}\n{TOKEN.sub('token', answer.text)}")
    return "\n".join(said)


def links(html: str, base: str) -> list[str]:
    """Addresses within the product that the page names, by link or by htmx."""
    page = BeautifulSoup(html, "html.parser")
    named = [element[name] for name in ("href", "hx-get") for element in page.find_all(attrs={name: True})]
    found = [_plain(urljoin(base, address)) for address in named]
    return [url for url in found if url.startswith("/") and not _is_file(url)]


def _plain(url: str) -> str:
    """An address without its place on the page and without an order, of which there are too many."""
    parts = urlsplit(url)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "sort"])
    return urlunsplit(parts._replace(query=query, fragment=""))


def address(rule: str, numbers: dict[str, int]) -> str:
    """A rule of the URL map with its places filled in: by these numbers, by 1, or by the first of a choice."""
    return PLACE.sub(lambda place: (place["choices"] or str(numbers.get(place["name"], 1))).split(",")[0], rule)


def _is_file(url: str) -> bool:
    return urlsplit(url).path.startswith(("/assets/", "/favicon"))
