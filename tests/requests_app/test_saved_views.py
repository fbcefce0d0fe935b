"""Kept views: one's own and those of the department, named once, so many and no more."""

from __future__ import annotations

from typing import Any

import pytest

from people.models import Department, User
from requests_app import saved_views
from requests_app.errors import NotAllowed, Refused
from requests_app.models import SavedView
from tests.times import MONDAY_10


def _keep(it: Department, by: User, name: str = "Mine", **given: Any) -> SavedView:
    whole: dict[str, Any] = {"view": "open", "query": "", "is_shared": False} | given
    return saved_views.keep(it, name=name, by=by, at=MONDAY_10, **whole)


def test_one_sees_ones_own_and_what_is_shared(
    it: Department, omar: User, lena: User, kai: User
) -> None:
    own, shared = _keep(it, omar, "Own"), _keep(it, lena, "All of us", is_shared=True)
    _keep(it, lena, "Hers")
    assert list(saved_views.seen_by(omar, it.pk)) == [shared, own]
    assert not saved_views.seen_by(kai, it.pk).exists()


def test_who_works_elsewhere_keeps_none(it: Department, kai: User) -> None:
    with pytest.raises(NotAllowed):
        _keep(it, kai)


def test_whoever_keeps_it_or_a_lead_of_a_shared_one_changes_it(
    it: Department, omar: User, lena: User, kai: User
) -> None:
    shared, own = _keep(it, omar, "A", is_shared=True), _keep(it, omar, "B")
    assert saved_views.may_change(omar, own)
    assert saved_views.may_change(lena, shared)
    assert not saved_views.may_change(lena, own)
    assert not saved_views.may_change(kai, shared)
    theirs = _keep(it, lena, "C", is_shared=True)
    with pytest.raises(NotAllowed):
        saved_views.rename(theirs, name="D", is_shared=True, by=omar, at=MONDAY_10)
    with pytest.raises(NotAllowed):
        saved_views.remove(theirs, by=omar)
    saved_views.rename(shared, name="E", is_shared=False, by=lena, at=MONDAY_10)
    saved_views.remove(own, by=omar)
    assert list(SavedView.objects.values_list("name", "is_shared")) == [("C", True), ("E", False)]


def test_a_name_stands_once_with_one_person(it: Department, omar: User, lena: User) -> None:
    one = _keep(it, omar, "Laptops")
    _keep(it, lena, "Laptops")
    with pytest.raises(Refused) as refused:
        _keep(it, omar, "laptops")
    assert refused.value.field == "name"
    two = _keep(it, omar, "Screens")
    with pytest.raises(Refused):
        saved_views.rename(two, name="LAPTOPS", is_shared=False, by=omar, at=MONDAY_10)
    saved_views.rename(one, name="LAPTOPS", is_shared=False, by=omar, at=MONDAY_10)


@pytest.mark.parametrize("given", [{"name": " "}, {"name": "x" * 61}, {"name": "\x00"},
                                   {"query": "x" * 501}])  # fmt: skip
def test_what_will_not_do_is_refused(it: Department, omar: User, given: dict[str, str]) -> None:
    with pytest.raises(Refused):
        _keep(it, omar, **{"name": "Fine"} | given)


def test_ten_of_ones_own_and_ten_that_are_shared_are_enough(
    it: Department, omar: User, lena: User
) -> None:
    for n in range(saved_views.MOST_OWN):
        _keep(it, omar, f"Own {n}", is_shared=n < 5)
    with pytest.raises(Refused):
        _keep(it, omar, "One more")
    for n in range(5):
        _keep(it, lena, f"Shared {n}", is_shared=True)
    hers = _keep(it, lena, "Hers")
    with pytest.raises(Refused) as refused:
        saved_views.rename(hers, name="Hers", is_shared=True, by=lena, at=MONDAY_10)
    assert refused.value.field == "is_shared"
    assert saved_views.seen_by(lena, it.pk).count() <= 20
