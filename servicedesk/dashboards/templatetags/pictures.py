"""The figures of a picture as a table."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from servicedesk.dashboards.pictures import Cell, Picture

register = template.Library()


@register.simple_tag
def picture_table(picture: Picture) -> SafeString:
    """Write the table under a picture; every text is escaped here (see templatetags/charts.py)."""
    drawn = "".join(_table(picture))
    return mark_safe(drawn)  # noqa: S308  # escaped piece by piece  # nosec B308 B703


def _table(picture: Picture) -> Iterable[str]:
    yield '<table class="figures figures-plain"><thead><tr>'
    for n, words in enumerate(picture.headings):
        yield f'<th scope="col"{" class=end" if n else ""}>{escape(words)}</th>'
    yield "</tr></thead><tbody>"
    for row in picture.rows:
        yield f'<tr><th scope="row">{escape(row.name)}</th>{"".join(map(_cell, row.cells))}</tr>'
    yield "</tbody></table>"


def _cell(one: Cell) -> str:
    words = escape(one.words)
    link = f'<a href="{escape(one.url)}">{words}</a>' if one.url else words
    return f'<td class="end">{link}</td>'
