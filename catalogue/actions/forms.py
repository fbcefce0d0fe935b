"""A service's form: built as a draft, published in versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue import building
from catalogue.actions.life import lock, publish
from catalogue.errors import Stale
from catalogue.fields import MOST_FIELDS, BadForm, FormSpec, Kind
from catalogue.models import FormDraft, FormVersion, Life, Service
from people import audit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from people.models import User


@transaction.atomic
def publish_form(
    service: Service,
    fields: Iterable[Mapping[str, Any]],
    *,
    subject_field: str = "",
    by: User | None,
    at: datetime,
) -> FormVersion:
    """Make these questions the service's form from now on; earlier requests keep theirs.

    What was being built gives way to it. Raises BadForm where the form could not be asked,
    PermissionDenied.
    """
    spec = FormSpec.load(fields)
    _check_subject(spec, subject_field)
    locked = lock(service, by)
    last = locked.form_versions.order_by("-number").first()
    version = FormVersion.objects.create(
        service=locked,
        number=last.number + 1 if last else 1,
        fields=spec.dump(),
        subject_field=subject_field,
        published_at=at,
        published_by=by,
    )
    locked.form_version = version
    locked.save(update_fields=["form_version"])
    _write(draft_of(locked), spec, subject_field, before=None, by=by, at=at)
    audit.record(
        "form published",
        locked,
        {"form_version": [last.number if last else None, version.number]},
        by=by,
        at=at,
    )
    service.form_version = version
    return version


def draft_of(service: Service) -> FormDraft:
    """The form as it is being built; one not yet kept, like the published form, where none is."""
    kept = FormDraft.objects.filter(service=service).select_related("changed_by").first()
    if kept is not None:
        return kept
    version = service.form_version
    return FormDraft(
        service=service,
        fields=version.fields if version else [],
        subject_field=version.subject_field if version else "",
    )


@transaction.atomic
def keep_draft(
    service: Service,
    spec: FormSpec,
    *,
    subject_field: str,
    revision: int,
    by: User | None,
    at: datetime,
) -> FormDraft:
    """Keep these questions as what is being built; nobody is asked them yet.

    They may not hold together (FormSpec.problems), but each must be one. A subject that is no
    short text any more is let go. `revision` is that of the draft as it was read. Raises Stale
    where it was changed since, BadForm, PermissionDenied.
    """
    draft = _current(service, revision, by)
    _check_each(spec)
    before = {"fields": draft.fields, "subject_field": draft.subject_field}
    subject = building.kept_subject(spec, subject_field)
    return _write(draft, spec, subject, before=before, by=by, at=at)


@transaction.atomic
def undo_draft(service: Service, *, revision: int, by: User | None, at: datetime) -> FormDraft:
    """Take the last change back, once. Raises Stale where there is none or another came since."""
    draft = _current(service, revision, by)
    if draft.before is None:
        raise Stale
    spec, subject = FormSpec.read(draft.before["fields"]), draft.before["subject_field"]
    return _write(draft, spec, subject, before=None, by=by, at=at)


@transaction.atomic
def discard_draft(service: Service, *, revision: int, by: User | None, at: datetime) -> FormDraft:
    """Begin anew from the published form; can be taken back. Raises Stale, PermissionDenied."""
    draft = _current(service, revision, by)
    version = draft.service.form_version
    before = {"fields": draft.fields, "subject_field": draft.subject_field}
    spec = FormSpec.read(version.fields) if version else FormSpec()
    subject = version.subject_field if version else ""
    return _write(draft, spec, subject, before=before, by=by, at=at)


@transaction.atomic
def publish_draft(service: Service, *, revision: int, by: User | None, at: datetime) -> Service:
    """Make what was built the form, if it asks anything else, and open the service for requests.

    Raises Stale where it was changed since it was read, BadForm, PermissionDenied.
    """
    draft = _current(service, revision, by)
    locked = draft.service
    if locked.form_version is None or not draft.is_like(locked.form_version):
        publish_form(locked, draft.fields, subject_field=draft.subject_field, by=by, at=at)
    if locked.life != Life.PUBLISHED:
        publish(locked, by=by, at=at)
    return locked


def _current(service: Service, revision: int, by: User | None) -> FormDraft:
    """The draft of that revision, its service locked. Raises Stale, PermissionDenied."""
    locked = lock(service, by)
    draft = draft_of(locked)
    draft.service = locked
    if draft.revision != revision:
        raise Stale
    return draft


def _write(
    draft: FormDraft,
    spec: FormSpec,
    subject_field: str,
    *,
    before: dict[str, Any] | None,
    by: User | None,
    at: datetime,
) -> FormDraft:
    draft.fields, draft.subject_field, draft.before = spec.dump(), subject_field, before
    draft.revision += 1
    draft.changed_at, draft.changed_by = at, by
    draft.save()
    return draft


def _check_subject(spec: FormSpec, key: str) -> None:
    if not key:
        return
    named = building.find(spec, key)
    if named is None or named.kind is not Kind.SHORT_TEXT or named.provider_only:
        raise BadForm(_("A request is named by a short text, and “%s” is none.") % key)


def _check_each(spec: FormSpec) -> None:
    errors = {one.key: one.problem() for one in spec.fields if one.problem()}
    if len(spec.fields) > MOST_FIELDS:
        errors[""] = _("A form has %d questions at most.") % MOST_FIELDS
    if len({one.key for one in spec.fields}) < len(spec.fields):
        errors[""] = _("There are two questions of one key.")
    if errors:
        raise BadForm("; ".join(errors.values()), errors)
