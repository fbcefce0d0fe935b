"""Asking: how a service request comes to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from catalogue import answers as form_answers
from catalogue.access import may_ask
from requests_app import files, search, timeline
from requests_app.actions._doing import RECORDED
from requests_app.errors import Refused
from requests_app.kinds import Submitted, Via
from requests_app.models import Participant, ServiceRequest
from requests_app.priority import Impact, Urgency, priority_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from catalogue.fields import FormSpec
    from catalogue.models import Service
    from people.models import Department, User

SUBJECT_LENGTH = 200


class AlreadyImported(Refused):
    """A case of that source is here already."""


@transaction.atomic
def submit(
    service: Service,
    *,
    by: User,
    at: datetime,
    answers: Mapping[str, Any],
    impact: str,
    urgency: str,
    key: UUID,
    requester: User | None = None,
    client: Department | None = None,
    via: Via = Via.PAGE,
    subject: str | None = None,
    source: str = "",
    source_case: str = "",
) -> ServiceRequest:
    """Ask for a service; the followers start its clocks and tell its team.

    `key` is that of the form: sending it twice makes one request, and returns it. `answers` are
    as they came; they are checked here. `requester` is whoever it is for, if not `by`; `client` is
    the department that asked, where a record of the past says another than the requester's today.
    Raises BadAnswers (catalogue), Refused, AlreadyImported.
    """
    requester = requester or by
    if via not in RECORDED:
        _check_may_ask(service, requester)
    _check_weight(impact, urgency)
    form_version = service.form_version
    if form_version is None:
        raise Refused(_("This service cannot be asked for yet."))
    cleaned = form_answers.clean(form_version.spec, answers)
    priority = priority_of(impact, urgency)
    service_request = ServiceRequest(
        key=key,
        service=service,
        form_version=form_version,
        requester=requester,
        filed_by=by,
        client_department_id=client.pk if client else requester.department_id,
        provider_department_id=service.department_id,
        team_id=service.team_id,
        restricted=service.restricted,
        subject=_subject(subject or cleaned.get(form_version.subject_field), service),
        answers=cleaned,
        impact=impact,
        urgency=urgency,
        priority=priority,
        status_since=at,
        submitted_at=at,
        last_deed_at=at,
        requester_spoke_at=at,
        source=source,
        source_case=source_case,
    )
    try:
        with transaction.atomic():
            service_request.reference = _next_reference(service.department.key)
            service_request.save(force_insert=True)
    except IntegrityError:
        return _there_already(key, by, source, source_case)
    files.attach_answers(service_request, form_version.spec, by=by)
    _keep_words(service_request, form_version.spec)
    if requester.pk != by.pk:
        Participant.objects.create(service_request=service_request, user=by, added_by=by, at=at)
    timeline.record(
        service_request,
        "submitted",
        Submitted(
            service_id=service.pk,
            provider_id=service.department_id,
            client_id=service_request.client_department_id,
            team_id=service.team_id,
            impact=impact,
            urgency=urgency,
            priority=priority,
        ),
        by=by,
        at=at,
        via=via,
    )
    return service_request


def _keep_words(service_request: ServiceRequest, spec: FormSpec) -> None:
    private = {one.key for one in spec.fields if one.provider_only}
    shown = {k: v for k, v in service_request.answers.items() if k not in private}
    hidden = {k: v for k, v in service_request.answers.items() if k in private}
    public = f"{service_request.reference} {service_request.subject} {search.texts_in(shown)}"
    search.keep(service_request, public, public=True)
    search.keep(service_request, search.texts_in(hidden), public=False)


def _check_may_ask(service: Service, requester: User) -> None:
    if not may_ask(requester, service):
        raise Refused(
            _("%(name)s cannot ask for this service.") % {"name": requester.name}, "requester"
        )


def _check_weight(impact: str, urgency: str) -> None:
    if impact not in list(Impact):
        raise Refused(_("Say whom it touches."), "impact")
    if urgency not in list(Urgency):
        raise Refused(_("Say how much it holds you up."), "urgency")


def _subject(given: Any, service: Service) -> str:
    text = " ".join(str(given or "").replace("\x00", "").split()) or service.name
    return text if len(text) <= SUBJECT_LENGTH else text[: SUBJECT_LENGTH - 1] + "…"


def _next_reference(department_key: str) -> str:
    """The next number of the one sequence, which no rollback gives back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('request_reference')")
        (number,) = cursor.fetchone()
    return f"{department_key}-{number}"


def _there_already(key: UUID, by: User, source: str, source_case: str) -> ServiceRequest:
    twin = ServiceRequest.objects.filter(key=key).first()
    if twin is not None and twin.filed_by_id == by.pk:
        return twin
    if (
        twin is None
        and source
        and ServiceRequest.objects.filter(source=source, source_case=source_case).exists()
    ):
        raise AlreadyImported(
            _("Case %(case)s of %(source)s is here already.")
            % {"case": source_case, "source": source}
        )
    raise Refused(_("This form was sent before. Please open it anew."))
