"""What the provider fills in for itself: the questions of the form that only it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.answers import clean_private
from requests_app import search
from requests_app.actions._doing import begin
from requests_app.errors import Refused
from requests_app.kinds import Annotated, Via
from requests_app.models import ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from people.models import User


@transaction.atomic
def annotate(
    service_request: ServiceRequest,
    *,
    answers: Mapping[str, Any],
    by: User | None,
    at: datetime,
    via: Via = Via.PAGE,
    key: str | None = None,
) -> ServiceRequest:
    """Answer the questions that only the provider sees; `answers` are all of them, as they came.

    A file among them stays as it is. Raises BadAnswers (catalogue), NotAllowed, StaleMove, Refused.
    """
    doing = begin(service_request, "annotate", by=by, at=at, via=via, key=key)
    if doing is None:
        return ServiceRequest.objects.get(pk=service_request.pk)
    request = doing.service_request
    spec, before = request.form_version.spec, request.answers
    files = {one.key for one in spec.fields if one.provider_only and one.kind == "file"}
    given = {name: value for name, value in answers.items() if name not in files}
    given |= {name: before[name] for name in files if name in before}
    ours = clean_private(spec, given, before)
    private = {one.key for one in spec.fields if one.provider_only}
    whole = {name: value for name, value in before.items() if name not in private} | ours
    changed = sorted(name for name in private if whole.get(name) != before.get(name))
    if not changed:
        raise Refused(_("Nothing has changed."))
    doing.change(answers=whole)
    words = search.texts_in({name: ours[name] for name in changed if name in ours})
    search.keep(request, words, public=False)
    return doing.finish(Annotated(questions=changed))
