"""The plan of Harbour & Pine, without a database: the same each time, and by the table of moves."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from catalogue.fields import FormSpec
from catalogue.models import Category
from requests_app import lifecycle
from requests_app.lifecycle import Status
from requests_app.priority import priority_of
from servicedesk.demo import phrases
from servicedesk.demo.company import DEPARTMENTS, company
from servicedesk.demo.offers import OFFERS, offer
from servicedesk.demo.scenes import before
from servicedesk.demo.stories import plan
from servicedesk.demo.story import Story
from servicedesk.templatetags.desk import _drawings

THURSDAY_NOON = datetime(2026, 11, 19, 12, 10, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
BANNED = re.compile(
    r"\b(tickets?|lorem|ipsum|entity|entities|null|undefined|instance|invalid|todo|tbd)\b"
    r"|\b(?-i:None)\b(?! of)",
    re.IGNORECASE,
)


@cache
def stories(
    requests: int = 1500, now: datetime = THURSDAY_NOON, seed: int = 20261119
) -> list[Story]:
    """All stories of three months."""
    return plan(seed, now, days=92, requests=requests)


def test_the_same_seed_and_now_make_the_same_stories() -> None:
    first, second = (plan(20261119, THURSDAY_NOON, days=92, requests=200) for _ in range(2))
    assert first == second
    assert first != plan(1, THURSDAY_NOON, days=92, requests=200)


def test_nothing_in_the_plan_happens_after_now_or_out_of_order() -> None:
    for story in stories():
        moments = [story.at, *(step.at for step in story.steps)]
        assert moments == sorted(moments)
        assert moments[-1] <= THURSDAY_NOON


def test_stories_are_numbered_in_the_order_in_which_they_were_asked() -> None:
    told = stories(300)
    assert [story.number for story in told] == list(range(1, 301))
    assert [story.at for story in told] == sorted(story.at for story in told)


@pytest.mark.parametrize("seed_number", [1, 2, 20261119])
def test_every_deed_of_every_story_is_possible_where_it_stands(seed_number: int) -> None:
    for story in stories(now=SATURDAY_NIGHT, seed=seed_number):
        _walk(story)


def _walk(story: Story) -> Status:
    """The status at the end; StaleMove where the story breaks the table of moves."""
    status, interrupted = Status.NEW, Status.NEW
    held_by = offer(story.department, story.service)
    seen_by = {story.requester, story.filed_by}
    for step in story.steps:
        deed = lifecycle.step(status, step.deed)
        if step.deed in ("approve", "refuse"):
            status = interrupted
        elif step.deed == "transfer":
            there = offer(*step.given["service"].key.split("/"))
            if status == Status.IN_PROGRESS and (there.department, there.team) != (
                held_by.department,
                held_by.team,
            ):
                status = Status.NEW
            held_by = there
        elif step.deed == "reply" and status == Status.NEW and step.by != story.requester:
            status = Status.IN_PROGRESS
        elif step.deed == "share":
            assert step.given["user"].key not in seen_by
            seen_by.add(step.given["user"].key)
        elif deed.after is not None:
            interrupted, status = status, deed.after
    return status


@pytest.mark.parametrize("now", [THURSDAY_NOON, SATURDAY_NIGHT])
def test_the_company_is_alive_at_noon_and_on_a_weekends_night(now: datetime) -> None:
    ends = Counter(_walk(story) for story in stories(now=now))
    assert set(ends) == set(Status)
    backlog = sum(ends[status] for status in lifecycle.OPEN_STATUSES)
    assert 90 <= backlog <= 260
    assert ends[Status.NEW] >= 8


def test_texts_hold_no_word_that_nobody_reads_and_no_gap() -> None:
    texts = [text for story in stories() for text in _texts(story)]
    assert len(texts) > 5000
    for one in OFFERS:
        texts += [one.name, one.summary, one.description, *one.gets, *one.needs]
        texts += [asked[part] for asked in one.fields for part in ("label", "help")]
    wrong = [text for text in texts if BANNED.search(text) or "{" in text or "}" in text]
    assert wrong == []


def test_lists_do_not_look_cloned() -> None:
    subjects = Counter(
        story.answers[offer(story.department, story.service).subject_field] for story in stories()
    )
    assert len(subjects) > 450
    assert max(subjects.values()) <= 18


def _texts(story: Story) -> list[str]:
    given = [value for step in story.steps for value in step.given.values()]
    said = [story.opinion.comment] if story.opinion else []
    return [
        value
        for value in [*story.answers.values(), *given, *said]
        if isinstance(value, str) and value
    ]


def test_few_requests_are_of_the_first_priority() -> None:
    told = stories()
    share = Counter(str(priority_of(story.impact, story.urgency)) for story in told)
    assert 3 <= share["P1"] <= 40
    assert share["P1"] < share["P2"] < share["P3"]
    assert share["P4"] > share["P2"]


def test_people_ask_on_working_days_and_hardly_at_night() -> None:
    told = stories()
    weekend = sum(story.at.weekday() > 4 for story in told)
    night = sum(not 6 <= story.at.hour <= 21 for story in told)
    assert weekend < len(told) * 0.05
    assert night < len(told) * 0.03


def test_there_are_ten_departments_with_a_lead_and_a_head_each() -> None:
    staff = company(2026, 2027)
    assert len(staff.people) == len(staff.by_email) == 260
    assert len({one.employee_number for one in staff.people}) == 260
    assert len(DEPARTMENTS) == 10
    for plan_ in DEPARTMENTS:
        assert staff.lead(plan_.slug).department == staff.head(plan_.slug).department
        assert len(staff.of(plan_.slug)) == plan_.size
    assert all(one.email.isascii() for one in staff.people)


def test_every_department_takes_what_fits_nowhere_else() -> None:
    general = {one.department for one in OFFERS if one.is_general}
    assert general == {plan_.slug for plan_ in DEPARTMENTS}
    assert offer("facilities", "i-dont-know").is_general
    assert {one.department for one in OFFERS if one.restricted} == {"people", "legal"}


def test_every_icon_and_category_exists_and_every_form_can_be_asked() -> None:
    drawings = set(_drawings().namelist())
    for icon in [*(one.icon for one in OFFERS), *(plan_.icon for plan_ in DEPARTMENTS)]:
        assert f"{icon}.svg" in drawings
    kinds = Counter(one["kind"] for each in OFFERS for one in each.fields)
    assert {"short_text", "long_text", "number", "date", "choice", "choices", "yes_no",
            "person", "department", "file"} == set(kinds)  # fmt: skip
    for each in OFFERS:
        FormSpec.load(each.fields)
        assert each.category in Category
        assert len(each.summary) <= 200
    assert sum(bool(one.get("shown_when")) for each in OFFERS for one in each.fields) > 20


def test_whatever_is_handed_on_goes_to_a_service_that_exists() -> None:
    for where, (department, slug, _reason) in phrases.HANDED_ON.items():
        offer(*where)
        offer(department, slug)


def test_business_hours_before_now_are_counted_backwards() -> None:
    calendar = company(2025, 2027).calendars["it"]
    for hours in (0.2, 5.0, 38.0):
        at = before(calendar, SATURDAY_NIGHT, hours)
        gone = calendar.elapsed(at, SATURDAY_NIGHT)
        assert abs(gone - timedelta(hours=hours)) < timedelta(seconds=3)
