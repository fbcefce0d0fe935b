"""Querysets that are turned into SQL once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.db.models.signals import post_init

from people.models import Department, Membership, User
from people.prepared import prepared
from tests import factories
from tests.times import MONDAY_10, hours

pytestmark = pytest.mark.django_db


@prepared
def _of(department_id: int, names: Collection[str]) -> QuerySet[User]:
    return User.objects.filter(department=department_id, name__among=names).order_by("name")


@prepared
def _with_department(ids: Collection[int]) -> QuerySet[User]:
    people = User.objects.filter(pk__among=ids).select_related("department").order_by("name")
    return people.only("name", "department__name").annotate(loud=Upper("name"))


@prepared
def _names(ids: Collection[int], joined: datetime) -> QuerySet[User, str]:
    joined_later = Q(date_joined=None) | Q(date_joined__gt=joined)
    found = User.objects.filter(joined_later, department__among=ids, is_active=True)
    return found.order_by("name").values_list("name", flat=True)


@prepared
def _pairs(name: str) -> QuerySet[User, tuple[str, int | None]]:
    return User.objects.filter(name=name).values_list("name", "department__parent_id")


def test_it_answers_as_the_queryset_would_each_time_for_other_values(
    django_assert_num_queries: Any,
) -> None:
    here, there = factories.make_department("Here"), factories.make_department("There")
    anna = factories.make_person("Anna O'Neill %s", department=here)
    berta = factories.make_person("Berta", department=there)

    with django_assert_num_queries(3):
        assert _of(here.pk, [anna.name, berta.name]) == [anna]
        assert _of(department_id=there.pk, names={berta.name}) == [berta]
        assert _of(here.pk, ()) == []
    anna.delete()
    assert _of(here.pk, ["Anna O'Neill %s"]) == []


def test_what_is_fetched_along_needs_no_further_query(django_assert_num_queries: Any) -> None:
    there = factories.make_department("There")
    berta = factories.make_person("Berta", department=there)

    with django_assert_num_queries(1):
        (found,) = _with_department([berta.pk])
        assert found.department == there
        assert found.loud == "BERTA"  # type: ignore[attr-defined]
    assert found.get_deferred_fields() >= {"email", "zone"}
    found.name = "Bertha"
    found.save(update_fields=["name"])
    assert _with_department([berta.pk])[0].name == "Bertha"


@prepared
def _whole(ids: Collection[int]) -> QuerySet[User]:
    return User.objects.filter(pk__among=ids).select_related("department__parent")


def test_rows_are_what_the_queryset_would_make_of_them() -> None:
    above = factories.make_department("Above")
    berta = factories.make_person(department=factories.make_department("There", parent=above))
    (found,) = _whole([berta.pk])
    (usual,) = User.objects.filter(pk=berta.pk).select_related("department__parent")
    pairs = [
        (found, usual),
        (found.department, usual.department),
        (found.department.parent, usual.department.parent),
    ]
    for made, by_django in pairs:
        assert made is not None
        assert by_django is not None
        assert type(made) is type(by_django)
        without_state = [{**one.__dict__, "_state": None} for one in (made, by_django)]
        assert without_state[0] == without_state[1]
        states = [(one._state.adding, one._state.db) for one in (made, by_django)]
        assert states == [(False, "default")] * 2
    assert found.department.parent == above


def test_a_model_that_has_a_say_in_how_it_is_made_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = factories.make_department("Here")

    @prepared
    def fresh(pk: int) -> QuerySet[Department]:
        return Department.objects.filter(pk=pk)

    said: list[str] = []
    listen = lambda instance, **_: said.append(instance.name)  # noqa: E731
    post_init.connect(listen, sender=Department, weak=False)
    try:
        assert fresh(here.pk) == [here]
    finally:
        post_init.disconnect(listen, sender=Department)
    assert said == [here.name]


def test_moments_texts_and_tuples_are_put_into_their_places() -> None:
    here = factories.make_department("Here")
    early = factories.make_person("Early", department=here, date_joined=MONDAY_10)
    late = factories.make_person("Late", department=here, date_joined=MONDAY_10 + hours(2))

    assert _names([here.pk], MONDAY_10) == [late.name]
    assert _names([here.pk], MONDAY_10 - hours(1)) == [early.name, late.name]
    assert _pairs("Late") == [("Late", None)]


def test_what_cannot_be_prepared_is_refused_at_the_first_call() -> None:
    @prepared
    def forgets(name: str, team_id: int) -> QuerySet[Membership]:
        return Membership.objects.filter(team=team_id)

    @prepared
    def as_dicts(pk: int) -> Any:
        return Department.objects.filter(pk=pk).values("name")

    @prepared
    def strange(pk: float) -> QuerySet[Department]:
        return Department.objects.filter(pk=pk)  # type: ignore[misc]

    with pytest.raises(TypeError, match="does not filter by name"):
        forgets("a", 1)
    with pytest.raises(TypeError, match="Only rows"):
        as_dicts(1)
    with pytest.raises(TypeError, match="cannot be prepared"):
        strange(1.0)


def test_the_lookup_among_serves_any_queryset() -> None:
    here, there = factories.make_department("Here"), factories.make_department("There")

    assert set(Department.objects.filter(pk__among={here.pk, there.pk})) == {here, there}
    assert not Department.objects.filter(pk__among=[])
