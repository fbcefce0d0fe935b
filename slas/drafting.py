"""Deeds on agreements between departments: written, proposed, accepted by all sides, ended.

A draft becomes a version when a lead of every department has accepted the same revision of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from people import audit
from people.models import Department, User
from slas import access
from slas.agreements import end_version, problems_of, write_version
from slas.conditions import BadConditions, Conditions
from slas.models import (
    Acceptance,
    Agreement,
    AgreementDeed,
    AgreementDraft,
    AgreementVersion,
    Deed,
    Kind,
    Stage,
)

LONGEST_NAME = 80
LONGEST_TEXT = 2_000


class Stale(RuntimeError):
    """Someone changed the draft since it was read: nothing was overwritten or accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a draft is to say."""

    name: str
    said: Conditions
    begins_on: date | None = None
    """In the provider's zone; None is as soon as all have accepted."""


@transaction.atomic
def create(provider: Department, wanted: Wanted, *, by: User | None, at: datetime) -> Agreement:
    """Begin an agreement: a draft that only its provider's leads see.

    Raises BadConditions, PermissionDenied.
    """
    access.require_lead(by, provider.pk)
    agreement = Agreement(kind=Kind.AGREEMENT, provider=provider, name=_named(wanted))
    _require(agreement, wanted, at)
    agreement.save()
    draft = AgreementDraft(agreement=agreement)
    _write(draft, wanted, by=by, at=at)
    audit.record("created", agreement, {"name": ["", agreement.name]}, by=by, at=at)
    return agreement


@transaction.atomic
def change(
    agreement: Agreement, wanted: Wanted, *, revision: int, by: User | None, at: datetime
) -> AgreementDraft:
    """Say something else: what was proposed is a draft again, and nobody has accepted it.

    `revision` is that of the draft that was read; 0 where there was none. Raises BadConditions,
    Stale, PermissionDenied.
    """
    locked, draft = _locked(agreement)
    access.require_lead(by, locked.provider_id)
    if (draft.revision if draft else 0) != revision:
        raise Stale
    before = _kept(locked, draft)
    locked.name = _named(wanted)
    _require(locked, wanted, at)
    locked.save(update_fields=["name"])
    draft = draft or AgreementDraft(agreement=locked, revision=0)
    draft.revision += 1
    _write(draft, wanted, by=by, at=at)
    changes = audit.difference(before, _kept(locked, draft))
    audit.record("changed", locked, changes, by=by, at=at)
    return draft


@transaction.atomic
def propose(
    agreement: Agreement, *, revision: int, message: str = "", by: User | None, at: datetime
) -> AgreementDeed:
    """Hand the draft to the clients' leads; who proposes it has accepted it for the provider.

    Raises BadConditions, Stale, PermissionDenied.
    """
    locked, draft = _locked(agreement)
    access.require_lead(by, locked.provider_id)
    draft = _current(draft, revision)
    said = Conditions.read(draft.conditions)
    wanted = Wanted(name=locked.name, said=said, begins_on=draft.begins_on)
    _require(locked, wanted, at)
    draft.stage = Stage.PROPOSED
    draft.message = _text(message)
    draft.save()
    draft.acceptances.all().delete()
    assert locked.provider is not None
    Acceptance.objects.create(draft=draft, department=locked.provider, by=by, at=at)
    return _deed(
        locked, Deed.PROPOSED, locked.provider_id, by=by, at=at, number=draft, text=draft.message
    )


@transaction.atomic
def take_back(
    agreement: Agreement, *, revision: int, by: User | None, at: datetime
) -> AgreementDeed:
    """Make what was proposed a draft again. Raises Stale, PermissionDenied."""
    locked, draft = _locked(agreement)
    access.require_lead(by, locked.provider_id)
    draft = _proposed(draft, revision)
    _reset(draft)
    return _deed(locked, Deed.WITHDRAWN, locked.provider_id, by=by, at=at, number=draft)


@transaction.atomic
def send_back(
    agreement: Agreement, *, revision: int, reason: str, by: User, at: datetime
) -> AgreementDeed:
    """Say no for the clients that the person leads, and why: it is a draft again.

    Raises BadConditions without a reason, Stale, PermissionDenied.
    """
    locked, draft = _locked(agreement)
    draft = _proposed(draft, revision)
    sides = _client_sides(locked, draft, by)
    if not reason.strip():
        raise BadConditions({"reason": _("Say what should be different.")})
    _reset(draft)
    return _deed(locked, Deed.SENT_BACK, sides[0], by=by, at=at, number=draft, text=_text(reason))


@transaction.atomic
def accept(agreement: Agreement, *, revision: int, by: User, at: datetime) -> AgreementDeed:
    """Say yes for each side that the person leads; the last one makes it a version.

    In force from its date, from now where that has passed. Raises Stale, PermissionDenied, and
    BadConditions where it cannot be a version any more.
    """
    locked, draft = _locked(agreement)
    draft = _proposed(draft, revision)
    said = Conditions.read(draft.conditions)
    sides = access.sides_of(by, locked.provider_id, said.clients)
    if not sides:
        raise PermissionDenied(_("A lead of one of the departments does this."))
    accepted = set(draft.acceptances.values_list("department_id", flat=True))
    missing = [pk for pk in sides if pk not in accepted]
    Acceptance.objects.bulk_create(
        Acceptance(draft=draft, department_id=pk, by=by, at=at) for pk in missing
    )
    deed = None
    for pk in missing:
        deed = _deed(locked, Deed.ACCEPTED, pk, by=by, at=at, number=draft)
    if waiting_for(locked, draft):
        return deed or _deed(locked, Deed.ACCEPTED, sides[0], by=by, at=at, number=draft)
    version = write_version(
        locked, said, begins=begins_at(locked, draft.begins_on, at), by=by, at=at
    )
    draft.acceptances.update(draft=None, version=version)
    text = draft.message
    draft.delete()
    return _deed(locked, Deed.AGREED, None, by=by, at=at, number=version.number, text=text)


@transaction.atomic
def drop(agreement: Agreement, *, revision: int, by: User | None, at: datetime) -> bool:
    """Throw the draft away; whether the agreement went with it, because it never had a version.

    What was proposed is to be taken back first. Raises Stale, PermissionDenied.
    """
    locked, draft = _locked(agreement)
    access.require_lead(by, locked.provider_id)
    draft = _current(draft, revision)
    if draft.stage == Stage.PROPOSED:
        raise Stale
    draft.delete()
    goes = not locked.versions.exists() and not locked.deeds.exists()
    audit.record("deleted" if goes else "dropped", locked, {}, by=by, at=at)
    if goes:
        locked.delete()
    return goes


@transaction.atomic
def end(agreement: Agreement, *, on: date | None, by: User, at: datetime) -> AgreementDeed:
    """End an agreement that is in force, from that day on (None: now); the standard then counts.

    By a lead of either side. Raises BadConditions, PermissionDenied.
    """
    locked, draft = _locked(agreement)
    last = locked.versions.prefetch_related("targets", "coverage").order_by("-number").first()
    if last is None or last.in_force_to is not None:
        raise BadConditions({"": _("The agreement has ended already, or never began.")})
    sides = access.sides_of(by, locked.provider_id, Conditions.of(last).clients)
    if not sides:
        raise PermissionDenied(_("A lead of one of the departments does this."))
    ends = at if on is None else _start(locked, on)
    if ends < at and on is not None and on < at.astimezone(zone_of(locked)).date():
        raise BadConditions({"on": _("Choose today or a later day.")})
    ends = max(ends, at)
    if ends <= last.in_force_from:
        raise BadConditions({"on": _("It is not in force by then: choose a later day.")})
    if draft is not None:
        draft.delete()
    end_version(last, ends)
    audit.record("ended", locked, {"in_force_to": [None, ends.isoformat()]}, by=by, at=at)
    return _deed(locked, Deed.ENDED, sides[0], by=by, at=at, number=last.number)


def waiting_for(agreement: Agreement, draft: AgreementDraft) -> list[int]:
    """The departments whose leads have still to accept the draft, provider first."""
    accepted = {one.department_id for one in draft.acceptances.all()}
    clients = Conditions.read(draft.conditions).clients
    return [pk for pk in (agreement.provider_id, *clients) if pk is not None and pk not in accepted]


def begins_at(agreement: Agreement, begins_on: date | None, at: datetime) -> datetime:
    """From when on a version counts that all accept at that moment: never in the past."""
    return at if begins_on is None else max(_start(agreement, begins_on), at)


def newest(agreement: Agreement) -> AgreementVersion | None:
    """The version made last, with what it says; in force, to come, or over."""
    rows = agreement.versions.prefetch_related("targets", "coverage")
    return rows.order_by("-number").first()


# -- Below ---------------------------------------------------------------------------------------


def _locked(agreement: Agreement) -> tuple[Agreement, AgreementDraft | None]:
    rows = Agreement.objects.select_for_update(no_key=True, of=("self",))
    locked = rows.select_related("provider").get(pk=agreement.pk, kind=Kind.AGREEMENT)
    return locked, AgreementDraft.objects.filter(agreement=locked).first()


def _current(draft: AgreementDraft | None, revision: int) -> AgreementDraft:
    if draft is None or draft.revision != revision:
        raise Stale
    return draft


def _proposed(draft: AgreementDraft | None, revision: int) -> AgreementDraft:
    draft = _current(draft, revision)
    if draft.stage != Stage.PROPOSED:
        raise Stale
    return draft


def _client_sides(agreement: Agreement, draft: AgreementDraft, by: User) -> Sequence[int]:
    clients = Conditions.read(draft.conditions).clients
    sides = access.sides_of(by, None, clients)
    if not sides:
        raise PermissionDenied(_("A lead of the client does this."))
    return sides


def _require(agreement: Agreement, wanted: Wanted, at: datetime) -> None:
    begins = begins_at(agreement, wanted.begins_on, at)
    last = newest(agreement) if agreement.pk else None
    errors = problems_of(agreement, wanted.said, begins=begins, last=last)
    if not wanted.name.strip():
        errors["name"] = _("Give it a name, “Contracts for Sales” say.")
    if agreement.provider_id in wanted.said.clients:
        errors["clients"] = _("A department needs no agreement with itself.")
    if wanted.begins_on is not None and _start(agreement, wanted.begins_on) < at:
        today = at.astimezone(zone_of(agreement)).date()
        if wanted.begins_on < today:
            errors["begins_on"] = _("Choose today or a later day.")
    if errors:
        raise BadConditions(errors)


def _write(draft: AgreementDraft, wanted: Wanted, *, by: User | None, at: datetime) -> None:
    draft.conditions = wanted.said.dump()
    draft.begins_on = wanted.begins_on
    draft.stage = Stage.DRAFT
    draft.changed_at, draft.changed_by = at, by
    draft.save()
    draft.acceptances.all().delete()


def _reset(draft: AgreementDraft) -> None:
    draft.stage = Stage.DRAFT
    draft.revision += 1
    draft.save(update_fields=["stage", "revision"])
    draft.acceptances.all().delete()


def _kept(agreement: Agreement, draft: AgreementDraft | None) -> dict[str, object]:
    """What the audit compares; without a draft, what was agreed last."""
    if draft is not None:
        said: Conditions | None = Conditions.read(draft.conditions)
    else:
        last = newest(agreement)
        said = Conditions.of(last) if last else None
    begins_on = draft.begins_on if draft else None
    return (said.flat() if said else {}) | {"name": agreement.name, "begins_on": begins_on}


def _deed(
    agreement: Agreement,
    kind: Deed,
    department_id: int | None,
    *,
    by: User | None,
    at: datetime,
    number: AgreementDraft | int,
    text: str = "",
) -> AgreementDeed:
    """One line of the agreement's history, and of the audit."""
    if isinstance(number, AgreementDraft):
        number = agreement.versions.count() + 1
    deed = AgreementDeed.objects.create(
        agreement=agreement,
        kind=kind,
        department_id=department_id,
        by=by,
        at=at,
        number=number,
        text=text,
    )
    if kind not in (Deed.AGREED, Deed.ENDED):
        audit.record(str(kind), agreement, {"version": [None, number]}, by=by, at=at)
    return deed


def _named(wanted: Wanted) -> str:
    return " ".join(wanted.name.split())[:LONGEST_NAME]


def _text(text: str) -> str:
    return text.strip()[:LONGEST_TEXT]


def _start(agreement: Agreement, day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone_of(agreement))


def zone_of(agreement: Agreement) -> ZoneInfo:
    """The zone in which its days begin: the provider's."""
    assert agreement.provider is not None
    return ZoneInfo(agreement.provider.zone)
