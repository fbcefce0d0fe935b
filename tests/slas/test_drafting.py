"""Agreements between departments: drafted, proposed, accepted by all sides, in force, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from calendars.actions import create_default
from catalogue.models import Service
from people.models import AuditEntry, Department, User
from slas import access, agreements, drafting
from slas.conditions import BadConditions, Conditions
from slas.drafting import Stale, Wanted
from slas.engine import Act, Escalation, Metric
from slas.models import Agreement, AgreementVersion, Coverage, Stage, Target, Terms
from slas.terms import forget
from tests import factories
from tests.beforehand import beforehand
from tests.times import FRIDAY_9, MONDAY_9, MONDAY_10, TUESDAY_9, WEDNESDAY_9, hours, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
@beforehand
def fiona(finance: Department) -> User:
    """The lead of Finance."""
    return factories.make_agent(factories.make_team(finance), "Fiona Walsh", is_lead=True)


@pytest.fixture
def wanted(it: Department, finance: Department) -> Wanted:
    """Two hours for a resolution of P3, for Finance, of all services."""
    return Wanted(name="IT for Finance", said=said_for(it, finance))


def said_for(provider: Department, *clients: Department, **given: Any) -> Conditions:
    values: dict[str, Any] = {
        "clients": tuple(sorted(one.pk for one in clients)),
        "calendar_id": create_default(provider, at=MONDAY_9).pk,
        "targets": {**agreements.DEFAULT_TARGETS, (Metric.RESOLUTION, "P3"): hours(2)},
        "thresholds": {str(key): some for key, some in agreements.DEFAULT_THRESHOLDS.items()},
        "escalation": {str(key): some for key, some in agreements.DEFAULT_ESCALATION.items()},
    }
    return Conditions(**(values | given))


def agreed(
    provider: Department, wanted: Wanted, leads: list[User], at: Any = MONDAY_9
) -> Agreement:
    """Drafted and proposed by the first of them, accepted by the others."""
    agreement = drafting.create(provider, wanted, by=leads[0], at=at)
    drafting.propose(agreement, revision=1, by=leads[0], at=at)
    for one in leads[1:]:
        drafting.accept(agreement, revision=1, by=one, at=at)
    return agreement


def budget(provider: Department, client: Department, service: Service, at: Any) -> timedelta | None:
    version = agreements.version_for(provider.pk, client.pk, service.pk, at)
    return Conditions.of(version).budget(Metric.RESOLUTION, "P3")


def test_what_both_have_accepted_counts_and_what_one_has_accepted_does_not(
    it: Department, finance: Department, laptop: Service, lena: User, fiona: User, wanted: Wanted
) -> None:
    agreement = drafting.create(it, wanted, by=lena, at=MONDAY_9)
    drafting.propose(agreement, revision=1, message="Faster for you.", by=lena, at=MONDAY_9)
    assert budget(it, finance, laptop, MONDAY_10) == hours(24)
    deed = drafting.accept(agreement, revision=1, by=fiona, at=MONDAY_10)
    assert deed.kind == "agreed"
    assert budget(it, finance, laptop, MONDAY_10) == hours(2)
    assert budget(it, finance, laptop, MONDAY_10 - minutes(1)) == hours(24)
    version = agreement.versions.get()
    assert [one.by for one in version.acceptances.all()] == [lena, fiona]


def test_an_agreement_counts_for_its_clients_and_services_alone(
    it: Department, finance: Department, hr: Department, laptop: Service, lena: User, fiona: User
) -> None:
    other = factories.make_service(it)
    said = said_for(it, finance, services=(laptop.pk,))
    agreed(it, Wanted(name="Laptops", said=said), [lena, fiona])
    assert budget(it, finance, laptop, MONDAY_10) == hours(2)
    assert budget(it, finance, other, MONDAY_10) == hours(24)
    assert budget(it, hr, laptop, MONDAY_10) == hours(24)


def test_which_version_counts_is_one_query(
    it: Department,
    finance: Department,
    laptop: Service,
    lena: User,
    fiona: User,
    wanted: Wanted,
    django_assert_num_queries: Any,
) -> None:
    agreements.standard_version(it.pk, MONDAY_9)
    agreement = agreed(it, wanted, [lena, fiona])
    with django_assert_num_queries(1):
        found = agreements.version_for(it.pk, finance.pk, laptop.pk, MONDAY_10)
    assert found.agreement_id == agreement.pk


def test_a_request_keeps_the_agreement_version_that_was_in_force_when_it_was_submitted(
    it: Department, laptop: Service, dana: User, lena: User, fiona: User, wanted: Wanted
) -> None:
    forget()
    agreement = agreed(it, wanted, [lena, fiona])
    asked = factories.make_service_request(laptop, by=dana, at=MONDAY_10)
    later = replace(wanted, said=replace(wanted.said, targets=dict(agreements.DEFAULT_TARGETS)))
    drafting.change(agreement, later, revision=0, by=lena, at=TUESDAY_9)
    drafting.propose(agreement, revision=1, by=lena, at=TUESDAY_9)
    drafting.accept(agreement, revision=1, by=fiona, at=TUESDAY_9)
    after = factories.make_service_request(laptop, by=dana, at=WEDNESDAY_9)
    first, second = agreement.versions.order_by("number")
    assert Terms.objects.get(service_request=asked).agreement_version == first
    assert Terms.objects.get(service_request=after).agreement_version == second
    assert (first.in_force_to, second.in_force_from) == (TUESDAY_9, TUESDAY_9)


def test_a_change_resets_what_was_accepted_and_makes_it_a_draft_again(
    it: Department, hr: Department, lena: User, fiona: User, wanted: Wanted
) -> None:
    both = replace(wanted, said=replace(wanted.said, clients=(*wanted.said.clients, hr.pk)))
    factories.make_agent(factories.make_team(hr), "Hana", is_lead=True)
    agreement = agreed(it, both, [lena, fiona])
    assert drafting.waiting_for(agreement, agreement.draft) == [hr.pk]
    drafting.change(agreement, wanted, revision=1, by=lena, at=MONDAY_10)
    agreement.draft.refresh_from_db()
    assert agreement.draft.stage == Stage.DRAFT
    assert not agreement.draft.acceptances.exists()
    with pytest.raises(Stale):
        drafting.accept(agreement, revision=1, by=fiona, at=MONDAY_10)


def test_it_takes_a_lead_of_every_client_to_be_in_force(
    it: Department, finance: Department, hr: Department, lena: User, fiona: User
) -> None:
    hana = factories.make_agent(factories.make_team(hr), "Hana", is_lead=True)
    agreement = agreed(it, Wanted(name="IT", said=said_for(it, finance, hr)), [lena, fiona])
    assert not agreement.versions.exists()
    drafting.accept(agreement, revision=1, by=hana, at=TUESDAY_9)
    assert agreement.versions.get().in_force_from == TUESDAY_9


def test_what_is_sent_back_is_a_draft_with_a_reason(
    it: Department, lena: User, fiona: User, wanted: Wanted
) -> None:
    agreement = agreed(it, wanted, [lena])
    with pytest.raises(BadConditions, match="should be different"):
        drafting.send_back(agreement, revision=1, reason=" ", by=fiona, at=MONDAY_10)
    deed = drafting.send_back(agreement, revision=1, reason="Too slow.", by=fiona, at=MONDAY_10)
    assert (deed.kind, deed.text, deed.department_id) == (
        "sent_back",
        "Too slow.",
        fiona.department_id,
    )
    agreement.draft.refresh_from_db()
    assert (agreement.draft.stage, agreement.draft.revision) == (Stage.DRAFT, 2)


def test_who_leads_neither_side_does_nothing(
    it: Department, lena: User, fiona: User, omar: User, kai: User, wanted: Wanted
) -> None:
    for stranger in (omar, fiona, kai):
        with pytest.raises(PermissionDenied):
            drafting.create(it, wanted, by=stranger, at=MONDAY_9)
    agreement = agreed(it, wanted, [lena])
    for stranger in (omar, kai):
        with pytest.raises(PermissionDenied):
            drafting.accept(agreement, revision=1, by=stranger, at=MONDAY_9)
        with pytest.raises(PermissionDenied):
            drafting.send_back(agreement, revision=1, reason="No.", by=stranger, at=MONDAY_9)
    with pytest.raises(PermissionDenied):
        drafting.change(agreement, wanted, revision=1, by=fiona, at=MONDAY_9)


def test_a_draft_is_its_providers_alone_until_it_is_proposed(
    it: Department, lena: User, fiona: User, kai: User, wanted: Wanted
) -> None:
    agreement = drafting.create(it, wanted, by=lena, at=MONDAY_9)
    readers = [lena, fiona, kai]
    assert [agreement in access.readable_by(one) for one in readers] == [True, False, False]
    drafting.propose(agreement, revision=1, by=lena, at=MONDAY_9)
    assert [agreement in access.readable_by(one) for one in readers] == [True, True, False]
    drafting.accept(agreement, revision=1, by=fiona, at=MONDAY_9)
    assert [agreement in access.readable_by(one) for one in readers] == [True, True, False]


def test_a_version_to_come_counts_from_its_day_on_without_anyone_doing_anything(
    it: Department, finance: Department, laptop: Service, lena: User, fiona: User, wanted: Wanted
) -> None:
    agreed(it, replace(wanted, begins_on=date(2026, 11, 20)), [lena, fiona])
    assert budget(it, finance, laptop, FRIDAY_9 - hours(10)) == hours(24)
    assert budget(it, finance, laptop, FRIDAY_9 - hours(9)) == hours(2)


def test_a_version_does_not_begin_in_the_past(
    it: Department, lena: User, fiona: User, wanted: Wanted
) -> None:
    with pytest.raises(BadConditions, match="today or a later day"):
        drafting.create(it, replace(wanted, begins_on=date(2026, 11, 13)), by=lena, at=MONDAY_9)
    late = agreed(it, replace(wanted, begins_on=date(2026, 11, 16)), [lena])
    drafting.accept(late, revision=1, by=fiona, at=TUESDAY_9)
    assert late.versions.get().in_force_from == TUESDAY_9


def test_when_an_agreement_ends_the_standard_counts_again(
    it: Department, finance: Department, laptop: Service, lena: User, fiona: User, wanted: Wanted
) -> None:
    agreement = agreed(it, wanted, [lena, fiona])
    drafting.end(agreement, on=None, by=fiona, at=TUESDAY_9)
    assert budget(it, finance, laptop, TUESDAY_9 - minutes(1)) == hours(2)
    assert budget(it, finance, laptop, TUESDAY_9) == hours(24)
    with pytest.raises(BadConditions, match="ended already"):
        drafting.end(agreement, on=None, by=lena, at=WEDNESDAY_9)
    with pytest.raises(BadConditions, match="has ended"):
        drafting.change(agreement, wanted, revision=0, by=lena, at=WEDNESDAY_9)
    again = agreed(it, wanted, [lena, fiona], at=WEDNESDAY_9)
    assert agreements.version_for(it.pk, finance.pk, laptop.pk, WEDNESDAY_9).agreement == again


@pytest.mark.parametrize("everything", [True, False])
def test_two_agreements_cannot_cover_the_same_pair_and_service(
    it: Department,
    finance: Department,
    laptop: Service,
    lena: User,
    fiona: User,
    wanted: Wanted,
    everything: bool,
) -> None:
    agreed(it, wanted, [lena, fiona])
    services = None if everything else (laptop.pk,)
    other = Wanted(name="Another", said=said_for(it, finance, services=services))
    with pytest.raises(BadConditions, match="covered already") as refused:
        drafting.create(it, other, by=lena, at=MONDAY_10)
    assert list(refused.value.errors) == ["clients"]


def test_the_database_itself_refuses_an_overlap_for_a_pair_and_service(
    it: Department, laptop: Service, lena: User, fiona: User, wanted: Wanted
) -> None:
    version = agreed(it, wanted, [lena, fiona]).versions.get()
    one = version.coverage.get()
    with (
        pytest.raises(IntegrityError, match='"one_version_for_a_pair_and_service"'),
        transaction.atomic(),
    ):
        Coverage.objects.create(
            version=version,
            provider=it,
            client_id=one.client_id,
            service=laptop,
            in_force_from=FRIDAY_9,
        )


def test_the_database_itself_refuses_a_gap_between_versions(
    it: Department, lena: User, fiona: User, wanted: Wanted
) -> None:
    one = agreements.publish_standard(it, at=MONDAY_9)
    AgreementVersion.objects.filter(pk=one.pk).update(in_force_to=TUESDAY_9)
    one.pk, one.number, one.in_force_from = None, 2, WEDNESDAY_9
    one.save(force_insert=True)
    with (
        pytest.raises(IntegrityError, match="when the one before it ends"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    AgreementVersion.objects.filter(pk=one.pk).update(in_force_to=FRIDAY_9)
    transaction.set_rollback(True)


def test_what_was_agreed_is_never_changed_or_deleted(
    it: Department, lena: User, fiona: User, wanted: Wanted
) -> None:
    version = agreed(it, wanted, [lena, fiona]).versions.get()
    for write in (
        lambda: AgreementVersion.objects.filter(pk=version.pk).update(takes_back=True),
        lambda: AgreementVersion.objects.filter(pk=version.pk).update(in_force_from=TUESDAY_9),
        lambda: Target.objects.filter(version=version).update(budget_seconds=60),
        lambda: Target.objects.filter(version=version).delete(),
        lambda: Coverage.objects.filter(version=version).update(in_force_from=TUESDAY_9),
        lambda: Coverage.objects.filter(version=version).delete(),
        lambda: version.agreement.deeds.update(text="Else."),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            write()


def test_every_step_is_in_the_audit(
    it: Department, lena: User, fiona: User, wanted: Wanted
) -> None:
    agreement = agreed(it, wanted, [lena])
    drafting.take_back(agreement, revision=1, by=lena, at=MONDAY_9)
    slower = replace(
        wanted,
        said=replace(
            wanted.said, targets={**wanted.said.targets, (Metric.RESOLUTION, "P3"): hours(4)}
        ),
    )
    drafting.change(agreement, slower, revision=2, by=lena, at=MONDAY_9)
    drafting.propose(agreement, revision=3, by=lena, at=MONDAY_9)
    drafting.accept(agreement, revision=3, by=fiona, at=MONDAY_9)
    drafting.end(agreement, on=None, by=fiona, at=TUESDAY_9)
    entries = AuditEntry.objects.filter(kind="agreement", thing_id=agreement.pk).order_by("id")
    assert [(one.deed, one.actor) for one in entries] == [
        ("created", lena),
        ("proposed", lena),
        ("withdrawn", lena),
        ("changed", lena),
        ("proposed", lena),
        ("accepted", fiona),
        ("published", fiona),
        ("ended", fiona),
    ]
    assert entries[3].changes == {"resolution_P3": ["2 h", "4 h"]}


def test_a_draft_that_was_never_agreed_can_be_thrown_away(
    it: Department, lena: User, fiona: User, wanted: Wanted
) -> None:
    agreement = drafting.create(it, wanted, by=lena, at=MONDAY_9)
    assert drafting.drop(agreement, revision=1, by=lena, at=MONDAY_10)
    assert not Agreement.objects.filter(pk=agreement.pk).exists()


def test_conditions_are_read_back_as_they_were_written(it: Department, finance: Department) -> None:
    said = said_for(
        it,
        finance,
        services=(3, 4),
        answer_within=hours(8),
        complete_form=True,
        notice_days=5,
        review_on=date(2027, 5, 1),
        takes_back=True,
        pauses_for_third_party=True,
        escalation={"P1": (Escalation(50, Act.TELL_ASSIGNEE),), "P2": (), "P3": (), "P4": ()},
    )
    assert Conditions.read(said.dump()) == said


# -- The minimum ---------------------------------------------------------------------------------


def least(**targets: timedelta) -> Conditions:
    found = {("resolution", priority): budget for priority, budget in targets.items()}
    return Conditions(
        targets=found,
        thresholds=dict.fromkeys(("P1", "P2", "P3", "P4"), ()),
        escalation=dict.fromkeys(("P1", "P2", "P3", "P4"), ()),
    )


@pytest.fixture
@beforehand
def admin(hr: Department) -> User:
    """An administrator."""
    return factories.make_person("Ada Admin", department=hr, is_administrator=True)


def test_a_standard_or_agreement_below_the_minimum_is_refused_beside_the_field(
    it: Department, lena: User, wanted: Wanted, admin: User
) -> None:
    agreements.say_minimum(least(P3=hours(1)), at=MONDAY_9, by=admin)
    with pytest.raises(BadConditions, match="minimum is 1 h") as refused:
        drafting.create(it, wanted, by=lena, at=MONDAY_10)
    assert list(refused.value.errors) == ["resolution_P3"]
    with pytest.raises(BadConditions) as refused:
        agreements.publish_standard(it, at=MONDAY_10, in_force_from=MONDAY_10)
    assert list(refused.value.errors) == ["resolution_P3"]


def test_the_minimum_may_only_be_tightened(admin: User, lena: User) -> None:
    agreements.say_minimum(least(P3=hours(8)), at=MONDAY_9, by=admin)
    for looser in (least(P3=hours(9)), least(P4=hours(8))):
        with pytest.raises(BadConditions, match="only be tightened") as refused:
            agreements.say_minimum(looser, at=MONDAY_10, by=admin)
        assert list(refused.value.errors) == ["resolution_P3"]
    tighter = agreements.say_minimum(least(P3=hours(7)), at=MONDAY_10, by=admin)
    assert tighter.number == 2
    with pytest.raises(PermissionDenied):
        agreements.say_minimum(least(P3=hours(6)), at=TUESDAY_9, by=lena)


def test_a_tighter_minimum_says_what_falls_below_it(
    it: Department, lena: User, fiona: User, wanted: Wanted, admin: User
) -> None:
    standard = agreements.publish_standard(it, at=MONDAY_9)
    version = agreed(it, wanted, [lena, fiona]).versions.get()
    minimum = agreements.say_minimum(least(P3=hours(2)), at=MONDAY_10, by=admin)
    assert agreements.below(minimum, MONDAY_10) == [standard]
    minimum = agreements.say_minimum(least(P3=hours(1)), at=TUESDAY_9, by=admin)
    assert agreements.below(minimum, TUESDAY_9) == [standard, version]


def test_the_default_standard_is_no_less_than_the_minimum(it: Department, admin: User) -> None:
    agreements.say_minimum(least(P3=hours(3), P1=hours(9)), at=MONDAY_9, by=admin)
    said = Conditions.of(agreements.standard_version(it.pk, MONDAY_10))
    assert said.budget(Metric.RESOLUTION, "P3") == hours(3)
    assert said.budget(Metric.RESOLUTION, "P1") == hours(4)


def test_what_is_proposed_waits_for_the_leads_of_clients_that_have_not_said_yes(
    it: Department, finance: Department, hr: Department, lena: User, fiona: User, dana: User
) -> None:
    hanna = factories.make_agent(factories.make_team(hr), "Hanna Berg", is_lead=True)
    both = Wanted(name="IT for two", said=said_for(it, finance, hr))
    agreement = drafting.create(it, both, by=lena, at=MONDAY_9)

    def waits_for() -> list[User]:
        return [one for one in (lena, fiona, hanna, dana) if access.to_accept(one).exists()]

    assert waits_for() == []  # a draft is its provider's alone
    drafting.propose(agreement, revision=1, by=lena, at=MONDAY_9)
    assert waits_for() == [fiona, hanna]
    drafting.accept(agreement, revision=1, by=fiona, at=MONDAY_10)
    assert waits_for() == [hanna]
    drafting.send_back(agreement, revision=1, reason="Slower, please.", by=hanna, at=MONDAY_10)
    assert waits_for() == []
