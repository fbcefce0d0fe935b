"""What stands on the overview: each figure by a documented function, with its n, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from feedback import figures as feedback_figures
from feedback.figures import Satisfaction
from people.access import Standing, standing, whoever
from people.models import User
from people.prepared import Prepared, prepared
from people.translated import gettext as _
from requests_app import access
from requests_app import figures as request_figures
from requests_app.figures import Cut, Grain
from requests_app.models import ServiceRequest
from servicedesk import charts
from servicedesk.dashboards import breakdown, pictures
from servicedesk.dashboards.breakdown import Line
from servicedesk.dashboards.lists import METRIC_WORDS
from servicedesk.dashboards.reasons import why_broken
from servicedesk.dashboards.scope import (
    Scope,
    department_word,
    key_of,
    month_word,
    name_of,
    whole_name_of,
)
from servicedesk.dashboards.shares import Satisfied, Share, percent_of
from slas import figures, promises
from slas.engine import AT_ONCE, Metric
from slas.figures import Attainments, Times

MOST_LATE = 5
"""So many late requests stand on the page; all of them are one click away."""
MOST_READ = 100
"""They are looked for among so many that are late the longest; the rest may be restricted."""
METRICS = tuple(METRIC_WORDS)


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its change, its n, a small line and the list behind it."""

    name: str
    title: str
    figure: str
    unit: str = ""
    change: str = ""
    tone: str = ""
    words: str = ""
    url: str = ""
    values: Sequence[float] = ()
    meaning: Any = None


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise by itself: how often it was kept, and how long it took."""

    title: str
    share: Share
    url: str
    missed_url: str
    times: Any
    meaning: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the page's question: a sentence, and who makes the difference."""

    words: str
    worst: Line | None = None
    worst_words: str = ""


def overview_page(user: User, scope: Scope, query: Mapping[str, str]) -> dict[str, Any]:
    """The page, in a fixed number of queries, however many departments. Raises Http404."""
    by = breakdown.way_of(scope, query.get("by", ""))
    found = _figures(scope)
    departments = breakdown.lines(scope, breakdown.WAYS["department"], found)
    lines = departments if by.cut is Cut.WHOLE else breakdown.lines(scope, by, found)
    whole = _whole(scope, found)
    return {
        "scope": scope,
        "department": scope.here,
        "month": whole_name_of(scope.month),
        "before": name_of(scope.before),
        "words": {"month": month_word(scope, query), "department": department_word(scope, query)},
        "answer": answer(scope, whole["ready"], departments),
        "tiles": _tiles(scope, found, whole),
        "trend": pictures.trend(scope, found["shares"]),
        "heat": pictures.heat(scope, found["asked"]),
        "departments": departments,
        "by": by,
        "ways": [(one, _query(query, by=one.name)) for one in breakdown.ways(scope)],
        "lines": lines[: breakdown.MOST_LINES],
        "labels": labels(),
        "more_lines": max(0, len(lines) - breakdown.MOST_LINES),
        "late": late_now(user, scope, found["late"].of(metric=str(Metric.RESOLUTION))),
        "ages": pictures.ages(scope, found["ages"]),
        "flow": pictures.flow(scope, found["flows"], found["open_by_month"]),
        "holders": pictures.holders(scope, whole["flow"].held, whole["flow"].resolved),
        "promises": _promises(scope, found),
        "reasons": why_broken(scope),
        "meanings": meanings(),
        "leads_here": scope.here is not None and scope.here.pk in scope.coverage.leads,
    }


def labels() -> dict[str, str]:
    """The headings of the table, translated once and not in each of its cells."""
    return {
        "ready": _("Ready in time"),
        "change": _("Change in points"),
        "broken": _("Broken"),
        "answered": _("First answer in time"),
        "late": _("Late now"),
        "risk": _("At risk"),
        "open": _("Open"),
        "satisfied": _("Satisfied"),
        "few": _("too few"),
    }


def meanings() -> dict[str, Any]:
    """How each figure is counted, by its name."""
    return request_figures.DEFINITIONS | figures.DEFINITIONS | feedback_figures.DEFINITIONS


def _query(query: Mapping[str, str], **changed: str) -> str:
    kept = {name: query[name] for name in ("month",) if query.get(name)} | changed
    return "?" + "&".join(f"{name}={value}" for name, value in kept.items())


def _figures(scope: Scope) -> dict[str, Any]:
    """Everything that is counted for the page: a dozen queries."""
    ids, when, trend = scope.ids, scope.reporting, scope.trend
    since, until = min(trend[0].first, scope.before.first), scope.month.first
    months: dict[str, Any] = {"grain": Grain.MONTH, "since": since, "until": until}
    opened = request_figures.backlog(ids, when)
    flowed = request_figures.flows(ids, when, grain=Grain.MONTH, since=scope.months[0].first)
    return {
        "shares": figures.attainments(ids, when, metrics=METRICS, **months),
        "asked": figures.attainments(
            ids, when, metrics=(str(Metric.RESOLUTION),), cut=Cut.ASKED, together=True, **months
        ),
        "late": figures.late(ids, when),
        "risk": figures.risk(ids, when),
        "times": figures.times(ids, when, [scope.month]),
        "open": opened,
        "open_by_month": request_figures.backlog_by_month(opened, flowed, scope.months),
        "ages": request_figures.backlog_ages(ids, when),
        "flows": flowed,
        "satisfied": feedback_figures.satisfaction(ids, when, **months),
    }


def _whole(scope: Scope, found: Mapping[str, Any]) -> dict[str, Any]:
    shares: Attainments = found["shares"]
    satisfied: Satisfaction = found["satisfied"]

    def share(metric: str) -> Share:
        now = shares.of(metric=metric, period=scope.month.first)
        return Share(now, shares.of(metric=metric, period=scope.before.first))

    return {
        "ready": share(str(Metric.RESOLUTION)),
        "answered": share(str(Metric.FIRST_RESPONSE)),
        "satisfied": Satisfied(
            satisfied.of(period=scope.month.first), satisfied.of(period=scope.before.first)
        ),
        "flow": found["flows"].of(period=scope.month.first),
        "flow_before": found["flows"].of(period=scope.before.first),
    }


# -- The answer ----------------------------------------------------------------------------------


def answer(scope: Scope, ready: Share, departments: Sequence[Line]) -> Answer:
    """Whether promises were kept, in a sentence; and which department makes the difference."""
    month = name_of(scope.month)
    if ready.percent is None:
        return Answer(_("Too few requests were decided in %(month)s to say.") % {"month": month})
    words = _("%(percent)s\u00a0%% of %(n)s were ready in time in %(month)s%(change)s.") % {
        "percent": ready.percent,
        "n": ngettext("%(n)s request", "%(n)s requests", ready.now.n) % {"n": f"{ready.now.n:,}"},
        "month": month,
        "change": _change(ready, name_of(scope.before)),
    }
    judged = [one for one in departments if one.ready.percent is not None]
    worst = min(judged, key=breakdown.need, default=None)
    if worst is None or len(judged) < 2 or worst.ready.percent == 100:
        return Answer(words)
    without = breakdown.without(departments, worst)
    if without is not None and without > ready.percent:
        more = _("needs help most, with %(percent)s\u00a0%% of %(n)s; without it"
                 " we reach %(without)s\u00a0%%.")  # fmt: skip
    else:
        more = _("needs help most, with %(percent)s\u00a0%% of %(n)s.")
    return Answer(
        words,
        worst,
        more % {"percent": worst.ready.percent, "n": worst.ready.now.n, "without": without},
    )


def _change(share: Share, before: str) -> str:
    if share.change is None:
        return ""
    if share.change == 0:
        return _(", as many as in %(month)s") % {"month": before}
    n = abs(share.change)
    more = ngettext("%(n)s point more", "%(n)s points more", n)
    fewer = ngettext("%(n)s point fewer", "%(n)s points fewer", n)
    return _(", %(points)s than in %(month)s") % {
        "points": (more if share.change > 0 else fewer) % {"n": n},
        "month": before,
    }


# -- Tiles ---------------------------------------------------------------------------------------


def _tiles(scope: Scope, found: Mapping[str, Any], whole: Mapping[str, Any]) -> list[Tile]:
    known = meanings()
    opened = found["open"].of()
    late = found["late"].of(metric=str(Metric.RESOLUTION))
    risk = found["risk"].of(metric=str(Metric.RESOLUTION))
    month = key_of(scope.month.first)
    return [
        _share_tile(scope, found["shares"], Metric.RESOLUTION, _("Ready in time"), whole["ready"]),
        _share_tile(
            scope, found["shares"], Metric.FIRST_RESPONSE, _("First answer in time"),
            whole["answered"],
        ),
        Tile(
            "late", _("Late now"), f"{late:,}",
            words=ngettext(
                "not ready in time, of %(n)s open request",
                "not ready in time, of %(n)s open requests",
                opened,
            ) % {"n": f"{opened:,}"},
            url=scope.behind("late") if late else "",
            meaning=known["late"],
        ),
        _satisfied_tile(scope, found["satisfied"], whole["satisfied"]),
        Tile(
            "at_risk", _("At risk"), f"{risk:,}",
            words=_("past the first warning, and not yet late"),
            url=scope.behind("at-risk") if risk else "",
            meaning=known["at_risk"],
        ),
        _open_tile(scope, opened, found["open_by_month"]),
        _count_tile(scope, "asked", _("Asked"), whole, found["flows"], month, known["asked"]),
        _count_tile(scope, "resolved", _("Done"), whole, found["flows"], month, known["resolved"]),
    ]  # fmt: skip


def _share_tile(scope: Scope, shares: Attainments, metric: str, title: str, share: Share) -> Tile:
    name, meaning = str(metric), meanings()["attainment"]
    if share.percent is None:
        n = share.now.n
        few = ngettext("%(n)s decided: too few to say", "%(n)s decided: too few to say", n)
        return Tile(name, title, "–", words=few % {"n": n}, meaning=meaning)
    values = [percent_of(shares.of(metric=name, period=one.first)) for one in scope.trend]
    return Tile(
        name,
        title,
        f"{share.percent}",
        unit="\u00a0%",
        change=share.change_words,
        tone=_tone(share.change),
        words=_against(scope, moved=bool(share.change), said=share.change is not None)
        + _("n\u00a0=\u00a0%(n)s") % {"n": f"{share.now.n:,}"},
        url=scope.behind("decided", metric=name, month=key_of(scope.month.first)),
        values=charts.small_line(values),
        meaning=meaning,
    )  # fmt: skip


def _against(scope: Scope, *, moved: bool, said: bool) -> str:
    """What follows a change: on which month, where there is one; a dot, where anything was said."""
    if moved:
        return _("on %(month)s · ") % {"month": name_of(scope.before)}
    return "· " if said else ""


def _tone(change: int | None) -> str:
    """A change of two points is not painted."""
    if change is None or abs(change) < 5:
        return ""
    return "good" if change > 0 else "late"


def _satisfied_tile(scope: Scope, found: Satisfaction, one: Satisfied) -> Tile:
    meaning = meanings()["satisfaction"]
    if one.percent is None:
        n = one.now.n
        few = ngettext("%(n)s answer: too few to say", "%(n)s answers: too few to say", n)
        return Tile("satisfied", _("Satisfied"), "–", words=few % {"n": n}, meaning=meaning)
    shares = [found.of(period=month.first).share for month in scope.trend]
    return Tile(
        "satisfied",
        _("Satisfied"),
        f"{one.percent}",
        unit="\u00a0%",
        change=one.change,
        words=(f"{_('on %(before)s')} · " if one.change else "") % {"before": name_of(scope.before)}
        + _("%(low)s to %(high)s\u00a0%% · n\u00a0=\u00a0%(n)s of %(asked)s asked")
        % {"low": one.low, "high": one.high, "n": one.now.n, "asked": one.now.invited},
        url=scope.behind("rated", month=key_of(scope.month.first)),
        values=charts.small_line([None if share is None else share * 100 for share in shares]),
        meaning=meaning,
    )


def _open_tile(scope: Scope, opened: int, by_month: Mapping[Any, int]) -> Tile:
    before = by_month[scope.reporting.last_month.first]
    change = opened - before
    words = ngettext("%(n)s more", "%(n)s more", change) if change > 0 else _("%(n)s fewer")
    return Tile(
        "backlog",
        _("Open now"),
        f"{opened:,}",
        change=words % {"n": f"{abs(change):,}"} if change else _("as many"),
        words=(_("than at the end of %(month)s") if change else _("as at the end of %(month)s"))
        % {"month": name_of(scope.reporting.last_month)},
        url=scope.behind("open") if opened else "",
        values=charts.small_line([by_month[one.first] or None for one in scope.months[1:]]),
        meaning=meanings()["backlog"],
    )


def _count_tile(
    scope: Scope, name: str, title: str, whole: Mapping[str, Any], flows: Any, month: str,
    meaning: Any,
) -> Tile:  # fmt: skip
    n, before = (getattr(whole[key], name) for key in ("flow", "flow_before"))
    months = scope.trend[:-1] if scope.is_running else scope.trend
    over = [getattr(flows.of(period=one.first), name) or None for one in months]
    return Tile(
        name,
        title,
        f"{n:,}",
        words=_("in %(month)s so far; %(before)s in all of %(last)s")
        % {"month": name_of(scope.month), "before": f"{before:,}", "last": name_of(scope.before)}
        if scope.is_running
        else _("in %(month)s; %(before)s in %(last)s")
        % {"month": name_of(scope.month), "before": f"{before:,}", "last": name_of(scope.before)},
        url=scope.behind(name, month=month) if n else "",
        values=charts.small_line(
            [one or None for one in (over[:-1] if scope.is_running else over)]
        ),
        meaning=meaning,
    )


# -- Late now ------------------------------------------------------------------------------------


def late_now(user: User, scope: Scope, n: int) -> dict[str, Any]:
    """The first of what is late, as far as the person may read it: three queries."""
    if not scope.opens:
        return {"n": n, "rows": [], "opens": False}
    now = scope.reporting.now
    longest = figures.late_the_longest(
        [one.pk for one in scope.departments], str(Metric.RESOLUTION), now, MOST_READ
    )
    rows = _first_of(standing(user))(longest)
    chips = promises.chips(rows, now, face="requester")
    return {
        "n": n,
        "rows": [(one, chips.get(one.pk)) for one in rows],
        "opens": True,
        "url": scope.behind("late"),
        "hidden": max(0, n - len(rows)) if len(rows) < MOST_LATE and n <= MOST_READ else 0,
        "calendars": promises.open_intervals(
            {chip.calendar_id for chip in chips.values() if chip.calendar_id}, now
        ),
    }


@lru_cache(maxsize=32)  # of 50 kB each
def _first_of(rights: Standing) -> Prepared[[Collection[int]], ServiceRequest]:
    """Of these requests the first that a person of this standing may read; made ready once."""
    shown = access.behind_figures(whoever(rights)).rows

    def first(ids: Collection[int]) -> QuerySet[ServiceRequest]:
        named = shown.filter(pk__among=ids).select_related(
            "client_department", "provider_department"
        )
        return named.defer("answers").due_first()[:MOST_LATE]

    return prepared(first)


# -- Each promise --------------------------------------------------------------------------------


def _promises(scope: Scope, found: Mapping[str, Any]) -> list[Promise]:
    shares: Attainments = found["shares"]
    times: Times = found["times"]
    month = key_of(scope.month.first)
    department = scope.here.pk if scope.here else None
    can_time = scope.here is not None or scope.ids is None
    known = meanings()
    made = []
    for metric, words in METRIC_WORDS.items():
        share = Share(
            shares.of(metric=metric, period=scope.month.first),
            shares.of(metric=metric, period=scope.before.first),
        )
        timed = can_time and metric in AT_ONCE
        given = {"metric": metric, "month": month}
        made.append(
            Promise(
                title=str(words)[:1].upper() + str(words)[1:],
                share=share,
                url=scope.behind("decided", **given) if share.now.n else "",
                missed_url=scope.behind("decided", verdict="missed", **given)
                if share.now.missed
                else "",
                times=times.of(metric=metric, month=scope.month.first, department=department)
                if timed
                else None,
                meaning=known["attainment"],
            )
        )
    return made
