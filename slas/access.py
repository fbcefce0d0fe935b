"""Who may read, write and accept agreements."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from people.access import require_administrator, standing
from people.models import Department, User
from slas.models import (
    Acceptance,
    Agreement,
    AgreementDraft,
    AgreementVersion,
    Coverage,
    Kind,
    Stage,
)


def readable_by(user: User) -> QuerySet[Agreement]:
    """The agreements between departments that the person may read.

    Those of the departments that they lead or whose figures they read, on either side; all for
    administrators. What is not yet proposed is its provider's alone.
    """
    rows = Agreement.objects.filter(kind=Kind.AGREEMENT)
    rights = standing(user)
    if rights.is_administrator or rights.manages_organisation:
        return rows
    theirs = rights.lead_of | rights.manages
    covered = Coverage.objects.filter(version__agreement=OuterRef("pk"), client__in=theirs)
    offered = AgreementDraft.objects.filter(_offered_to(theirs), agreement=OuterRef("pk"))
    return rows.filter(Q(provider__in=theirs) | Exists(covered) | Exists(offered))


def may_read(user: User, version: AgreementVersion, client_id: int) -> bool:
    """Whether the person may read the agreement of a version that covers that client. No query.

    What `readable_by` finds, asked of one: `version.agreement` is known.
    """
    agreement = version.agreement
    if agreement.kind != Kind.AGREEMENT:
        return False
    rights = standing(user)
    if rights.is_administrator or rights.manages_organisation:
        return True
    return bool({agreement.provider_id, client_id} & (rights.lead_of | rights.manages))


def _offered_to(department_ids: frozenset[int]) -> Q:
    rule = Q(pk__in=[])
    for pk in sorted(department_ids):
        rule |= Q(conditions__clients__contains=[pk])
    return rule & Q(stage=Stage.PROPOSED)


def may_write(user: User, agreement: Agreement) -> bool:
    """Whether the person drafts, proposes and takes back: leads of the provider."""
    return agreement.provider_id in standing(user).lead_of


def reads_draft(user: User, agreement: Agreement, draft: AgreementDraft) -> bool:
    """Whether the person sees what is being written: its writers; once proposed, its readers."""
    return draft.stage == Stage.PROPOSED or may_write(user, agreement)


def require_lead(user: User | None, department_id: int | None) -> None:
    """Let leads of the department pass, and the desk itself (None). Raises PermissionDenied."""
    if user is not None and department_id not in standing(user).lead_of:
        raise PermissionDenied(_("A lead of the department does this."))


def require_minimum(user: User | None) -> None:
    """Let administrators pass, and the desk itself (None). Raises PermissionDenied."""
    require_administrator(user)


def sides_of(user: User, provider_id: int | None, clients: tuple[int, ...]) -> list[int]:
    """The departments of an agreement for which the person speaks as a lead, provider first."""
    led = standing(user).lead_of
    return [pk for pk in (provider_id, *clients) if pk in led]


def to_accept(user: User) -> QuerySet[AgreementDraft]:
    """What is proposed to the departments that the person leads and has no yes of theirs yet.

    The oldest first, with agreement and provider; no query for who leads none.
    """
    led = standing(user).lead_of
    if not led:
        return AgreementDraft.objects.none()
    rule = Q(pk__in=[])
    for pk in sorted(led):
        said_yes = Acceptance.objects.filter(draft=OuterRef("pk"), department=pk)
        rule |= Q(~Exists(said_yes)) & _offered_to(frozenset({pk}))
    rows = AgreementDraft.objects.filter(rule)
    return rows.select_related("agreement__provider").order_by("changed_at", "pk")


def may_see_register(user: User) -> bool:
    """Whether the person reads what is agreed in all departments they answer for."""
    rights = standing(user)
    return rights.is_manager or rights.is_administrator


def departments_of_register(user: User) -> QuerySet[Department]:
    """The departments whose agreements stand in the person's register."""
    rights = standing(user)
    if rights.is_administrator or rights.manages_organisation:
        return Department.objects.all()
    return Department.objects.filter(pk__in=rights.manages)
