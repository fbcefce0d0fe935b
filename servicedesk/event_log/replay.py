"""One case of the log, played through our own deeds with past times, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from people.models import User
from requests_app import actions, lifecycle
from requests_app.errors import DeskError
from requests_app.kinds import Via
from requests_app.lifecycle import FINAL_STATUSES, OPEN_STATUSES, StaleMove, Status
from requests_app.models import ServiceRequest
from servicedesk.event_log.cast import Cast
from servicedesk.event_log.mapping import Mapping
from servicedesk.event_log.reading import Case, Refusal, Row, moment

S = Status

# From each status, the deeds that lead to another; a log may jump where we take steps.
PATHS: dict[tuple[Status, Status], tuple[str, ...]] = {
    (S.NEW, S.IN_PROGRESS): ("take",),
    (S.NEW, S.WAITING_REQUESTER): ("ask",),
    (S.NEW, S.WAITING_THIRD_PARTY): ("hold",),
    (S.IN_PROGRESS, S.NEW): ("release",),
    (S.IN_PROGRESS, S.WAITING_REQUESTER): ("ask",),
    (S.IN_PROGRESS, S.WAITING_THIRD_PARTY): ("hold",),
    (S.WAITING_REQUESTER, S.NEW): ("resume", "release"),
    (S.WAITING_REQUESTER, S.IN_PROGRESS): ("resume",),
    (S.WAITING_REQUESTER, S.WAITING_THIRD_PARTY): ("resume", "hold"),
    (S.WAITING_THIRD_PARTY, S.NEW): ("resume", "release"),
    (S.WAITING_THIRD_PARTY, S.IN_PROGRESS): ("resume",),
    (S.WAITING_THIRD_PARTY, S.WAITING_REQUESTER): ("resume", "ask"),
    (S.RESOLVED, S.NEW): ("reopen", "release"),
    (S.RESOLVED, S.IN_PROGRESS): ("reopen",),
    (S.RESOLVED, S.WAITING_REQUESTER): ("reopen", "ask"),
    (S.RESOLVED, S.WAITING_THIRD_PARTY): ("reopen", "hold"),
    (S.RESOLVED, S.CLOSED): ("close",),
    (S.RESOLVED, S.CANCELLED): ("reopen", "cancel"),
    (S.RESOLVED, S.DECLINED): ("reopen", "decline"),
} | {
    (before, after): path
    for before in OPEN_STATUSES
    for after, path in {
        S.RESOLVED: ("resolve",),
        S.CLOSED: ("resolve", "close"),
        S.CANCELLED: ("cancel",),
        S.DECLINED: ("decline",),
    }.items()
}


@dataclass(slots=True)
class Played:
    """What became of a case's rows."""

    case: str
    request_id: int | None = None
    applied: int = 0
    changing_nothing: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    deeds: Counter[str] = field(default_factory=Counter)
    verdict: bool | None = None
    """What the other desk said of its promise, last: kept (True) or not; None: nothing."""
    started_late: bool = False
    """The log says that it began after its first row; the first row counts."""


@transaction.atomic
def play(case: Case, mapping: Mapping, cast: Cast) -> Played:
    """Replay the case; a row that cannot be done is a refusal, not an error.

    Raises AlreadyImported.
    """
    player = _Player(case, mapping, cast)
    for number, row in enumerate(case.rows):
        player.play(row, is_first=number == 0)
    return player.played


class _Player:
    def __init__(self, case: Case, mapping: Mapping, cast: Cast) -> None:
        self.case = case
        self.mapping = mapping
        self.cast = cast
        self.columns = mapping.columns
        self.played = Played(case.name)
        self.request: ServiceRequest = self._submit(case.rows[0])
        self.group = self._first_group()
        self.group_refused = ""

    # the beginning

    def _submit(self, first: Row) -> ServiceRequest:
        client = self.cast.client(first.get(self.columns.client))
        name = first.get(self.columns.requester) or f"Unknown requester of {client.name}"
        requester = self.cast.person(name, client)
        return self._counted(
            "submit",
            actions.submit(
                self.cast.service(self._first_group()),
                by=requester,
                at=self._start(first),
                answers={},
                impact=self._impact(first) or "me",
                urgency=self._urgency(first) or "planned",
                key=uuid5(NAMESPACE_URL, f"{self.mapping.source}/{self.case.name}"),
                client=client,
                via=Via.IMPORT,
                subject=self._subject(first),
                source=self.mapping.source,
                source_case=self.case.name,
            ),
        )

    def _first_group(self) -> str:
        """The group that had the case first: where a log begins without one, the first it names."""
        named = (row.get(self.columns.group) for row in self.case.rows)
        return next((group for group in named if group), "") or self.mapping.group_when_missing

    def _start(self, first: Row) -> datetime:
        text = first.get(self.columns.started)
        if not text:
            return first.at
        try:
            started = moment(text, self.mapping)
        except ValueError:
            return first.at
        self.played.started_late = started > first.at
        return min(started, first.at)

    def _subject(self, first: Row) -> str:
        known = {key: value or "unknown" for key, value in first.values.items()}
        return self.mapping.subject.format_map({**known, "case": self.case.name})

    # row by row

    def play(self, row: Row, *, is_first: bool) -> None:
        """Do what the row says has changed; count it as applied, changing nothing, or refused."""
        self._judge(row)
        before = sum(self.played.deeds.values())
        changes = [self._transfer, self._prioritise, self._move, self._assign]
        if self.mapping.states[row.get(self.columns.state)] in FINAL_STATUSES:
            changes = [self._transfer, self._prioritise, self._assign, self._move]
        reasons = [reason for change in changes if (reason := self._tried(change, row))]
        if reasons:
            self.played.refusals.append(Refusal(row.number, self.case.name, "; ".join(reasons)))
        elif is_first or sum(self.played.deeds.values()) > before:
            self.played.applied += 1
        else:
            self.played.changing_nothing += 1

    def _tried(self, change: Callable[[Row], None], row: Row) -> str:
        try:
            with transaction.atomic():
                change(row)
        except StaleMove as stale:
            return f"{stale.name} is not possible once it is {stale.status}"
        except DeskError as error:
            return error.message
        return ""

    def _judge(self, row: Row) -> None:
        said = row.get(self.mapping.judged.column)
        if said in self.mapping.judged.kept:
            self.played.verdict = True
        elif said in self.mapping.judged.missed:
            self.played.verdict = False

    def _transfer(self, row: Row) -> None:
        group = row.get(self.columns.group)
        if not group or group in {self.group, self.group_refused}:
            return
        self.group_refused = group  # said once; the rows after it repeat the group
        self._reopen_if_needed(row, "transfer")
        self._do("transfer", row, service=self.cast.service(group), reason="")
        self.group, self.group_refused = group, ""

    def _prioritise(self, row: Row) -> None:
        impact = self._impact(row) or self.request.impact
        urgency = self._urgency(row) or self.request.urgency
        if (impact, urgency) == (self.request.impact, self.request.urgency):
            return
        self._reopen_if_needed(row, "prioritise")
        self._do("prioritise", row, impact=impact, urgency=urgency, reason="")

    def _reopen_if_needed(self, row: Row, name: str) -> None:
        """Where the same row goes on with work on a resolved case, that comes first."""
        target = self.mapping.states[row.get(self.columns.state)]
        if self.request.status == S.RESOLVED and target in OPEN_STATUSES:
            self._do("reopen", row, message="")
        lifecycle.step(self.request.status, name)

    def _move(self, row: Row) -> None:
        target = self.mapping.states[row.get(self.columns.state)]
        current = Status(self.request.status)
        if target == current:
            return
        path = PATHS.get((current, target))
        if path is None:
            raise StaleMove(f"going on as {target}", current)
        for name in path:
            self._do(name, row, **self._given(name))

    @staticmethod
    def _given(name: str) -> dict[str, Any]:
        if name in {"ask", "hold"}:
            extra = {"third_party": ""} if name == "hold" else {}
            return {"message": "", "look_again_on": None, **extra}
        return {"message": ""} if name in {"resolve", "reopen", "decline", "cancel"} else {}

    def _assign(self, row: Row) -> None:
        name = row.get(self.columns.assignee)
        if not name:
            return
        assignee = self.cast.worker(name, self.request.service)
        if assignee.pk != self.request.assignee_id:
            self._do("assign", row, assignee=assignee)

    def _do(self, name: str, row: Row, **given: Any) -> None:
        by = self._actor(name, row)
        done = actions.perform(self.request, name, by=by, at=row.at, via=Via.IMPORT, **given)
        self.request = self._counted(name, done)

    def _counted(self, name: str, done: ServiceRequest) -> ServiceRequest:
        self.played.deeds[name] += 1
        self.played.request_id = done.pk
        return done

    def _actor(self, name: str, row: Row) -> User | None:
        """Who did it: the assignee takes it, everything else is done by whoever wrote the row."""
        column = self.columns.assignee if name == "take" else self.columns.actor
        theirs = row.get(column)
        return self.cast.worker(theirs, self.request.service) if theirs else None

    def _impact(self, row: Row) -> str:
        return self.mapping.impacts.get(row.get(self.columns.impact), "")

    def _urgency(self, row: Row) -> str:
        return self.mapping.urgencies.get(row.get(self.columns.urgency), "")
