"""Parts of which a page shows hundreds, drawn without a template each.

What they look like is told in servicedesk/templates/components/; those templates draw them by these
functions, too, so that there is one of each.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from people.translated import gettext as _
from servicedesk import wording

_SIGNS = {
    "at-risk": '<circle class="ring-sign" cx="9" cy="9" r="1"/>',
    "late": '<path class="ring-sign" d="M9 5.5v4m0 2.5v.01"/>',
    "paused": '<path class="ring-sign" d="M7.5 6.75v4.5m3-4.5v4.5"/>',
    "met": '<path class="ring-sign" d="m6 9.25 2.2 2.2L12.25 7"/>',
    "missed": '<path class="ring-sign" d="m6.75 6.75 4.5 4.5m0-4.5-4.5 4.5"/>',
}
_WHOLE = frozenset({"met", "late", "missed"})
_COUNTING = frozenset({"on-track", "at-risk", "late"})


def safe(html: str) -> SafeString:
    """HTML of this module's own making: whatever was put into it has been escaped."""
    return SafeString(html)  # nosec B703


def e(text: object) -> SafeString:
    """Escaped, unless it is HTML already: as Django's `conditional_escape`, and quicker."""
    if type(text) is not str:
        if isinstance(text, Promise):
            text = str(text)
        if hasattr(text, "__html__"):
            return safe(text.__html__())
    return safe(escape(str(text)))


@lru_cache(maxsize=1024)
def ring(state: str, percent: int = 0) -> SafeString:
    """How much of a budget is used, as a ring with a sign for its state."""
    used = ""
    if state != "none":
        share = 100 if state in _WHOLE else percent or 0
        used = (
            '<circle class="ring-used" cx="9" cy="9" r="7.5" pathLength="100" '
            f'stroke-dasharray="{share:d} 100" transform="rotate(-90 9 9)"/>'
        )
    return safe(
        f'<svg class="ring" data-state="{e(state)}" viewBox="0 0 18 18" aria-hidden="true">'
        '<circle class="ring-budget" cx="9" cy="9" r="7.5"/>'
        f"{used}{_SIGNS.get(state, '')}</svg>"
    )


def promise(chip: Any, name: str) -> SafeString:
    """A promise chip; `name` makes its ids those of one place on the page."""
    state, told = chip.state, bool(chip.title or chip.story)
    name = e(name)
    counts = ""
    if state in _COUNTING:
        calendar = "" if chip.calendar_id is None else f"{chip.calendar_id:d}"
        warn = 100 if chip.warn_percent is None else chip.warn_percent
        counts = (
            f' data-promise data-left="{chip.left_seconds or 0:d}" '
            f'data-budget="{chip.budget_seconds or 0:d}" data-warn="{warn:d}" '
            f'data-calendar="{calendar}"'
        )
    begins = (
        f'<button class="promise-chip" type="button" aria-describedby="story-{name}">'
        if told
        else '<span class="promise-chip">'
    )
    ends = "</span>"
    if told:
        title = f"<b>{e(chip.title)}</b>" if chip.title else ""
        ends = (
            f'</button><span class="story" id="story-{name}" role="tooltip">'
            f"{title}{e(chip.story)}</span>"
        )
    drawn = "" if state == "none" else f"\n{ring(state, chip.percent)}\n"
    hidden = "" if state == "at-risk" else " hidden"
    return safe(
        f'<span class="promise" data-state="{e(state)}"{counts}>{begins}{drawn}'
        f'<span class="visually-hidden" data-promise-risk{hidden}>{e(_("At risk:"))} </span>'
        f"<span data-promise-words>{e(chip.words)}</span>{ends}</span>"
    )


def avatar(
    name: str, *, ours: bool = False, large: bool = False, named: bool = False
) -> SafeString:
    """Someone's initials in a circle; without a name, nobody yet."""
    size = " avatar-large" if large else ""
    if not name:
        words = e(_("nobody yet"))
        return safe(
            f'<span class="avatar avatar-nobody{size}" title="{words}">'
            f'<span class="visually-hidden">{words}</span></span>'
        )
    letters, whole = e(wording.initials(str(name))), e(name)
    side = " avatar-desk" if ours else ""
    if named:
        return safe(
            f'<span class="avatar{size}{side}" title="{whole}"><span aria-hidden="true">{letters}'
            f'</span><span class="visually-hidden">{whole}</span></span>'
        )
    return safe(
        f'<span class="avatar{size}{side}" title="{whole}" aria-hidden="true">{letters}</span>'
    )


def priority(name: str, words: str = "") -> SafeString:
    """P1 to P4, with what it means where that is said."""
    title = f' title="{e(words)}"' if words else ""
    return safe(f'<span class="priority" data-p="{e(name)}"{title}>{e(name)}</span>')


# -- Addresses of many ---------------------------------------------------------------------------

_SAMPLE = "A0-0"
"""A reference; every other one stands in its place as it is: letters, a hyphen, digits."""


def request_url(reference: str) -> str:
    """The address of a request."""
    return address("conversation:request", reference)


def address(view: str, reference: str, *before: str) -> str:
    """The address of a view whose last argument is a reference; resolved once for all of them."""
    begins, ends = _around(view, before, get_script_prefix())
    return f"{begins}{reference}{ends}"


@lru_cache(maxsize=256)
def _around(view: str, before: tuple[str, ...], _prefix: str) -> tuple[str, str]:
    begins, _sample, ends = reverse(view, args=[*before, _SAMPLE]).rpartition(_SAMPLE)
    return begins, ends
