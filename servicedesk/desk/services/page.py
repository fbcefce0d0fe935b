"""What stands on the pages about services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue import building
from catalogue.actions import Details, draft_of
from catalogue.changes import Change, changes
from catalogue.fields import MOST_FIELDS, FormField, FormSpec, Kind
from catalogue.models import FormDraft, FormVersion, Life, Service
from catalogue.wording import answer_words, kind_words
from people.models import AuditEntry, Department, User
from requests_app import access

KIND_ICONS: dict[str, str] = {
    "short_text": "type",
    "long_text": "text-align-start",
    "number": "hash",
    "date": "calendar",
    "choice": "circle-dot",
    "choices": "list-checks",
    "yes_no": "toggle-left",
    "person": "user",
    "department": "building-2",
    "file": "paperclip",
}
LIFE_TONES = {Life.DRAFT: "waiting", Life.PUBLISHED: "good", Life.RETIRED: ""}
CHANGE_ICONS = {"added": "plus", "removed": "minus", "changed": "pencil", "moved": "arrow-up-down"}


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service in the list of its department."""

    service: Service
    tone: str
    open: int
    is_changed: bool


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in the form builder."""

    number: int
    one: FormField
    icon: str
    kind: str
    when: str
    problem: str

    @property
    def choices(self) -> str:
        """What it offers, in one line."""
        return " · ".join(self.one.choices)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A difference between two versions, with its picture."""

    icon: str
    change: Change


def list_page(user: User, department: Department, services: Sequence[Service]) -> list[ServiceRow]:
    """The rows of a list; one query for the counts. Restricted requests count for their team."""
    pks = [service.pk for service in services]
    counted = (
        access.queue(user, department.pk)
        .open()
        .filter(service__in=pks)
        .order_by()
        .values_list("service")
        .annotate(n=Count("pk"))
    )
    waiting = dict(counted)
    return [
        ServiceRow(
            service,
            LIFE_TONES[Life(service.life)],
            waiting.get(service.pk, 0),
            _has_changes(service),
        )
        for service in services
    ]


def _has_changes(service: Service) -> bool:
    draft: FormDraft | None = getattr(service, "draft", None)
    return draft is not None and not draft.is_like(service.form_version)


def head(service: Service, here: str) -> dict[str, Any]:
    """What stands on top of each page of one service; `here` is details, form or publish."""
    address = [service.department.slug, service.slug]
    tabs = [
        ("details", _("Details"), "desk:service_edit"),
        ("form", _("Form"), "desk:service_form"),
        ("publish", _("Publish"), "desk:service_publish"),
    ]
    return {
        "service": service,
        "department": service.department,
        "tone": LIFE_TONES[Life(service.life)],
        "tabs": [(words, reverse(name, args=address), key == here) for key, words, name in tabs],
    }


def form_page(service: Service, draft: FormDraft) -> dict[str, Any]:
    """The form builder: each question, what is wrong with it, and what names a request."""
    spec = draft.spec
    problems = spec.problems()
    return head(service, "form") | {
        "draft": draft,
        "rows": rows_of(spec, problems),
        "problems": len(problems),
        "problem_of_all": problems.get("", ""),
        "is_full": len(spec.fields) >= MOST_FIELDS,
        "most": MOST_FIELDS,
        "subjects": building.subjects(spec),
        "is_changed": not draft.is_like(service.form_version),
        "version": service.form_version,
    }


def rows_of(spec: FormSpec, problems: dict[str, str] | None = None) -> list[QuestionRow]:
    """The questions of a form as they are listed."""
    known = {one.key: one for one in spec.fields}
    return [
        QuestionRow(
            number,
            one,
            KIND_ICONS.get(one.kind, "circle"),
            kind_words(one.kind),
            _when(one, known),
            (problems or {}).get(one.key, ""),
        )
        for number, one in enumerate(spec.fields, start=1)
    ]


def _when(one: FormField, known: dict[str, FormField]) -> str:
    if one.shown_when is None:
        return ""
    key, answer = one.shown_when
    asker = known.get(key)
    return _("only if “%(question)s” is “%(answer)s”") % {
        "question": asker.label if asker else key,
        "answer": answer_words(asker, answer),
    }


def publish_page(service: Service, user: User) -> dict[str, Any]:
    """What would become true by publishing: what changes, what is in the way, what was before."""
    draft = draft_of(service)
    version, spec = service.form_version, draft.spec
    before = FormSpec.read(version.fields) if version else FormSpec()
    found = changes(
        before,
        spec,
        subject_before=version.subject_field if version else "",
        subject_after=draft.subject_field,
    )
    return head(service, "publish") | {
        "draft": draft,
        "version": version,
        "next_number": version.number + 1 if version else 1,
        "changes": [ChangeLine(CHANGE_ICONS[one.sort], one) for one in found],
        "is_changed": version is None or bool(found),
        "questions": len(spec.for_requester()),
        "private": len(spec.fields) - len(spec.for_requester()),
        "problems": [row for row in rows_of(spec, spec.problems()) if row.problem],
        "versions": service.form_versions.select_related("published_by").order_by("-number"),
        "button": _publish_words(service, changed=version is None or bool(found)),
        "open": open_count(user, service),
    }


def _publish_words(service: Service, *, changed: bool) -> str:
    if service.life == Life.RETIRED:
        return _("Open the service again")
    if service.life == Life.DRAFT:
        return _("Publish the service")
    if changed and service.form_version:
        return _("Publish version %d") % (service.form_version.number + 1)
    return ""


def open_count(user: User, service: Service) -> int:
    """How many of its open requests the person works on."""
    return access.queue(user, service.department_id).open().filter(service=service).count()


def open_words(count: int) -> str:
    """What becomes of the open requests of a service that retires."""
    if not count:
        return _("No request of it is open.")
    return ngettext(
        "%d open request of it goes on as it is.",
        "%d open requests of it go on as they are.",
        count,
    ) % (count)


def version_page(service: Service, version: FormVersion) -> dict[str, Any]:
    """A form as it was published."""
    spec = FormSpec.read(version.fields)
    subject = building.find(spec, version.subject_field)
    return head(service, "publish") | {
        "version": version,
        "rows": rows_of(spec),
        "subject": subject,
        "is_current": version.pk == service.form_version_id,
    }


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed a service last, and when; empty where nothing is known."""

    who: str
    at: Any


def last_change(service: Service) -> LastChange:
    """Who said something else of it last."""
    entries = AuditEntry.objects.filter(kind="service", thing_id=service.pk, deed="changed")
    entry = entries.select_related("actor").order_by("-id").first()
    if entry is None:
        return LastChange("", None)
    return LastChange(entry.actor.name if entry.actor else "", entry.at)


def theirs(form: Any, now: Details) -> list[tuple[str, str]]:
    """What is kept now where it is not what was typed: (the field's label, the words kept)."""
    kept = {
        "name": now.name,
        "summary": now.summary,
        "description": now.description,
        "what_you_get": now.what_you_get,
        "what_we_need": now.what_we_need,
        "team": now.team.name,
        "owner": now.owner.name if now.owner else _("Nobody yet"),
    }
    typed = {name: _typed(form, name) for name in kept}
    return [
        (str(form.fields[name].label), words or _("nothing"))
        for name, words in kept.items()
        if " ".join(typed[name].split()) != " ".join(words.split())
    ]


def _typed(form: Any, name: str) -> str:
    value = str(form[name].value() or "")
    if name == "team":
        return form.teams[value].name if value in form.teams else ""
    if name == "owner":
        return form.people[value].name if value in form.people else str(_("Nobody yet"))
    return value


def kinds_that_choose() -> str:
    """The kinds of questions that need choices, as the page's script reads them."""
    return f"{Kind.CHOICE} {Kind.CHOICES}"
