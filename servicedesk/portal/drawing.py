"""Requests in a list, drawn without a template each: a page has fifty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.safestring import SafeString

from people.models import User
from servicedesk import parts
from servicedesk.parts import e
from servicedesk.portal.rows import Row
from servicedesk.templatetags.desk import moment_tag, reference


def own_lines(rows: Iterable[Row], *, shared: bool, when: bool) -> SafeString:
    """Requests as their requester reads them; `shared` says whose, `when` of which day, too."""
    drawn = []
    for row in rows:
        one = row.service_request
        said = [e(one.requester.name)] if shared else []
        said += [e(one.provider_department.name), e(row.status), reference(one)]
        drawn.append(_line(row, [*said, _day(one.submitted_at)] if when else said))
    return parts.safe("\n  ".join(drawn))


def found_lines(rows: Iterable[Row], reader: User) -> SafeString:
    """Requests that were found: by their reference, with whose they are if not the reader's."""
    drawn = []
    for row in rows:
        one = row.service_request
        said = [reference(one)]
        said += [e(one.requester.name)] if one.requester_id != reader.pk else []
        said += [e(one.provider_department.name), e(row.status), _day(one.submitted_at)]
        drawn.append(_line(row, said))
    return parts.safe("\n  ".join(drawn))


def _line(row: Row, said: list[SafeString]) -> str:
    one = row.service_request
    chip = (
        f'<div class="col-promise">{parts.promise(row.chip, one.reference)}</div>'
        if row.chip
        else ""
    )
    return (
        '<li>\n    <div class="grow">\n'
        f'      <a class="go" href="{parts.request_url(one.reference)}">{e(one.subject)}</a>\n'
        f'      <p class="dense quiet">{" · ".join(said)}</p>\n    </div>\n    {chip}\n  </li>'
    )


def _day(at: datetime) -> SafeString:
    return moment_tag(at, only="day", inside=True)
