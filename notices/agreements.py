"""News about agreements between departments: to the leads of the other side, by bell and mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.models import Notice, OutboxMail, Purpose
from notices.words import Words
from people.models import User
from slas.conditions import Conditions
from slas.models import AgreementDeed, AgreementDraft, Coverage, Deed

if TYPE_CHECKING:
    from collections.abc import Collection

_LOOK = gettext_lazy("Look at the agreement")

WORDS: dict[str, Words] = {
    Deed.PROPOSED: Words(
        gettext_lazy("%(provider)s proposes “%(name)s”"),
        gettext_lazy("%(actor)s from %(provider)s proposes an agreement, “%(name)s”:"),
        gettext_lazy("%(actor)s from %(provider)s proposes an agreement, “%(name)s”."),
        meaning=gettext_lazy("It counts when a lead of every department has accepted it."),
        button=gettext_lazy("Read it and answer"),
    ),
    Deed.WITHDRAWN: Words(
        gettext_lazy("%(provider)s took “%(name)s” back"),
        unquoted=gettext_lazy("%(actor)s took what was proposed as “%(name)s” back."),
        meaning=gettext_lazy("What counted until now goes on."),
        button=_LOOK,
    ),
    Deed.ACCEPTED: Words(
        gettext_lazy("%(side)s accepts “%(name)s”"),
        unquoted=gettext_lazy("%(actor)s accepted “%(name)s” for %(side)s."),
        meaning=gettext_lazy("Others have still to answer."),
        button=_LOOK,
    ),
    Deed.SENT_BACK: Words(
        gettext_lazy("%(side)s sends “%(name)s” back"),
        gettext_lazy("%(actor)s sent “%(name)s” back for %(side)s:"),
        gettext_lazy("%(actor)s sent “%(name)s” back for %(side)s."),
        meaning=gettext_lazy("It is a draft again: change it and propose it anew."),
        button=_LOOK,
    ),
    Deed.AGREED: Words(
        gettext_lazy("“%(name)s” is agreed"),
        unquoted=gettext_lazy("Every department has accepted version %(number)s of “%(name)s”."),
        meaning=gettext_lazy("Requests made from its first day on are promised what it says."),
        button=_LOOK,
    ),
    Deed.ENDED: Words(
        gettext_lazy("“%(name)s” ends"),
        unquoted=gettext_lazy("%(actor)s ended “%(name)s” for %(side)s."),
        meaning=gettext_lazy("From then on the standard of %(provider)s counts."),
        button=_LOOK,
    ),
}


def tell(deed: AgreementDeed) -> None:
    """Tell the leads of the departments concerned, but for whoever did it; nothing the second time.

    Inside the deed's transaction.
    """
    hearers = User.objects.filter(
        is_active=True,
        memberships__is_lead=True,
        memberships__team__department__in=_concerned(deed),
    )
    people = [one for one in hearers.order_by("pk").distinct() if one.pk != deed.by_id]
    Notice.objects.bulk_create(
        [
            Notice(user=one, agreement_deed=deed, kind=deed.kind, created_at=deed.at)
            for one in people
        ],
        ignore_conflicts=True,
    )
    burst = timedelta(seconds=settings.NOTICE_BURST_SECONDS)
    OutboxMail.objects.bulk_create(
        [
            OutboxMail(
                recipient=one,
                agreement_deed=deed,
                purpose=Purpose.DEAL,
                created_at=deed.at,
                not_before=deed.at + burst,
            )
            for one in people
        ],
        ignore_conflicts=True,
    )


def _concerned(deed: AgreementDeed) -> Collection[int]:
    """The departments whose leads hear of it: the other side; what ends or is agreed, all."""
    provider_id = deed.agreement.provider_id
    assert provider_id is not None
    match deed.kind:
        case Deed.ACCEPTED | Deed.SENT_BACK:
            return {provider_id}
        case Deed.PROPOSED | Deed.WITHDRAWN:
            return _clients(deed)
    return {provider_id} | _clients(deed)


def _clients(deed: AgreementDeed) -> set[int]:
    draft = AgreementDraft.objects.filter(agreement=deed.agreement_id).first()
    if draft is not None:
        return set(Conditions.read(draft.conditions).clients)
    covered = Coverage.objects.filter(
        version__agreement=deed.agreement_id, version__number=deed.number
    )
    return set(covered.values_list("client_id", flat=True))


def facts(deed: AgreementDeed) -> dict[str, str]:
    """What the words may name; the deed comes with its agreement, provider, side and person."""
    provider = deed.agreement.provider.name if deed.agreement.provider else ""
    return {
        "actor": deed.by.name if deed.by else provider,
        "provider": provider,
        "side": deed.department.name if deed.department else provider,
        "name": " ".join(deed.agreement.name.split()),
        "number": str(deed.number),
    }


def title(deed: AgreementDeed) -> str:
    """What happened, in one line."""
    return str(WORDS[deed.kind].title) % facts(deed)


def path(deed: AgreementDeed) -> str:
    """Where the notice leads: to the agreement."""
    return reverse("desk:agreement", args=[deed.agreement_id])


def mail_context(deed: AgreementDeed) -> dict[str, Any]:
    """What the mail's templates show, but for the frame that all mails share."""
    words, named = WORDS[deed.kind], facts(deed)
    quote = deed.text if words.happened else ""
    sentence = words.happened if quote else words.unquoted
    return {
        "title": " ".join((str(words.title) % named).split()),
        "told": [{"sentence": str(sentence) % named, "quote": quote, "files": ""}],
        "meaning": str(words.meaning) % named,
        "promises": [],
        "button": str(words.button),
        "url": settings.BASE_URL + path(deed),
        "answers": False,
        "about": _("Agreement “%(name)s” of %(provider)s") % named,
        "asked": "",
        "why": _("You get this because you lead a department that it concerns."),
    }
