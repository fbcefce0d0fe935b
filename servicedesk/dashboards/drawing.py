"""The lines of the table that says who needs help, drawn without a template each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from people.translated import gettext as _
from servicedesk.dashboards.breakdown import Line
from servicedesk.dashboards.shares import Satisfied, Share
from servicedesk.parts import e, safe


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
