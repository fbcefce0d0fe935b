"""The lists behind the figures: exactly what was counted, as far as the reader may open it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy

from catalogue.models import Service
from feedback import figures as feedback_figures
from people.access import standing
from people.models import Department, User
from people.translated import gettext as _
from requests_app import access, board
from requests_app import figures as request_figures
from requests_app.access import Listed
from requests_app.figures import AGES, Age, Cut, Month, Reporting, weekday_hour
from requests_app.models import ServiceRequest, ServiceRequestQuerySet
from requests_app.priority import Priority
from servicedesk.dashboards.covers import Coverage
from servicedesk.dashboards.scope import MONTHS, month_of, whole_name_of
from servicedesk.paging import page_of
from slas import figures, promises
from slas.engine import Metric
from slas.models import Reason

METRIC_WORDS = {
    str(Metric.RESOLUTION): gettext_lazy("ready in time"),
    str(Metric.FIRST_RESPONSE): gettext_lazy("first answer in time"),
    str(Metric.NEXT_REPLY): gettext_lazy("next answer in time"),
    str(Metric.UPDATE): gettext_lazy("news in time"),
    str(Metric.HOLDING): gettext_lazy("handed on or done in time"),
}
PAGE = 50
UNSAID = "unsaid"
"""In an address: nobody has said why."""
LONGEST = 60
"""So long is a word of an address at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for: whose figure, of what, when, and how far it is narrowed."""

    coverage: Coverage
    here: Department | None
    reporting: Reporting
    query: Mapping[str, str]
    """As it was given: only what was read."""
    cut: Cut = Cut.WHOLE
    value: int = 0
    narrowed: str = ""
    """To what, in words."""
    month: Month | None = None
    since: Month | None = None
    metric: str = str(Metric.RESOLUTION)
    met: bool | None = None
    age: Age | None = None
    who: int | None = None
    """The assignee's id; 0 is nobody."""
    reason: str | None = None
    """Why a promise was broken; empty: nobody has said."""

    @property
    def ids(self) -> list[int] | None:
        """The departments whose figure it is; None is the whole organisation."""
        if self.here:
            return [self.here.pk]
        if self.coverage.is_whole:
            return None
        return [one.pk for one in self.coverage.departments]

    @property
    def start(self) -> datetime:
        """When the period begins."""
        first = self.since or self.month or self.reporting.month
        return first.start

    @property
    def end(self) -> datetime:
        """When it is over: in the running month, now."""
        last = self.month or self.reporting.month
        return min(last.end, self.reporting.now)

    @property
    def sliced(self) -> dict[str, Any]:
        """As the functions of figures are asked."""
        return {"cut": self.cut, "value": self.value}

    @property
    def day(self) -> board.Day:
        """The reader's day."""
        start = timezone.localtime(self.reporting.now).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return board.Day(start, start + timedelta(days=1), self.reporting.now)


Choose = Callable[[Wanted], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that has a list."""

    name: str
    title: Any
    choose: Choose
    """The requests (or their ids) that it counts."""
    dated: bool = False
    """It is one of a month; else of this moment."""
    judged: bool = False
    """It can be narrowed to what was met, or missed."""
    measured: bool = False
    """It is about one promise: to be ready, to answer first."""
    explained: bool = False
    """It can be narrowed to one reason."""
    of_a_board: bool = False
    """It stands on today's board: for those who lead the department."""
    about: Any = ""
    """What the list does not say by itself."""

    @property
    def due_first(self) -> bool:
        """Whether what is due next stands on top; else the newest."""
        return not self.dated


def _decided(wanted: Wanted) -> QuerySet[Any]:
    return figures.decided_clocks(
        wanted.ids,
        wanted.metric,
        wanted.start,
        wanted.end,
        met=wanted.met,
        reporting=wanted.reporting,
        **wanted.sliced,
    ).values("service_request")


def _broken(wanted: Wanted) -> QuerySet[Any]:
    return figures.broken_clocks(
        wanted.ids, wanted.start, wanted.end, wanted.reporting, reason=wanted.reason
    ).values("service_request")


def _late(wanted: Wanted) -> QuerySet[Any]:
    now = wanted.reporting.now
    clocks = figures.late_clocks(wanted.ids, wanted.metric, now, **wanted.sliced)
    return clocks.values("service_request")


def _at_risk(wanted: Wanted) -> QuerySet[Any]:
    now = wanted.reporting.now
    clocks = figures.clocks_at_risk(wanted.ids, wanted.metric, now, **wanted.sliced)
    return clocks.values("service_request")


def _open(wanted: Wanted) -> QuerySet[Any]:
    return request_figures.open_requests(
        wanted.ids, wanted.reporting, age=wanted.age, **wanted.sliced
    ).values("pk")


def _moved(kind: str) -> Choose:
    return lambda wanted: request_figures.moved(
        wanted.ids, kind, wanted.start, wanted.end, **wanted.sliced
    ).values("service_request")


def _rated(wanted: Wanted) -> QuerySet[Any]:
    rated = feedback_figures.rated(wanted.ids, wanted.start, wanted.end, **wanted.sliced)
    return rated.values("invitation__service_request")


def _board(rows: Callable[[int, board.Day], ServiceRequestQuerySet]) -> Choose:
    def choose(wanted: Wanted) -> QuerySet[Any]:
        assert wanted.here is not None
        found = rows(wanted.here.pk, wanted.day)
        if wanted.who is not None:
            found = found.filter(assignee=wanted.who or None)
        return found.values("pk")

    return choose


FIGURES = {
    one.name: one
    for one in (
        Figure(
            "decided", gettext_lazy("Promises kept and broken"), _decided, dated=True, judged=True,
            measured=True,
            about=gettext_lazy("A promise counts when it was kept, or when it fell due."),
        ),
        Figure("broken", gettext_lazy("Broken promises"), _broken, dated=True, explained=True),
        Figure("late", gettext_lazy("Late now"), _late, measured=True),
        Figure("at-risk", gettext_lazy("At risk"), _at_risk, measured=True),
        Figure("open", gettext_lazy("Open"), _open),
        Figure("asked", gettext_lazy("Asked"), _moved("submitted"), dated=True),
        Figure("resolved", gettext_lazy("Done"), _moved("resolved"), dated=True),
        Figure("reopened", gettext_lazy("Reopened"), _moved("reopened"), dated=True),
        Figure("transferred", gettext_lazy("Handed on"), _moved("transferred"), dated=True),
        Figure(
            "rated", gettext_lazy("Answered how it was"), _rated, dated=True,
            about=gettext_lazy(
                "Answers without a name count in the figure and stand in no list. What was"
                " answered is for the leads of the department."
            ),
        ),
        Figure(
            "board-late", gettext_lazy("Late"), _board(board.late), of_a_board=True
        ),
        Figure(
            "due-today", gettext_lazy("Due today"), _board(board.due_today), of_a_board=True
        ),
        Figure(
            "unassigned", gettext_lazy("With nobody"),
            _board(lambda pk, _day: board.unassigned(pk)), of_a_board=True,
        ),
        Figure(
            "stale", gettext_lazy("Untouched for a week"), _board(board.stale),
            of_a_board=True,
        ),
        Figure(
            "handed-to-us", gettext_lazy("Handed to us"),
            _board(lambda pk, _day: board.handed_to(pk)), of_a_board=True,
        ),
        Figure(
            "with", gettext_lazy("Open"), _board(lambda pk, _day: board.open_here(pk)),
            of_a_board=True,
        ),
        Figure(
            "waiting", gettext_lazy("Waiting for others"),
            _board(lambda pk, _day: board.waiting(pk)), of_a_board=True,
        ),
    )
}  # fmt: skip


# -- Reading an address --------------------------------------------------------------------------


def wanted_of(
    user: User, figure: Figure, coverage: Coverage, reporting: Reporting, given: Mapping[str, str]
) -> Wanted:
    """What the address asks for; a query where it names a service, a client or a person.

    Raises Http404 for what does not exist, or is not this person's to open.
    """
    if any(len(value) > LONGEST or "\x00" in value for value in given.values()):
        raise Http404
    here = _department(user, figure, coverage, given.get("of", ""))
    months = reporting.months(MONTHS)
    kept = {name: given[name] for name in KEPT if given.get(name)}
    cut, value, narrowed = _cut(figure, here, given, kept)
    return Wanted(
        coverage=coverage,
        here=here,
        reporting=reporting,
        query=kept,
        cut=cut,
        value=value,
        narrowed=narrowed,
        month=month_of(months, given.get("month", "")) if figure.dated else None,
        since=month_of(months, given.get("since", "")) if figure.dated else None,
        metric=_one_of(METRIC_WORDS, given.get("metric", "")) or str(Metric.RESOLUTION),
        met={"": None, "met": True, "missed": False}[
            _one_of(("met", "missed"), given.get("verdict", ""))
        ],
        age=_age(given.get("age", "")),
        who=_who(figure, given.get("who", "")),
        reason=_reason(figure, given.get("reason", "")),
    )


KEPT = (
    "of", "service", "client", "priority", "asked", "month", "since", "metric", "verdict", "age",
    "who", "reason",
)  # fmt: skip


def _department(user: User, figure: Figure, coverage: Coverage, slug: str) -> Department | None:
    here = coverage.called(slug) if slug else None
    if slug and here is None:
        raise Http404
    if figure.of_a_board and (here is None or here.pk not in standing(user).lead_of):
        raise Http404
    opens = here.pk in coverage.opens if here else coverage.opens_all
    if not opens:
        raise Http404
    return here


def _cut(
    figure: Figure, here: Department | None, given: Mapping[str, str], kept: dict[str, str]
) -> tuple[Cut, int, str]:
    """At most one of them: figures are kept by each, and not by several together."""
    named = [one for one in ("service", "client", "priority", "asked") if given.get(one)]
    if not named:
        return Cut.WHOLE, 0, ""
    if len(named) > 1 or figure.of_a_board:
        raise Http404
    match named[0]:
        case "service":
            service = Service.objects.filter(slug=given["service"], department=here).first()
            if service is None:
                raise Http404
            return Cut.SERVICE, service.pk, service.name
        case "client":
            client = Department.objects.filter(slug=given["client"]).first()
            if client is None:
                raise Http404
            return Cut.CLIENT, client.pk, _("asked by %(name)s") % {"name": client.name}
        case "priority":
            name = _one_of([str(one) for one in Priority], given["priority"])
            return Cut.PRIORITY, int(name[1:]), _("priority %(name)s") % {"name": name}
        case _:
            return _slot(figure, given["asked"])


def _slot(figure: Figure, text: str) -> tuple[Cut, int, str]:
    if not (figure.judged and text.isascii() and text.isdigit() and len(text) < 4):
        raise Http404
    value = int(text)
    weekday, hour = weekday_hour(value)
    if weekday not in WEEKDAYS:
        raise Http404
    words = _("asked on a %(day)s from %(hour)s:00 to %(hour)s:59") % {
        "day": WEEKDAYS[weekday],
        "hour": f"{hour:02}",
    }
    return Cut.ASKED, value, words


def _one_of(names: Any, text: str) -> str:
    if text and text not in names:
        raise Http404
    return text


def _age(name: str) -> Age | None:
    if not name:
        return None
    found = next((one for one in AGES if one.name == name), None)
    if found is None:
        raise Http404
    return found


def _reason(figure: Figure, text: str) -> str | None:
    if not text:
        return None
    if not figure.explained or text not in (UNSAID, *Reason.values):
        raise Http404
    return figures.NOT_SAID if text == UNSAID else text


def _who(figure: Figure, text: str) -> int | None:
    if not text:
        return None
    if not (figure.of_a_board and text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)


# -- The page ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One request of the list."""

    service_request: ServiceRequest
    status: dict[str, str]
    chip: promises.PromiseChip | None


@dataclass(frozen=True, slots=True)
class Tab:
    """One narrowing of the list."""

    words: str
    url: str
    current: bool


def rows_of(user: User, figure: Figure, wanted: Wanted) -> Listed:
    """The rows behind the figure that the person may open, and those that they may not."""
    everything = access.behind_figures(user)
    ids = figure.choose(wanted)
    return Listed(everything.rows.filter(pk__in=ids), everything.left_out.filter(pk__in=ids))


def list_page(
    request: HttpRequest, figure: Figure, wanted: Wanted, listed: Listed
) -> dict[str, Any]:
    """A page of the list; a fixed number of queries, however many rows."""
    keys = ("queue_at", "pk") if figure.due_first else ("-pk",)
    page = page_of(request, listed.rows.for_list(), *keys, size=PAGE)
    now = wanted.reporting.now
    chips = promises.chips(page.rows, now, face="requester")
    return {
        "figure": figure,
        "wanted": wanted,
        "department": wanted.here,
        "title": title_of(figure, wanted),
        "told": told(figure, wanted),
        "tabs": _tabs(figure, wanted),
        "labels": {
            "department": _("Department"),
            "client": _("Client"),
            "service": _("Service"),
            "status": _("Status"),
            "promise": _("Promise"),
            "priority": _("Priority"),
        },
        "rows": [Row(one, _status(one), chips.get(one.pk)) for one in page.rows],
        "page": page,
        "count": listed.rows.count(),
        "hidden": left_out(listed),
        "query": f"?{urlencode(wanted.query)}" if wanted.query else "",
        "calendars": promises.open_intervals(
            {chip.calendar_id for chip in chips.values() if chip.calendar_id}, now
        ),
    }


def left_out(listed: Listed) -> dict[str, int]:
    """How many of what was counted are not shown: restricted, or elsewhere by now. One query."""
    counted = listed.left_out.aggregate(
        n=Count("pk"), hidden=Count("pk", filter=Q(restricted=True))
    )
    return {"restricted": counted["hidden"], "elsewhere": counted["n"] - counted["hidden"]}


def title_of(figure: Figure, wanted: Wanted) -> str:
    """What the list is, such as "Late now: IT"."""
    if figure.judged:
        words = {None: str(figure.title), True: _("Kept promises"), False: _("Broken promises")}[
            wanted.met
        ]
    elif wanted.age:
        words = _("Open: asked %(age)s") % {"age": str(wanted.age.title).lower()}
    else:
        words = str(figure.title)
    return words


def told(figure: Figure, wanted: Wanted) -> Sequence[str]:
    """What the list is narrowed to, piece by piece."""
    pieces = [wanted.here.name if wanted.here else _("all departments"), wanted.narrowed]
    if figure.measured:
        pieces.append(str(METRIC_WORDS[wanted.metric]))
    if wanted.reason is not None:
        pieces.append(reason_words(wanted.reason))
    if wanted.who == 0:
        pieces.append(_("with nobody yet"))
    elif wanted.who:
        person = User.objects.filter(pk=wanted.who).values_list("name", flat=True).first()
        pieces.append(_("with %(name)s") % {"name": person or _("nobody we know")})
    if figure.dated:
        last = wanted.month or wanted.reporting.month
        first = wanted.since
        pieces.append(
            _("%(first)s to %(last)s")
            % {"first": whole_name_of(first), "last": whole_name_of(last)}
            if first and first != last
            else whole_name_of(last)
        )
    return [one for one in pieces if one]


def reason_words(reason: str) -> str:
    """The reason as it stands in the list, or that nobody has said one."""
    return str(Reason(reason).label) if reason else _("Not said yet")


def _tabs(figure: Figure, wanted: Wanted) -> list[Tab]:
    if figure.judged:
        offered = [("", _("All")), ("met", _("Kept")), ("missed", _("Broken"))]
        return [_tab(wanted, "verdict", value, words) for value, words in offered]
    if figure.name == "open":
        ages = [("", _("Any age")), *((one.name, str(one.title)) for one in AGES)]
        return [_tab(wanted, "age", value, words) for value, words in ages]
    if figure.measured:
        return [
            _tab(wanted, "metric", value, str(words)[:1].upper() + str(words)[1:])
            for value, words in METRIC_WORDS.items()
        ]
    return []


def _tab(wanted: Wanted, name: str, value: str, words: str) -> Tab:
    kept = {key: one for key, one in wanted.query.items() if key != name}
    query = kept | ({name: value} if value else {})
    default = str(Metric.RESOLUTION) if name == "metric" else ""
    return Tab(words, f"?{urlencode(query)}", wanted.query.get(name, default) == value)


def _status(one: ServiceRequest) -> dict[str, str]:
    return {"words": _(one.info.label), "tone": one.info.tone, "icon": one.info.icon}
