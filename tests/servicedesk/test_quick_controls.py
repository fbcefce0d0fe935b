"""Controls written without a template read as Django's own."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.test.html import parse_html

from servicedesk.quick_controls import QuickControls

ODD = 'a "quoted" <b>&amp; 1.5'


class Everything(forms.Form):
    line = forms.CharField(max_length=20, help_text="Help.")
    text = forms.CharField(widget=forms.Textarea({"rows": 3}))
    count = forms.IntegerField(required=False)
    day = forms.DateField(widget=forms.DateInput({"type": "date"}))
    secret = forms.CharField(widget=forms.HiddenInput)
    one = forms.ChoiceField(choices=[("a", "A"), (ODD, ODD)], widget=forms.RadioSelect)
    some = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    menu = forms.ChoiceField(choices=[("", "–"), ("a", "A"), ("b", "B"), (ODD, ODD)])
    grouped = forms.ChoiceField(choices=[("x", "X"), (ODD, [(1, "One"), (2, ODD)])], required=False)
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
    tick = forms.BooleanField()


def drawn(renderer: BaseRenderer, data: dict[str, Any] | None) -> list[str]:
    form = Everything(data, renderer=renderer)
    whole = [str(field) for field in form]
    return whole + [str(option.tag()) for name in ("one", "some") for option in form[name]]


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"line": ODD, "text": f"\n{ODD}\n", "count": "x", "one": ODD, "some": ["b"], "tick": "on"},
        {
            "line": "",
            "text": "",
            "day": "2026-11-16",
            "secret": ODD,
            "menu": ODD,
            "grouped": "2",
            "several": ["a", "b"],
        },
    ],
)
def test_a_control_reads_as_the_one_of_django(data: dict[str, Any] | None) -> None:
    quick, plain = drawn(QuickControls(), data), drawn(DjangoTemplates(), data)
    assert [parse_html(one) for one in quick] == [parse_html(one) for one in plain]
