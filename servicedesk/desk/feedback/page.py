"""What stands on the lead's page: who waits for a word, the figures, what was said by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback import access, figures
from feedback.models import SCORES, Rating, RatingQuerySet, RecoveryTask, RecoveryTaskQuerySet
from feedback.reasons import FOR_HIGH, Outcome
from feedback.recovery import LONGEST_NOTE
from feedback.shown import reason_words
from people.models import Department, User
from servicedesk.desk.filters import Choice, Word
from servicedesk.desk.lists import capped_counts, in_words
from servicedesk.paging import page_of

PERIOD = timedelta(days=90)
MOST_TASKS = 20
"""So many recovery tasks stand on the page, the oldest first; the next come as these are done."""
BAR = 88
"""Width of a bar, in the drawing's own units."""
TONES = {1: "late", 2: "warning", 3: "", 4: "good", 5: "good"}


class OutcomeForm(forms.Form):
    """What came of someone who was dissatisfied."""

    use_required_attribute = False

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Say what came of it."),
            "invalid_choice": gettext_lazy("Say what came of it."),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("A note"),
        help_text=gettext_lazy("For the leads of the department; the requester does not see it."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3}),
        strip=True,
    )


def outcome_form(task_id: int, data: QueryDict | None = None) -> OutcomeForm:
    """The form of one task; several stand on the page, each with names of its own."""
    return OutcomeForm(data, prefix=f"t{task_id}", auto_id="id_%s")


@dataclass(frozen=True, slots=True)
class Answer:
    """What someone said, ready to be shown."""

    rating: Rating
    reasons: list[str]
    tone: str
    recovery: RecoveryTask | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Someone who waits for a word, with the form for what came of it."""

    task: RecoveryTask
    answer: Answer
    form: OutcomeForm
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Count:
    """A row of a small table, with its bar."""

    words: str
    n: int
    bar: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address narrows the page to."""

    service: tuple[int, str, str] | None
    """Its id, slug and name."""
    score: int | None


def feedback_page(
    request: HttpRequest,
    user: User,
    here: Department,
    now: datetime,
    *,
    sent: tuple[int, OutcomeForm] | None = None,
) -> dict[str, Any]:
    """The page, in a fixed number of queries; `sent` is a form just refused, with its task's id.

    Raises Http404 for a service or a score that is none.
    """
    services = list(here.services.order_by("name", "pk").values_list("pk", "slug", "name"))
    chosen = read(request.GET, services)
    tasks = access.recovery_of(user, [here.pk]).open()
    page = page_of(
        request, _told_by_name(access.ratings_of(user, here.pk, now), chosen), "-at", "-pk", size=25
    )
    count = capped_counts({"tasks": tasks})["tasks"]
    said = figures.said(
        here.pk, now - PERIOD, now, service_id=chosen.service[0] if chosen.service else None
    )
    return {
        "department": here,
        "waiting": _waiting(tasks, user, sent),
        "waiting_count": count,
        "waiting_words": in_words(count),
        "most": MOST_TASKS,
        "said": said,
        "chosen": chosen,
        "percents": _percents(said.csat),
        "answered": _answered(said.csat),
        "reasons": _reasons(said),
        "lost_time": _lost_time(said),
        "words": _words(chosen, services),
        "answers": [answer(one) for one in page.rows],
        "page": page,
        "days": PERIOD.days,
    }


def read(query: QueryDict, services: Sequence[tuple[int, str, str]]) -> Chosen:
    """What the address asks for. Raises Http404 for what is none."""
    slug, score = query.get("service", ""), query.get("score", "")
    named = {one[1]: one for one in services}
    if (slug and slug not in named) or score not in ("", *map(str, SCORES)):
        raise Http404
    return Chosen(named.get(slug), int(score) if score else None)


def _told_by_name(rows: RatingQuerySet, chosen: Chosen) -> RatingQuerySet:
    if chosen.service:
        rows = rows.filter(invitation__service=chosen.service[0])
    if chosen.score:
        rows = rows.filter(score=chosen.score)
    return rows.select_related(
        "invitation__person",
        "invitation__client_department",
        "invitation__service",
        "invitation__service_request",
        "recovery__done_by",
    ).prefetch_related("reasons")


def answer(rating: Rating) -> Answer:
    """A rating that was fetched with its reasons and its recovery task."""
    recovery: RecoveryTask | None = getattr(rating, "recovery", None)
    done = recovery if recovery is not None and recovery.done_at is not None else None
    return Answer(rating, reason_words(rating), TONES[rating.score], done)


def _waiting(
    tasks: RecoveryTaskQuerySet, user: User, sent: tuple[int, OutcomeForm] | None
) -> list[Waiting]:
    rows = (
        tasks.select_related(
            "assignee",
            "rating__invitation__person",
            "rating__invitation__client_department",
            "rating__invitation__service",
            "rating__invitation__service_request",
        )
        .prefetch_related("rating__reasons")
        .order_by("opened_at", "pk")
    )
    forms_sent = dict([sent]) if sent else {}
    return [
        Waiting(
            one,
            Answer(one.rating, reason_words(one.rating), TONES[one.rating.score], None),
            forms_sent.get(one.pk) or outcome_form(one.pk),
            one.assignee_id == user.pk,
        )
        for one in rows[:MOST_TASKS]
    ]


# -- Figures -------------------------------------------------------------------------------------


def _percents(csat: figures.Csat) -> dict[str, int] | None:
    """The share satisfied with its interval, in whole percent; None under five answers."""
    if csat.share is None or csat.wilson_low is None or csat.wilson_high is None:
        return None
    return {
        "satisfied": round(csat.share * 100),
        "low": round(csat.wilson_low * 100),
        "high": round(csat.wilson_high * 100),
    }


def _answered(csat: figures.Csat) -> int | None:
    """How many of those asked have answered, in whole percent; None under five."""
    if csat.response_rate is None or csat.invited < figures.FEWEST:
        return None
    return round(csat.response_rate * 100)


def _bar(n: int, most: int) -> str:
    return f"{BAR * n / most:.1f}" if most else "0"


def _reasons(said: figures.Said) -> list[Count]:
    most = max((n for _reason, n in said.reasons), default=0)
    return [
        Count(str(reason.label), n, _bar(n, most), "good" if reason in FOR_HIGH else "warning")
        for reason, n in said.reasons
    ]


def _lost_time(said: figures.Said) -> list[Count]:
    most = max((n for _band, n in said.lost_time), default=0)
    return [Count(str(band.label), n, _bar(n, most)) for band, n in said.lost_time]


# -- The filter as a sentence --------------------------------------------------------------------


def _words(chosen: Chosen, services: Sequence[tuple[int, str, str]]) -> dict[str, Word]:
    slug = chosen.service[1] if chosen.service else ""
    by_service = [("", _("all services")), *((one[1], one[2]) for one in services)]
    by_score = [("", _("any answer")), *((str(score), word) for score, word in SCORES.items())]
    score = str(chosen.score or "")
    return {
        "service": _word(by_service, slug, lambda value: (value, score)),
        "score": _word(by_score, score, lambda value: (slug, value)),
    }


def _word(offered: Sequence[tuple[str, Any]], chosen: str, query: Any) -> Word:
    choices = [
        Choice(str(words), _query(*query(value)), value == chosen) for value, words in offered
    ]
    return Word(next(one.words for one in choices if one.current), choices)


def _query(service: str, score: str) -> str:
    address = QueryDict(mutable=True)
    if service:
        address["service"] = service
    if score:
        address["score"] = score
    return f"?{address.urlencode()}"
