"""Answers to a form: every kind of field, what it takes and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.answers import BadAnswers, clean, clean_private, shown
from catalogue.fields import BadForm, FormSpec
from people.models import User


def spec(*fields: dict[str, Any]) -> FormSpec:
    return FormSpec.load({"label": "A question", "required": True} | field for field in fields)


COLOURS = {"key": "a", "kind": "choice", "choices": ["red", "blue"]}
MANY = {"key": "a", "kind": "choices", "choices": ["red", "blue", "grey"]}


@pytest.mark.parametrize(
    ("field", "raw", "kept"),
    [
        ({"key": "a", "kind": "short_text"}, "  tea ", "tea"),
        ({"key": "a", "kind": "long_text"}, "one\ntwo", "one\ntwo"),
        ({"key": "a", "kind": "number"}, "12,5", "12.5"),
        ({"key": "a", "kind": "number"}, "-0", "-0"),
        ({"key": "a", "kind": "date"}, "2026-12-01", "2026-12-01"),
        (COLOURS, "blue", "blue"),
        (MANY, ["grey", "red"], ["red", "grey"]),
        (MANY, "grey", ["grey"]),
        ({"key": "a", "kind": "yes_no"}, "yes", True),
        ({"key": "a", "kind": "yes_no"}, "no", False),
    ],
)
def test_an_answer_is_kept_in_one_form(field: dict[str, Any], raw: Any, kept: Any) -> None:
    assert clean(spec(field), {"a": raw}) == {"a": kept}


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        ({"key": "a", "kind": "short_text"}, "x" * 201),
        ({"key": "a", "kind": "short_text"}, "nul\x00byte"),
        ({"key": "a", "kind": "short_text"}, ["a", "list"]),
        ({"key": "a", "kind": "long_text"}, "x" * 20_001),
        ({"key": "a", "kind": "number"}, "twelve"),
        ({"key": "a", "kind": "number"}, "NaN"),
        ({"key": "a", "kind": "number"}, "Infinity"),
        ({"key": "a", "kind": "number"}, "1e999999"),
        ({"key": "a", "kind": "date"}, "2026-02-30"),
        ({"key": "a", "kind": "date"}, "tomorrow"),
        (COLOURS, "green"),
        (COLOURS, ["blue"]),
        (MANY, ["red", "green"]),
        ({"key": "a", "kind": "yes_no"}, "perhaps"),
        ({"key": "a", "kind": "short_text"}, ""),
        ({"key": "a", "kind": "short_text"}, "   "),
        (MANY, []),
    ],
)
def test_what_is_no_answer_is_refused_beside_its_field(field: dict[str, Any], raw: Any) -> None:
    with pytest.raises(BadAnswers) as refused:
        clean(spec(field), {"a": raw})
    assert list(refused.value.errors) == ["a"]


@pytest.mark.django_db
@pytest.mark.parametrize("raw", ["0", "999999", "-1", "abc", "١", "1" * 40, None])
@pytest.mark.parametrize("kind", ["person", "department"])
def test_a_forged_person_or_department_is_refused(kind: str, raw: Any) -> None:
    with pytest.raises(BadAnswers):
        clean(spec({"key": "a", "kind": kind}), {"a": raw})


@pytest.mark.django_db
def test_a_person_is_kept_by_id_and_shown_by_name(dana: User) -> None:
    form = spec({"key": "a", "kind": "person"})
    kept = clean(form, {"a": str(dana.pk)})
    assert kept == {"a": dana.pk}
    assert [words for _field, words in shown(form, kept, provider=False)] == ["Dana Byrne"]


def test_every_error_is_told_at_once() -> None:
    form = spec({"key": "a", "kind": "number"}, {"key": "b", "kind": "date"})
    with pytest.raises(BadAnswers) as refused:
        clean(form, {"a": "x", "b": "y", "c": "no such question"})
    assert set(refused.value.errors) == {"a", "b", "c"}


def test_a_question_that_is_not_asked_is_not_answered() -> None:
    form = spec(
        {"key": "new", "kind": "yes_no"},
        {"key": "old", "kind": "short_text", "shown_when": ["new", "no"]},
    )
    assert clean(form, {"new": "yes", "old": "left over"}) == {"new": True}
    with pytest.raises(BadAnswers):
        clean(form, {"new": "no"})


def test_a_private_question_is_not_answered_by_the_requester() -> None:
    form = spec({"key": "a", "kind": "short_text", "provider_only": True})
    assert clean(form, {"a": "sneaked in"}) == {}
    assert shown(form, {"a": "for us"}, provider=False) == []
    assert [words for _f, words in shown(form, {"a": "for us"}, provider=True)] == ["for us"]


@pytest.mark.parametrize(
    "fields",
    [
        [{"key": "a", "kind": "colour", "label": "A"}],
        [{"key": "a b", "kind": "date", "label": "A"}],
        [{"key": "a", "kind": "date", "label": " "}],
        [{"key": "a", "kind": "choice", "label": "A", "choices": ["one"]}],
        [{"key": "a", "kind": "date", "label": "A"}, {"key": "a", "kind": "date", "label": "B"}],
        [{"key": "a", "kind": "date", "label": "A", "shown_when": ["b", "yes"]}],
        [{"kind": "date", "label": "A"}],
        [{"key": "a", "kind": "date", "label": "A", "shown_when": ["b"]}],
    ],
)
def test_a_form_that_could_not_be_asked_is_refused(fields: list[dict[str, Any]]) -> None:
    with pytest.raises(BadForm):
        FormSpec.load(fields)


def test_a_form_reads_back_as_it_was_written() -> None:
    form = spec(COLOURS, {"key": "b", "kind": "yes_no", "shown_when": ["a", "red"]})
    assert FormSpec.load(form.dump()) == form


def test_the_provider_answers_its_own_questions_and_only_those() -> None:
    form = spec(
        {"key": "new", "kind": "yes_no"},
        {"key": "serial", "kind": "short_text", "provider_only": True, "shown_when": ["new", "no"]},
        {"key": "cost", "kind": "number", "provider_only": True, "required": False},
    )
    raw = {"new": "yes", "serial": " 4711 ", "cost": ""}
    assert clean_private(form, raw, {"new": False}) == {"serial": "4711"}
    assert clean_private(form, raw, {"new": True, "serial": "old"}) == {}
    with pytest.raises(BadAnswers) as refused:
        clean_private(form, {"cost": "much"}, {"new": False})
    assert set(refused.value.errors) == {"serial", "cost"}
