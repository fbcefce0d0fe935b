"""The lines of a queue, drawn without a template each: a page has fifty."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from django.utils import timezone
from django.utils.safestring import SafeString

from people.models import Department
from people.translated import gettext as _
from servicedesk import parts, wording
from servicedesk.desk.filters import Word
from servicedesk.desk.rows import Row
from servicedesk.parts import e
from servicedesk.templatetags.desk import icon


def word(one: Word) -> SafeString:
    """A word of the sentence with its choices, each a link; only itself where there are none."""
    return _word_said_before(one) if isinstance(one.choices, tuple) else _word(one)


def _word(one: Word) -> SafeString:
    if not one.choices:
        return e(one.words)
    choices = "".join(
        f'<a class="menu-item" href="{e(choice.query)}"'
        f"{_CURRENT if choice.current else ''}>{e(choice.words)}</a>"
        for choice in one.choices
    )
    return parts.safe(
        f'<details name="filter"><summary>{e(one.words)}</summary>'
        f'<span class="menu">{choices}</span></details>'
    )


_word_said_before = lru_cache(maxsize=512)(_word)
_CURRENT = ' aria-current="true"'


def lines(rows: Iterable[Row], department: Department, selected: Collection[str]) -> SafeString:
    """One after the other."""
    return parts.safe("".join(line(row, department, selected) for row in rows))


def line(
    row: Row, department: Department, selected: Collection[str], *, mark: str = "", left: str = ""
) -> SafeString:
    """One request: a row of the table, a card where it is narrow.

    `mark` and `left` are those of one that has changed since the page was loaded.
    """
    one = row.service_request
    reference, subject = one.reference, e(one.subject)
    preview = parts.address("desk:preview", reference, department.slug)
    unread = " data-unread" if row.is_unread else ""
    away = f' data-away="{e(left)}"' if left else ""
    checked = " checked" if reference in selected else ""
    tick = e(_("Select %(reference)s") % {"reference": reference})
    title = f' title="{e(_("Not yet answered"))}"' if row.is_unread else ""
    lock = f" {icon('lock', '', _('Restricted'))}" if one.restricted else ""
    turn = f'<span class="turn-us">{e(row.turn)}</span>' if row.is_ours else e(row.turn)
    who = parts.avatar(one.assignee.name if one.assignee else "", named=True)
    chip = parts.promise(row.chip, reference) if row.chip else ""
    return parts.safe(
        f'<tr data-row data-reference="{reference}" data-mark="{e(mark or row.mark)}"{unread}{away}'
        f' hx-get="{preview}" hx-trigger="desk:row delay:150ms, click target:td"'
        ' hx-target="#preview" hx-sync="#preview:replace">\n'
        f'  <td class="cell-check"><label><input type="checkbox" name="selected"'
        f' value="{reference}"{checked}><span class="visually-hidden">{tick}</span></label></td>\n'
        f'  <td class="cell-subject"><span class="reference">{reference}</span>'
        f'<a class="subject" href="{parts.request_url(reference)}"{title}>{subject}</a>'
        f"{lock}</td>\n"
        f'  <td class="cell-client">{e(one.client_department.name)}</td>\n'
        f'  <td class="cell-service">{e(one.service.name)}</td>\n'
        f'  <td class="cell-turn">{turn}{_by_itself(row)}</td>\n'
        f'  <td class="cell-who">{who}</td>\n'
        f'  <td class="cell-promise">{chip}</td>\n'
        f'  <td class="cell-priority">{parts.priority(one.priority)}</td>\n'
        "</tr>"
    )


def _by_itself(row: Row) -> str:
    at = row.service_request.wakes_at
    if at is None:
        return ""
    day = wording.date_words(timezone.localtime(at).date(), "D j M")
    return (
        ' <span class="turn-day small faint"><span class="visually-hidden">'
        f"{e(_('next step by itself:'))} </span>{e(day)}</span>"
    )
