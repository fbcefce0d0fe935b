"""Tiles, pictures and the table that says who needs help, drawn without a template each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from people.translated import gettext as _
from servicedesk.dashboards.breakdown import Line
from servicedesk.dashboards.page import Tile
from servicedesk.dashboards.pictures import Cell, Picture
from servicedesk.dashboards.shares import Satisfied, Share
from servicedesk.parts import e, safe
from servicedesk.templatetags.charts import chart
from servicedesk.templatetags.desk import meaning, sparkline

MANY = 12
"""A picture of more links has a way past them."""


def tile(one: Tile, meaning_url: str) -> SafeString:
    """One figure: it is the link, the whole tile its target."""
    opens, known = "", ""
    figure = f"{e(one.figure)}<small>{e(one.unit)}</small>" if one.unit else e(one.figure)
    if one.url:
        opens = " tile-opens"
        figure = (
            f'<a class="figure" href="{e(one.url)}">'
            f'<span class="visually-hidden">{e(one.title)}: </span>{figure}</a>'
        )
    else:
        figure = f'<span class="figure">{figure}</span>'
    if one.meaning:
        about = one.meaning
        known = meaning(about.title, about.text, one.name, f"{meaning_url}{about.name}")
    line = sparkline(one.values) if one.values else ""
    tone = f' data-tone="{e(one.tone)}"' if one.tone else ""
    change = f'<span class="change"{tone}>{e(one.change)}</span> ' if one.change else ""
    return safe(
        f'<div class="card tile{opens}"><h3>{e(one.title)}{known}</h3>{figure}{line}'
        f"<p>{change}{e(one.words)}</p></div>"
    )


def picture(one: Picture, title: str, about: Any, meaning_url: str) -> SafeString:
    """A picture under its question, with its figures as a table."""
    known = meaning(about.title, about.text, one.name, f"{meaning_url}{about.name}")
    drawn = [f'<p class="quiet">{e(one.few)}</p>']
    if one.chart:
        past = f'<a class="past button" href="#after-{one.name}">{e(_("Past the picture"))}</a>'
        note = f'<p class="small quiet">{e(one.note)}</p>' if one.note else ""
        drawn = [past if one.marks > MANY else "", chart(one.chart), note]
    if one.rows:
        drawn.append(
            f'<details class="chart-table" id="after-{one.name}"><summary>{e(_("As a table"))}'
            f'<span class="visually-hidden">: {e(title)}</span></summary><div class="scroll"'
            f' tabindex="0" role="group" aria-label="{e(title)}">{table(one)}</div></details>'
        )
    return safe(
        f'<figure class="card stack gap-3 picture" id="{one.name}">'
        f'<figcaption class="row gap-1"><h2 class="h3">{e(title)}</h2>{known}</figcaption>'
        f"{''.join(drawn)}</figure>"
    )


def table(one: Picture) -> SafeString:
    """The figures of a picture."""
    heads = "".join(
        f'<th scope="col"{" class=end" if n else ""}>{e(words)}</th>'
        for n, words in enumerate(one.headings)
    )
    rows = "".join(
        f'<tr><th scope="row">{e(row.name)}</th>{"".join(map(_cell, row.cells))}</tr>'
        for row in one.rows
    )
    return safe(
        f'<table class="figures figures-plain"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _cell(one: Cell) -> str:
    return f'<td class="end">{_linked(e(one.words), one.url)}</td>'


def share(one: Share, url: str) -> SafeString:
    """A share as a bar with its figure and its n; `url` is that of its list; too few is said."""
    n = one.now.n
    if one.percent is None:
        said = _("none decided")
        if n:
            few = ngettext("%(n)s decided: too few to say", "%(n)s decided: too few to say", n)
            said = few % {"n": n}
        return safe(f'<span class="faint">{e(said)}</span>')
    figure, tone = f"{one.percent} %", ""
    if one.is_poor:
        figure, tone = f'<b class="bad">{figure}</b>', ' data-tone="late"'
    return safe(
        '<div class="measure"><svg width="88" height="8" viewBox="0 0 88 8" '
        'preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-track" width="88" height="8" rx="2"/>'
        f'<rect class="bar-value"{tone} width="{one.bar}" height="8" rx="2"/></svg>'
        f'<data value="{one.percent}">{_linked(figure, url)}</data>'
        f'<span class="faint small">n = {n}</span></div>'
    )


def _linked(html: str, url: str) -> str:
    return f'<a href="{e(url)}">{html}</a>' if url else html


def lines(some: Iterable[Line], labels: Mapping[str, Any], *, with_satisfied: bool) -> SafeString:
    """The rows of the table; `labels` are its headings, which a narrow page shows in each row."""
    said = {name: e(words) for name, words in labels.items()}
    return safe("".join(_line(one, said, with_satisfied=with_satisfied) for one in some))


def _line(one: Line, labels: Mapping[str, str], *, with_satisfied: bool) -> str:
    links, ready = one.links, one.ready
    about = f' <span class="under faint small">{e(one.about)}</span>' if one.about else ""
    few = f'<span class="faint">{labels["few"]}</span>'
    none = '<span class="faint">0</span>'
    late = _linked(f'<b class="bad">{one.late}</b>', links["late"]) if one.late else none
    risk = _linked(str(one.at_risk), links["risk"]) if one.at_risk else none
    cells = [
        f'<th scope="row">{_linked(e(one.name), one.url)}{about}</th>',
        f'<td data-label="{labels["ready"]}">{share(ready, links["ready"])}</td>',
        _figure(labels["change"], e(ready.change_figure) if ready.change_figure else few),
        _figure(labels["broken"], _linked(str(ready.now.missed), links["missed"])),
        f'<td data-label="{labels["answered"]}">{share(one.answered, links["answered"])}</td>',
        _figure(labels["late"], late),
        _figure(labels["risk"], risk),
        _figure(labels["open"], _linked(str(one.open), links["open"])),
    ]
    if with_satisfied:
        said = _satisfied(one.satisfied, links["rated"]) if one.satisfied else _no_answers()
        cells.append(f'<td class="wraps" data-label="{labels["satisfied"]}">{said}</td>')
    return f"<tr>\n  {chr(10).join(cells)}\n</tr>\n"


def _figure(label: str, drawn: str) -> str:
    return f'<td class="end" data-label="{label}">{drawn}</td>'


def _no_answers() -> str:
    return f'<span class="faint">{e(_("no answers"))}</span>'


def _satisfied(one: Satisfied, url: str) -> str:
    n = one.now.n
    if one.percent is None:
        if not n:
            return _no_answers()
        few = ngettext("%(n)s answer: too few", "%(n)s answers: too few", n) % {"n": n}
        return f'<span class="faint">{e(few)}</span>'
    between = _("between %(low)s and %(high)s %%") % {"low": one.low, "high": one.high}
    return (
        '<div class="measure"><svg width="88" height="12" viewBox="0 0 88 12" '
        'preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="span" d="{one.span}"/>'
        f'<circle class="span-value" cx="{one.dot}" cy="6" r="5"/></svg>'
        f'<data value="{one.percent}">{_linked(f"{one.percent} %", url)}</data>'
        f'<span class="visually-hidden">{e(between)}</span>'
        f'<span class="faint small">n = {n}</span></div>'
    )
