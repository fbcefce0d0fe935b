"""What stands on the pages about agreements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from people.access import standing
from people.models import Department, User
from requests_app.priority import Priority
from slas import access, budgets
from slas.comparing import (
    ACT_WORDS,
    METRIC_WORDS,
    Line,
    Names,
    client_part,
    day,
    differences,
    percents,
)
from slas.conditions import METRICS, Conditions
from slas.drafting import begins_at, waiting_for
from slas.engine import Metric
from slas.models import (
    Agreement,
    AgreementDeed,
    AgreementDraft,
    AgreementVersion,
    Deed,
    Stage,
)
from slas.register import LIFE_WORDS, REVIEW_AHEAD, Life, current, life

TONES = {
    Life.DRAFT: "",
    Life.PROPOSED: "waiting",
    Life.TO_COME: "accent",
    Life.IN_FORCE: "good",
    Life.ENDED: "",
}
PRIORITIES = [str(one) for one in Priority]


@dataclass(frozen=True, slots=True)
class Cell:
    """One promise: what it is, and what it was where that is different."""

    priority: str
    words: str
    was: str = ""
    note: str = ""
    """Where it follows from another promise: from which."""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric, or one step, across the priorities."""

    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ListRow:
    """An agreement in a list."""

    agreement: Agreement
    life: str
    tone: str
    clients: str
    number: int
    waits: bool
    """A proposal waits for the reader's yes or no."""
    review_on: Any
    is_due: bool
    """For its review."""
    begins_at: datetime | None
    services: str


def proposed_to(agreements: Sequence[Agreement]) -> dict[int, str]:
    """The departments for which drafts are written, by id: one query, however many there are."""
    drafts: list[AgreementDraft | None] = [getattr(one, "draft", None) for one in agreements]
    ids = {pk for one in drafts if one for pk in Conditions.read(one.conditions).clients}
    return dict(Department.objects.filter(pk__in=ids).values_list("pk", "name"))


def list_row(
    agreement: Agreement, now: datetime, user: User, today: date, names: Mapping[int, str]
) -> ListRow:
    """One row; versions, coverage, draft and acceptances were prefetched.

    `names` are those of the departments in drafts, `today` is the reader’s.
    """
    versions = list(agreement.versions.all())
    shown = current(agreement, now) or (versions[-1] if versions else None)
    where = life(agreement, now)
    covered = list(shown.coverage.all()) if shown else []
    services = sorted({one.service.name for one in covered if one.service})
    draft: AgreementDraft | None = getattr(agreement, "draft", None)
    clients = {one.client.name for one in covered}
    if shown is None and draft is not None:
        clients = {names.get(pk, "") for pk in Conditions.read(draft.conditions).clients}
    review_on = shown.review_on if shown and where == Life.IN_FORCE else None
    return ListRow(
        agreement=agreement,
        life=str(LIFE_WORDS[where]),
        tone=TONES[where],
        clients=", ".join(sorted(filter(None, clients))),
        number=shown.number if shown else 0,
        waits=draft is not None and bool(to_decide(user, agreement, draft)),
        review_on=review_on,
        is_due=review_on is not None and review_on <= today + REVIEW_AHEAD,
        begins_at=shown.in_force_from if shown and where == Life.TO_COME else None,
        services=", ".join(services),
    )


def to_decide(user: User, agreement: Agreement, draft: AgreementDraft) -> list[int]:
    """The departments for which the person still has to say yes or no."""
    if draft.stage != Stage.PROPOSED:
        return []
    led = standing(user).lead_of
    return [pk for pk in waiting_for(agreement, draft) if pk in led]


def said_rows(said: Conditions, before: Conditions | None = None) -> list[Row]:
    """The table of promises: the metrics of which any is promised, or was."""
    rows = []
    for metric in METRICS:
        cells = []
        for priority in PRIORITIES:
            (now, note), was = _promised(said, metric, priority), None
            if before is not None:
                was = _promised(before, metric, priority)[0]
            changed = before is not None and was != now
            then = budgets.write(was) if was else _("not promised")
            words = budgets.write(now) if now else ""
            cells.append(Cell(priority, words, then if changed else "", note))
        if any(one.words or one.was for one in cells):
            rows.append(Row(str(METRIC_WORDS[metric]), cells))
    return rows


def _promised(said: Conditions, metric: str, priority: str) -> tuple[timedelta | None, str]:
    """The budget, and a word on it: a next reply of which nothing is said is like the first."""
    named = said.targets.get((metric, priority))
    if named is not None or metric != Metric.NEXT_REPLY:
        return named, ""
    first = said.targets.get((Metric.FIRST_RESPONSE, priority))
    return first, "" if first is None else _("like the first")


def step_rows(said: Conditions) -> list[Row]:
    """What happens before and after a breach."""
    rows = [
        Row(_("Warn"), [Cell(one, percents(said.thresholds.get(one, ()))) for one in PRIORITIES])
    ]
    for act, words in ACT_WORDS.items():
        cells = [
            Cell(
                one,
                percents(step.percent for step in said.escalation.get(one, ()) if step.act == act),
            )
            for one in PRIORITIES
        ]
        rows.append(Row(str(words), cells))
    return [row for row in rows if any(cell.words for cell in row.cells)]


def said_page(said: Conditions, names: Names, before: Conditions | None = None) -> dict[str, Any]:
    """Everything that a version or a draft says, in words."""
    return {
        "priorities": PRIORITIES,
        "rows": said_rows(said, before),
        "steps": step_rows(said),
        "clients": names.clients_of(said),
        "services": names.services_of(said),
        "calendar": names.calendars.get(said.calendar_id or 0, ""),
        "pauses": said.pauses_for_third_party,
        "takes_back": said.takes_back,
        "part": [(label, words) for label, words in client_part(said).items() if words],
        "review_on": "" if said.review_on is None else day(said.review_on),
    }


def agreement_page(agreement: Agreement, user: User, now: datetime) -> dict[str, Any]:
    """The page of one agreement, for either side."""
    versions = sorted(agreement.versions.all(), key=lambda one: one.number)
    shown = current(agreement, now) or (versions[-1] if versions else None)
    newest = versions[-1] if versions else None
    draft: AgreementDraft | None = getattr(agreement, "draft", None)
    if draft is not None and not access.reads_draft(user, agreement, draft):
        draft = None
    said = Conditions.of(shown) if shown else None
    before = Conditions.of(newest) if newest else None
    drafted = Conditions.read(draft.conditions) if draft else None
    names = Names.of(said, before, drafted)
    where = life(agreement, now)
    sides = access.sides_of(user, agreement.provider_id, said.clients if said else ())
    return {
        "agreement": agreement,
        "life": str(LIFE_WORDS[where]),
        "counts": where == Life.IN_FORCE,
        "tone": TONES[where],
        "version": shown,
        "said": said_page(said, names) if said else None,
        "to_come": newest if newest and newest is not shown else None,
        "proposal": _proposal(agreement, draft, drafted, before, names, user, now)
        if draft and drafted
        else None,
        "writes": access.may_write(user, agreement),
        "is_over": newest is not None and newest.in_force_to is not None,
        "may_end": bool(sides) and newest is not None and newest.in_force_to is None,
        "versions": versions[::-1],
        "to_begin": [one.pk for one in versions if one.in_force_from > now],
        "deeds": [_told(one) for one in _deeds(agreement)],
        "home": home_of(agreement, user, said.clients if said else ()),
    }


def home_of(agreement: Agreement, user: User, clients: Sequence[int]) -> Department | None:
    """The department whose list of agreements is the way back: one that the person leads."""
    sides = access.sides_of(user, agreement.provider_id, tuple(clients))
    draft: AgreementDraft | None = getattr(agreement, "draft", None)
    if not sides and draft is not None:
        sides = access.sides_of(user, None, Conditions.read(draft.conditions).clients)
    if agreement.provider_id in sides:
        return agreement.provider
    return Department.objects.filter(pk__in=sides[:1]).first() if sides else None


def _proposal(
    agreement: Agreement,
    draft: AgreementDraft,
    said: Conditions,
    before: Conditions | None,
    names: Names,
    user: User,
    now: datetime,
) -> dict[str, Any]:
    accepted = list(draft.acceptances.all())
    waiting = [
        names.departments.get(pk, "") or getattr(agreement.provider, "name", "")
        for pk in waiting_for(agreement, draft)
    ]
    return {
        "draft": draft,
        "is_proposed": draft.stage == Stage.PROPOSED,
        "number": len(agreement.versions.all()) + 1,
        "said": said_page(said, names, before),
        "lines": other_lines(before, said, names),
        "is_first": before is None,
        "is_same": before == said,
        "accepted": accepted,
        "waiting": waiting,
        "decides": bool(to_decide(user, agreement, draft)),
        "begins_at": begins_at(agreement, draft.begins_on, now) if draft.begins_on else None,
    }


def other_lines(before: Conditions | None, after: Conditions, names: Names) -> Sequence[Line]:
    """What is different from the version before; nothing for a first one."""
    return [] if before is None else differences(before, after, names)


def _deeds(agreement: Agreement) -> Sequence[AgreementDeed]:
    return list(agreement.deeds.select_related("by", "department").order_by("-pk")[:50])


ICONS: Mapping[str, str] = {
    Deed.PROPOSED: "send",
    Deed.WITHDRAWN: "undo-2",
    Deed.ACCEPTED: "check",
    Deed.SENT_BACK: "corner-up-left",
    Deed.AGREED: "handshake",
    Deed.ENDED: "circle-stop",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One deed of the history, in words."""

    icon: str
    words: str
    text: str
    at: datetime


def _told(deed: AgreementDeed) -> Told:
    given = {
        "who": deed.by.name if deed.by else _("The desk"),
        "side": deed.department.name if deed.department else "",
        "number": deed.number,
    }
    words = {
        Deed.PROPOSED: _("%(who)s proposed version %(number)d."),
        Deed.WITHDRAWN: _("%(who)s took version %(number)d back."),
        Deed.ACCEPTED: _("%(who)s accepted version %(number)d for %(side)s."),
        Deed.SENT_BACK: _("%(who)s sent version %(number)d back for %(side)s."),
        Deed.AGREED: _("Version %(number)d is agreed."),
        Deed.ENDED: _("%(who)s ended it for %(side)s."),
    }[Deed(deed.kind)]
    text = "" if deed.kind == Deed.AGREED else deed.text
    return Told(ICONS[deed.kind], words % given, text, deed.at)


def version_page(
    agreement: Agreement, version: AgreementVersion, before: AgreementVersion | None
) -> dict[str, Any]:
    """One version, with what it changed."""
    said = Conditions.of(version)
    then = Conditions.of(before) if before else None
    names = Names.of(said, then)
    return {
        "agreement": agreement,
        "version": version,
        "before": before,
        "said": said_page(said, names, then),
        "lines": other_lines(then, said, names),
        "acceptances": version.acceptances.select_related("by", "department"),
    }
