"""Controls of long forms, written without a template each: a form of 100 questions has hundreds.

They read as Django's own templates of django/forms/widgets/ do; what is not known here is left to
those.
"""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

_INPUTS = frozenset(
    f"django/forms/widgets/{name}.html" for name in ("text", "date", "hidden", "input", "number")
)
_OPTIONS = frozenset(f"django/forms/widgets/{name}_option.html" for name in ("radio", "checkbox"))
_TEXTAREA = "django/forms/widgets/textarea.html"


class QuickControls(DjangoTemplates):
    """A form's `default_renderer`: lines of text, texts, and single choices without a template."""

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
