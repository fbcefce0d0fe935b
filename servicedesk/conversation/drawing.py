"""What a conversation has dozens of, drawn without a template each: entries, lines, people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from people.translated import gettext as _
from servicedesk import parts
from servicedesk.conversation.timeline import Burst, Entry, Item, Line
from servicedesk.parts import e
from servicedesk.templatetags.desk import icon, moment_filter

if TYPE_CHECKING:
    from servicedesk.conversation.page import OnIt


def items(some: Iterable[Item], department: str) -> SafeString:
    """Entries, lines and bursts, one after the other; `department` reads the notes."""
    return parts.safe("".join(_item(one, department) for one in some))


def _item(one: Item, department: str) -> str:
    if isinstance(one, Line):
        return line(one)
    if isinstance(one, Burst):
        shown = {"words": one.words, "events": one.events, "at": one.at}
        return render_to_string("components/_burst.html", shown)
    return _note(one, department) if one.is_note else entry(one)


def line(one: Line) -> SafeString:
    """One quiet line; what is late is not so quiet."""
    tone = f' data-tone="{e(one.tone)}"' if one.tone else ""
    return parts.safe(
        f'<div class="event"{tone}>{icon(one.icon)}<span>{e(one.words)}</span>'
        f"{moment_filter(one.at)}</div>\n"
    )


def entry(one: Entry) -> SafeString:
    """What somebody wrote for all who see the request, on paper."""
    who = f'<span class="quiet">{e(one.affiliation)}</span>' if one.affiliation else ""
    tone = f' data-tone="{e(one.tone)}"' if one.tone else ""
    chip = f'<span class="chip"{tone}>{e(one.chip)}</span>' if one.chip else ""
    new = f'<span class="chip" data-tone="good">{e(_("New"))}</span>' if one.new else ""
    return parts.safe(
        f'<article class="entry" id="{e(one.anchor)}">\n'
        f"  <header>{parts.avatar(one.name, ours=one.ours)}<b>{e(one.name)}</b>{who}{chip}{new}"
        f"{moment_filter(one.at)}</header>\n"
        f"  {_body(one.html, one.answers, one.files)}\n</article>\n"
    )


def _note(one: Entry, department: str) -> SafeString:
    """An internal note, on its own ground."""
    reads = _("Internal note, only %(department)s reads this") % {"department": department}
    anchor = f' id="{e(one.anchor)}"' if one.anchor else ""
    return parts.safe(
        f'<article class="entry entry-note"{anchor}>\n'
        f"  <header>{parts.avatar(one.name, ours=True)}<b>{e(one.name)}</b>"
        f'<span class="lock">{icon("lock")} {e(reads)}</span>{moment_filter(one.at)}</header>\n'
        f"  {_body(one.html, (), one.files)}\n</article>\n"
    )


def _body(html: str, answers: Sequence[tuple[str, Any]], files: Sequence[Any]) -> str:
    if files:
        shown = {"html": html, "answers": answers, "files": files}
        return render_to_string("components/_entry_body.html", shown)
    prose = f'<div class="prose">{e(html)}</div>' if html else ""
    pairs = "".join(f"<dt>{e(label)}</dt><dd>{e(value)}</dd>" for label, value in answers)
    said = f'<dl class="answers">{pairs}</dl>' if answers else ""
    return f'<div class="entry-text">{prose}{said}</div>'


def people(some: Iterable[OnIt]) -> SafeString:
    """Who else is on it, each with the way to take them off where that is the reader's to do."""
    return parts.safe("".join(_person(one) for one in some))


def _person(one: OnIt) -> str:
    off = ""
    if one.url:
        words = _("Take %(name)s off") % {"name": one.name}
        off = f'<a class="icon-button" href="{e(one.url)}">{icon("x", "", words)}</a>'
    return (
        f'<li><span>{e(one.name)} <span class="faint">{e(one.department)}</span></span>{off}</li>'
    )
