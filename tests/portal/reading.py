"""Reading a page as a browser would: what it says, and whether it is soundly built."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

Response = Any
"""What the test client hands out; its stubs know no public name for it."""

_TAGS_THAT_NEED_A_NAME = {"input", "select", "textarea"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.headings: list[int] = []
        self.labels: set[str] = set()
        self.described: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.wrong: list[str] = []
        self.words: list[str] = []
        self._within_label = 0
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids[str(given["id"])] += 1
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "label":
            self._within_label += 1
            self.labels.add(str(given.get("for", "")))
        self.described |= set(str(given.get("aria-describedby") or "").split())
        self.described |= set(str(given.get("aria-labelledby") or "").split())
        if tag in _TAGS_THAT_NEED_A_NAME and given.get("type") != "hidden":
            self.fields.append(given | {"within": "label" if self._within_label else None})
        self._script = tag in ("script", "style")
        self.wrong += [name for name in given if name == "style" or name.startswith("on")]
        data = given.get("type") == "application/json"
        if tag == "style" or (tag == "script" and not given.get("src") and not data):
            self.wrong.append(tag)
        if tag == "button" and "type" not in given:
            self.wrong.append("a button without a type")

    def handle_endtag(self, tag: str) -> None:
        self._script = False
        if tag == "label":
            self._within_label -= 1

    def handle_data(self, data: str) -> None:
        if not self._script:
            self.words.append(data)


def _read(response: Response) -> _Reader:
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader


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
