"""Controls written without a template each: a form of 100 questions has hundreds, a list of time
zones has 400 options.

They read as Django's own templates of django/forms/widgets/ do; what is not known here is left to
those.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_INPUTS = frozenset(
    f"django/forms/widgets/{name}.html" for name in ("text", "date", "hidden", "input", "number")
)
_OPTIONS = frozenset(f"django/forms/widgets/{name}_option.html" for name in ("radio", "checkbox"))
_SELECT = "django/forms/widgets/select.html"
_TEXTAREA = "django/forms/widgets/textarea.html"


class QuickControls(DjangoTemplates):
    """The desk's form renderer: lines of text, texts, lists and choices without a template."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """The control's HTML."""
        widget = context.get("widget", {})
        if template_name in _INPUTS:
            return _input(widget)
        if template_name in _OPTIONS and not widget.get("wrap_label"):
            return _input(widget)
        if template_name == _TEXTAREA:
            return _textarea(widget)
        if template_name == _SELECT:
            return _select(widget)
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    value = widget["value"]
    given = {"value": str(value)} if value is not None else {}
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        flatatt(given),
        flatatt(widget["attrs"]),
    )


def _textarea(widget: dict[str, Any]) -> SafeString:
    value = widget["value"]
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        widget["name"],
        flatatt(widget["attrs"]),
        "" if value is None else str(value),
    )


def _select(widget: dict[str, Any]) -> SafeString:
    groups = [(name, [_option(one) for one in options]) for name, options, _ in widget["optgroups"]]
    lines = [
        format_html('<optgroup label="{}">\n{}\n</optgroup>', name, _joined(options))
        if name
        else _joined(options)
        for name, options in groups
    ]
    return format_html(
        '<select name="{}"{}>\n{}\n</select>',
        widget["name"],
        flatatt(widget["attrs"]),
        _joined(lines),
    )


def _option(option: dict[str, Any]) -> SafeString:
    return format_html(
        '<option value="{}"{}>{}</option>',
        option["value"],
        flatatt(option["attrs"]),
        option["label"],
    )


def _joined(lines: Iterable[SafeString]) -> SafeString:
    return format_html_join("\n", "{}", ((line,) for line in lines))
