"""What changed since the last version of a form, in words."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue import building
from catalogue.changes import Sort, changes
from catalogue.fields import FormSpec, Kind
from catalogue.wording import KINDS

OFFICE = {"key": "office", "kind": "choice", "label": "Which office?", "choices": ["A", "B"]}
WHY = {"key": "why", "kind": "long_text", "label": "Why?"}
NEW = {"key": "new", "kind": "yes_no", "label": "Is it new?"}
NAME = {"key": "name", "kind": "short_text", "label": "What is it?"}


def spec(*fields: dict[str, Any]) -> FormSpec:
    return FormSpec.read(fields)


def words(before: FormSpec, after: FormSpec, **subjects: str) -> list[str]:
    return [change.words for change in changes(before, after, **subjects)]


def test_the_same_form_has_no_changes() -> None:
    assert changes(spec(OFFICE, WHY), spec(OFFICE, WHY)) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {"label": "Which floor?"}, "“Which office?” now reads “Which floor?”."),
        ({}, {"help": "Yours."}, "“Which office?” has a help text."),
        ({"help": "x"}, {"help": "y"}, "The help of “Which office?” reads differently."),
        ({"help": "x"}, {"help": ""}, "“Which office?” has no help text any more."),
        ({}, {"required": True}, "“Which office?” must now be answered."),
        ({"required": True}, {}, "“Which office?” may now be left out."),
        ({}, {"choices": ["A", "B", "C"]}, "“Which office?” offers “C”."),
        ({"choices": ["A", "B", "C"]}, {}, "“Which office?” no longer offers “C”."),
        ({}, {"choices": ["B", "A"]}, "The choices of “Which office?” stand in another order."),
        ({}, {"provider_only": True}, "“Which office?” is now for the department only."),
        ({"provider_only": True}, {}, "“Which office?” is now asked of all."),
        (
            {},
            {"shown_when": ["new", "yes"]},
            "“Which office?” is now asked only if “Is it new?” is answered “Yes”.",
        ),
        ({"shown_when": ["new", "yes"]}, {}, "“Which office?” is now always asked."),
        (
            {},
            {"kind": "choices"},
            "“Which office?” is now any of several choices; it was one of several choices.",
        ),
    ],
)
def test_a_changed_question_is_put_into_words(
    before: dict[str, Any], after: dict[str, Any], said: str
) -> None:
    assert words(spec(NEW, OFFICE | before), spec(NEW, OFFICE | after)) == [said]


def test_what_was_added_and_removed_is_said() -> None:
    found = changes(spec(OFFICE), spec(WHY | {"required": True}))
    assert [(one.sort, one.words) for one in found] == [
        (Sort.REMOVED, "“Which office?” is no longer asked."),
        (Sort.ADDED, "“Why?” is new (several lines of text) and must be answered."),
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "“Why?” is new (several lines of text)"),
        ({"required": True}, "“Why?” is new (several lines of text) and must be answered"),
        ({"provider_only": True}, "“Why?” is new (several lines of text), for the department only"),
    ],
)
def test_a_new_question_is_said_with_when_it_is_asked(more: dict[str, Any], said: str) -> None:
    sometimes = WHY | more | {"shown_when": ["new", "yes"]}
    assert words(spec(NEW), spec(NEW, sometimes)) == [
        f"{said}; asked only if “Is it new?” is “Yes”."
    ]


def test_moving_one_question_is_one_change() -> None:
    before, after = spec(OFFICE, WHY, NEW, NAME), spec(NAME, OFFICE, WHY, NEW)
    assert words(before, after) == ["“What is it?” stands elsewhere: it is now question 1."]


def test_adding_a_question_in_front_moves_none() -> None:
    assert words(spec(OFFICE, WHY), spec(NAME, OFFICE, WHY)) == [
        "“What is it?” is new (one line of text)."
    ]


def test_what_names_a_request_is_said() -> None:
    form = spec(NAME)
    assert words(form, form, subject_before="", subject_after="name") == [
        "A request is now named by the answer to “What is it?”."
    ]
    assert words(form, form, subject_before="name", subject_after="") == [
        "A request is now named after the service."
    ]


def test_every_kind_of_question_has_words() -> None:
    assert set(Kind) <= set(KINDS)


# -- Building ------------------------------------------------------------------------------------


def keys(form: FormSpec) -> list[str]:
    return [one.key for one in form.fields]


def test_a_question_moves_within_the_form_and_no_further() -> None:
    form = spec(OFFICE, WHY, NEW)
    assert keys(building.moved(form, "new", -1)) == ["office", "new", "why"]
    assert keys(building.moved(form, "office", -1)) == ["office", "why", "new"]
    assert keys(building.moved(form, "new", 9)) == ["office", "why", "new"]


@pytest.mark.parametrize("order", [["office"], ["office", "why", "why"], ["office", "why", "x"]])
def test_an_order_that_does_not_name_each_question_once_is_refused(order: list[str]) -> None:
    with pytest.raises(ValueError, match="each question once"):
        building.ordered(spec(OFFICE, WHY, NEW), order)


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Which office?", "which_office"),
        ("Why?", "why_2"),
        ("3 things", "q_3_things"),
        ("为什么", "question"),
        ("Ünïcode & more", "unicode_more"),
        ("x" * 200, "x" * 36),
    ],
)
def test_a_new_question_gets_a_key_of_its_own(label: str, key: str) -> None:
    assert building.new_key(label, spec(WHY)) == key


def test_only_a_short_text_of_the_requester_may_name_a_request() -> None:
    form = spec(NAME, WHY, NAME | {"key": "ours", "provider_only": True})
    assert [one.key for one in building.subjects(form)] == ["name"]
    assert building.kept_subject(form, "ours") == ""


@pytest.mark.parametrize(
    ("fields", "key", "said"),
    [
        ([OFFICE | {"shown_when": ["new", "yes"]}, NEW], "office", "now comes after it"),
        ([OFFICE | {"shown_when": ["office", "A"]}], "office", "answered itself"),
        ([OFFICE | {"shown_when": ["gone", "A"]}], "office", "a question that is gone"),
        ([OFFICE, WHY | {"shown_when": ["office", "Z"]}], "why", "no answer there"),
        ([NAME, WHY | {"shown_when": ["name", "Z"]}], "why", "no answer there"),
        (
            [NEW | {"provider_only": True}, WHY | {"shown_when": ["new", "yes"]}],
            "why",
            "only your own department",
        ),
        ([OFFICE | {"choices": ["A", "A"]}], "office", "twice"),
        ([OFFICE | {"choices": ["A", "B" * 101]}], "office", "1 to 100"),
        ([OFFICE | {"choices": [str(n) for n in range(101)]}], "office", "100 choices"),
        ([WHY | {"label": "x" * 201}], "why", "200 characters"),
        ([WHY | {"help": "nul\x00"}], "why", "cannot be kept"),
        ([WHY | {"key": "k" * 41}], "k" * 41, "plain word"),
        ([WHY | {"key": f"k{n}"} for n in range(101)], "", "100 questions at most"),
    ],
)
def test_what_is_wrong_with_a_form_stands_beside_the_question(
    fields: list[dict[str, Any]], key: str, said: str
) -> None:
    problems = spec(*fields).problems()
    assert list(problems) == [key]
    assert said in problems[key]


def test_a_form_that_does_not_hold_together_can_still_be_looked_at() -> None:
    form = spec(WHY | {"shown_when": ["new", "yes"]}, NEW, OFFICE | {"choices": []})
    looked = building.askable(form)
    assert keys(looked) == ["why", "new"]
    assert looked.problems() == {}
