"""Deeds on services: registered, changed, published, retired; forms built and published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from catalogue import actions, building
from catalogue.errors import BadService, Stale
from catalogue.fields import BadForm, FormField, FormSpec, Kind
from catalogue.models import UNKNOWN_SLUG, Life, Service
from people.models import AuditEntry, Department, Team, User
from tests import factories
from tests.times import MONDAY_9, MONDAY_10

WHAT = {"key": "what", "kind": "short_text", "label": "What?"}
NEW = {"key": "new", "kind": "yes_no", "label": "Is it new?"}
AGE = {"key": "age", "kind": "number", "label": "How old?", "shown_when": ["new", "no"]}


@pytest.fixture
def details(it_team: Team) -> actions.Details:
    return actions.Details(name="A new chair", summary="To sit on.", team=it_team)


def deeds() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("deed", flat=True))


def kept(service: Service, *fields: dict[str, Any], by: User, **given: Any) -> Any:
    whole: dict[str, Any] = {"subject_field": "", "revision": actions.draft_of(service).revision}
    return actions.keep_draft(service, FormSpec.read(fields), by=by, at=MONDAY_9, **whole | given)


# -- A service's life ----------------------------------------------------------------------------


def test_a_lead_registers_a_service_as_a_draft(
    it: Department, lena: User, details: actions.Details
) -> None:
    made = actions.create(it, details, by=lena, at=MONDAY_9)
    assert (made.slug, made.life) == ("a-new-chair", Life.DRAFT)
    entry = AuditEntry.objects.get()
    assert (entry.deed, entry.actor, entry.thing) == ("created", lena, "A new chair")
    assert entry.changes["name"] == [None, "A new chair"]


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("A new chair", ["a-new-chair", "a-new-chair-2", "a-new-chair-3"]),
        ("为什么", ["service", "service-2"]),
        ("New", ["new-service"]),
        ("Zażółć!", ["zazoc"]),
    ],
)
def test_each_service_has_an_address_of_its_own(
    it: Department, lena: User, details: actions.Details, name: str, slugs: list[str]
) -> None:
    named = replace(details, name=name)
    made = [actions.create(it, named, by=lena, at=MONDAY_9).slug for _ in slugs]
    assert made == slugs


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"summary": ""}, "summary"),
        ({"summary": "x" * 201}, "summary"),
        ({"category": "weather"}, "category"),
        ({"icon": ""}, "icon"),
        ({"description": "nul\x00"}, ""),
        ({"for_everyone": False}, "audience"),
    ],
)
def test_what_will_not_do_is_told_field_by_field(
    it: Department, lena: User, details: actions.Details, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadService) as refused:
        actions.create(it, replace(details, **given), by=lena, at=MONDAY_9)
    assert list(refused.value.errors) == [field]
    assert not Service.objects.exists()


def test_a_service_is_done_by_a_team_of_its_own_department(
    it: Department, hr: Department, lena: User, details: actions.Details
) -> None:
    with pytest.raises(BadService) as refused:
        actions.create(it, replace(details, team=factories.make_team(hr)), by=lena, at=MONDAY_9)
    assert list(refused.value.errors) == ["team"]


def test_only_a_lead_of_the_department_changes_its_services(
    it: Department, laptop: Service, omar: User, kai: User, dana: User
) -> None:
    details = actions.details_of(laptop)
    for someone in (omar, kai, dana):
        given: dict[str, Any] = {"by": someone, "at": MONDAY_9}
        for deed in (
            lambda: actions.create(it, details, **given),  # noqa: B023
            lambda: actions.change(laptop, details, revision=0, **given),  # noqa: B023
            lambda: actions.publish(laptop, **given),  # noqa: B023
            lambda: actions.retire(laptop, **given),  # noqa: B023
            lambda: actions.publish_form(laptop, [], **given),  # noqa: B023
            lambda: kept(laptop, WHAT, by=someone),  # noqa: B023
            lambda: actions.publish_draft(laptop, revision=1, **given),  # noqa: B023
        ):
            with pytest.raises(PermissionDenied):
                deed()
    assert Service.objects.get().life == Life.PUBLISHED


def test_a_change_is_recorded_from_what_to_what(laptop: Service, lena: User) -> None:
    now = actions.details_of(laptop)
    after = actions.change(
        laptop, replace(now, summary="Quicker."), revision=0, by=lena, at=MONDAY_9
    )
    assert (after.summary, after.revision) == ("Quicker.", 1)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.deed, entry.changes) == ("changed", {"summary": [now.summary, "Quicker."]})


def test_keeping_what_is_there_changes_nothing(laptop: Service, lena: User) -> None:
    before = deeds()
    actions.change(laptop, actions.details_of(laptop), revision=0, by=lena, at=MONDAY_9)
    assert deeds() == before
    assert Service.objects.get().revision == 0


def test_the_audience_is_audited_like_the_rest(
    laptop: Service, lena: User, finance: Department
) -> None:
    some = replace(actions.details_of(laptop), for_everyone=False, audience=(finance,))
    actions.change(laptop, some, revision=0, by=lena, at=MONDAY_9)
    assert AuditEntry.objects.latest("pk").changes == {
        "for_everyone": [True, False],
        "audience": [[], [finance.pk]],
    }


def test_of_two_who_change_at_once_the_second_is_told(laptop: Service, lena: User) -> None:
    now = actions.details_of(laptop)
    actions.change(laptop, replace(now, summary="First."), revision=0, by=lena, at=MONDAY_9)
    with pytest.raises(Stale):
        actions.change(laptop, replace(now, summary="Second."), revision=0, by=lena, at=MONDAY_10)
    assert Service.objects.get().summary == "First."


def test_a_restriction_does_not_reach_requests_that_are_there(
    laptop: Service, lena: User, dana: User
) -> None:
    asked = factories.make_service_request(laptop, by=dana)
    hidden = replace(actions.details_of(laptop), restricted=True)
    actions.change(laptop, hidden, revision=0, by=lena, at=MONDAY_10)
    asked.refresh_from_db()
    assert not asked.restricted


def test_a_service_retires_and_opens_again_and_once_is_enough(laptop: Service, lena: User) -> None:
    before = len(deeds())
    actions.retire(laptop, by=lena, at=MONDAY_9)
    actions.retire(laptop, by=lena, at=MONDAY_9)
    assert Service.objects.get().life == laptop.life == Life.RETIRED
    actions.publish(laptop, by=lena, at=MONDAY_9)
    assert Service.objects.get().life == Life.PUBLISHED
    assert deeds()[before:] == ["retired", "published"]


def test_a_service_without_a_form_is_not_published(
    it: Department, lena: User, details: actions.Details
) -> None:
    made = actions.create(it, details, by=lena, at=MONDAY_9)
    with pytest.raises(BadForm):
        actions.publish(made, by=lena, at=MONDAY_9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.update(life=Life.PUBLISHED)


# -- Forms ---------------------------------------------------------------------------------------


def test_a_form_is_built_aside_until_it_is_published(laptop: Service, lena: User) -> None:
    draft = kept(laptop, WHAT, NEW, by=lena, subject_field="what")
    assert Service.objects.get().form_version == laptop.form_version
    after = actions.publish_draft(laptop, revision=draft.revision, by=lena, at=MONDAY_10)
    version = after.form_version
    assert version is not None
    assert (version.number, version.subject_field, version.published_by) == (2, "what", lena)
    assert [one.key for one in version.spec.fields] == ["what", "new"]
    assert AuditEntry.objects.latest("pk").changes == {"form_version": [1, 2]}


def test_the_first_publishing_opens_the_service(
    it: Department, lena: User, details: actions.Details
) -> None:
    made = actions.create(it, details, by=lena, at=MONDAY_9)
    after = actions.publish_draft(made, revision=0, by=lena, at=MONDAY_9)
    assert after.life == Life.PUBLISHED
    assert after.form_version is not None
    assert after.form_version.fields == []
    assert deeds() == ["created", "form published", "published"]


def test_publishing_what_is_published_makes_no_version(laptop: Service, lena: User) -> None:
    draft = kept(laptop, WHAT, by=lena)
    first = actions.publish_draft(laptop, revision=draft.revision, by=lena, at=MONDAY_9)
    again = actions.draft_of(first).revision
    actions.publish_draft(first, revision=again, by=lena, at=MONDAY_9)
    assert laptop.form_versions.count() == 2


def test_a_form_may_not_hold_together_while_it_is_built_but_is_not_published(
    laptop: Service, lena: User
) -> None:
    draft = kept(laptop, AGE, NEW, by=lena)
    with pytest.raises(BadForm) as refused:
        actions.publish_draft(laptop, revision=draft.revision, by=lena, at=MONDAY_9)
    assert list(refused.value.errors) == ["age"]
    assert laptop.form_versions.count() == 1


def test_of_two_who_build_at_once_the_second_is_told(laptop: Service, lena: User) -> None:
    draft = kept(laptop, WHAT, by=lena)
    with pytest.raises(Stale):
        kept(laptop, NEW, by=lena, revision=draft.revision - 1)
    assert [one.key for one in actions.draft_of(laptop).spec.fields] == ["what"]


def test_publishing_counts_as_a_change_for_who_builds(laptop: Service, lena: User) -> None:
    draft = kept(laptop, WHAT, by=lena)
    actions.publish_draft(laptop, revision=draft.revision, by=lena, at=MONDAY_9)
    with pytest.raises(Stale):
        kept(laptop, NEW, by=lena, revision=draft.revision)


def test_the_last_change_is_taken_back_once(laptop: Service, lena: User) -> None:
    kept(laptop, WHAT, NEW, by=lena, subject_field="what")
    draft = kept(laptop, NEW, by=lena, subject_field="what")
    assert draft.subject_field == ""
    undone = actions.undo_draft(laptop, revision=draft.revision, by=lena, at=MONDAY_9)
    assert [one.key for one in undone.spec.fields] == ["what", "new"]
    assert undone.subject_field == "what"
    with pytest.raises(Stale):
        actions.undo_draft(laptop, revision=undone.revision, by=lena, at=MONDAY_9)


def test_what_was_built_can_be_thrown_away_and_fetched_back(laptop: Service, lena: User) -> None:
    draft = kept(laptop, WHAT, by=lena)
    thrown = actions.discard_draft(laptop, revision=draft.revision, by=lena, at=MONDAY_9)
    assert thrown.is_like(laptop.form_version)
    back = actions.undo_draft(laptop, revision=thrown.revision, by=lena, at=MONDAY_9)
    assert [one.key for one in back.spec.fields] == ["what"]


def test_a_draft_refuses_what_is_no_question(laptop: Service, lena: User) -> None:
    many = [WHAT | {"key": f"k{n}"} for n in range(101)]
    for fields in (many, [WHAT, WHAT], [WHAT | {"label": " "}], [WHAT | {"label": "\x00"}]):
        with pytest.raises(BadForm):
            kept(laptop, *fields, by=lena)
    full = FormSpec.read(many[:100])
    with pytest.raises(BadForm):
        building.added(full, FormField(key="more", kind=Kind.DATE, label="More"))


def test_a_subject_must_be_a_short_text_that_is_asked(laptop: Service, lena: User) -> None:
    for key, fields in (("new", [NEW]), ("what", []), ("what", [WHAT | {"provider_only": True}])):
        with pytest.raises(BadForm):
            actions.publish_form(laptop, fields, subject_field=key, by=lena, at=MONDAY_9)


# -- There from the start ------------------------------------------------------------------------


def test_a_department_has_a_general_request_from_the_start(it: Department, dana: User) -> None:
    first = actions.ensure_general(it, by=dana, at=MONDAY_9)
    assert actions.ensure_general(it, by=dana, at=MONDAY_10) == first
    assert (first.slug, first.life, first.team.department) == ("general-request", "published", it)
    assert first.form_version is not None
    assert first.form_version.subject_field == "what"
    assert Service.objects.count() == Team.objects.count() == 1


def test_the_desk_has_one_service_for_who_does_not_know(it: Department, hr: Department) -> None:
    first = actions.ensure_unknown(it, by=None, at=MONDAY_9)
    assert actions.ensure_unknown(hr, by=None, at=MONDAY_9) == first
    assert actions.ensure_general(it, by=None, at=MONDAY_9) != first
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_service(hr, slug=UNKNOWN_SLUG, is_general=True)


def test_nobody_meets_a_dead_end(it: Department, lena: User, finance: Department) -> None:
    general = actions.ensure_general(it, by=None, at=MONDAY_9)
    with pytest.raises(BadService):
        actions.retire(general, by=lena, at=MONDAY_9)
    few = replace(actions.details_of(general), for_everyone=False, audience=(finance,))
    with pytest.raises(BadService) as refused:
        actions.change(general, few, revision=0, by=lena, at=MONDAY_9)
    assert list(refused.value.errors) == ["for_everyone"]
