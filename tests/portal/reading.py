"""Reading a page as a browser would: what it says, and whether it is soundly built."""

from __future__ import annotations

import functools
import re
from collections import Counter
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

Response = Any
"""What the test client hands out; its stubs know no public name for it."""

_TAGS_THAT_NEED_A_NAME = {"input", "select", "textarea"}


_ATTRIBUTES = r"""[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*"""
_PIECE = re.compile(
    rf"""
      (?P<text> [^<]+ )
    | <!--.*?--> | <!doctype[^>]*>
    | </ (?P<end> [a-z][a-z0-9-]* ) \s* >
    | < (?P<apart> script | style ) \b (?P<of_it> {_ATTRIBUTES} ) > .*? </ (?P=apart) \s* >
    | < (?P<start> [a-z][a-z0-9-]* ) (?P<given> {_ATTRIBUTES} ) >
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""What a page is made of; what a script or a style says is nobody's to read."""
_ATTRIBUTE = re.compile(r"""([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?""")


class _Reader:
    """Reads a page in a fifth of the time that `html.parser` takes, and forgives nothing."""

    def __init__(self, page: str) -> None:
        self.ids: Counter[str] = Counter()
        self.headings: list[int] = []
        self.labels: set[str] = set()
        self.described: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.wrong: list[str] = []
        self.words: list[str] = []
        self._within_label = 0
        read = 0
        while read < len(page):
            piece = _PIECE.match(page, read)
            assert piece, f"no tag, and no text: {page[read : read + 80]}"
            read = piece.end()
            if text := piece["text"]:
                self.words.append(unescape(text))
            elif tag := piece["start"] or piece["apart"]:
                self._begin(tag.lower(), _attributes(piece["given"] or piece["of_it"] or ""))
            elif end := piece["end"]:
                self._within_label -= end.lower() == "label"

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        if given.get("id"):
            self.ids[given["id"]] += 1
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "label":
            self._within_label += 1
            self.labels.add(given.get("for", ""))
        self.described |= set(given.get("aria-describedby", "").split())
        self.described |= set(given.get("aria-labelledby", "").split())
        if tag in _TAGS_THAT_NEED_A_NAME and given.get("type") != "hidden":
            self.fields.append(given | {"within": "label" if self._within_label else ""})
        self.wrong += [name for name in given if name == "style" or name.startswith("on")]
        data = given.get("type") == "application/json"
        if tag == "style" or (tag == "script" and not given.get("src") and not data):
            self.wrong.append(tag)
        if tag == "button" and "type" not in given:
            self.wrong.append("a button without a type")


def _attributes(written: str) -> dict[str, str]:
    return {
        name.lower(): unescape(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(written)
    }


@functools.lru_cache(maxsize=8)
def _reader(content: bytes) -> _Reader:
    """A test reads a page several times over."""
    return _Reader(content.decode())


def _read(response: Response) -> _Reader:
    return _reader(response.content)


def words(response: Response) -> str:
    """What the page says, with single spaces."""
    return " ".join(" ".join(_read(response).words).split())


def assert_sound(response: Response) -> None:
    """One main heading, no level left out, every id once, every field named, nothing inline."""
    reader = _read(response)
    assert reader.headings.count(1) == 1
    before = 1
    for level in reader.headings:
        assert level <= before + 1, f"a heading of level {level} after one of {before}"
        before = level
    assert [name for name, count in reader.ids.items() if count > 1] == []
    assert reader.described - set(reader.ids) == set()
    nameless = [
        field
        for field in reader.fields
        if not (field["within"] or field.get("id") in reader.labels or field.get("aria-label"))
    ]
    assert nameless == []
    assert reader.wrong == []


def queries(client: Client, address: str) -> int:
    """How many queries the page takes, once what is kept between pages is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)
