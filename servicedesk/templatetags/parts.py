"""The parts of servicedesk/parts.py, for templates."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from servicedesk import fields, parts, side_bar

register = template.Library()


@register.simple_tag
def same_for_all(name: str) -> SafeString:
    """Include a template that says the same to everyone, in each language; it is drawn once.

    {% same_for_all "frame_head.html" %}: nothing of the page or of its reader is handed to it.
    """
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return draw(name, get_language())


@lru_cache(maxsize=64)
def _drawn(name: str, _language: str | None) -> SafeString:
    drawn: SafeString = get_template(name).render()  # type: ignore[assignment]
    return drawn


@register.simple_tag
def side_sections(sections: Any, path: str) -> SafeString:
    """Draw the side bar's sections: {% side_sections side request.path %}."""
    return side_bar.sections(sections, path)


@register.simple_tag
def form_field(field: Any, columns: Any = None) -> SafeString:
    """Draw a bound field with all that belongs to it: {% form_field field columns %}."""
    return fields.field(field, columns)


@register.simple_tag
def field_words(field: Any) -> SafeString:
    """Draw a bound field's help and what is wrong with it: {% field_words field %}."""
    return fields.words(field)


@register.simple_tag
def ring(state: str, percent: int | str = 0) -> SafeString:
    """Draw a ring: {% ring state percent %}."""
    return parts.ring(str(state), int(percent or 0))


@register.simple_tag
def promise(chip: Any, name: Any) -> SafeString:
    """Draw a promise chip: {% promise chip "IT-1042-resolution" %}."""
    return parts.promise(chip, str(name))


@register.simple_tag
def avatar(name: Any, ours: Any = False, large: Any = False, named: Any = False) -> SafeString:
    """Draw someone's initials: {% avatar name ours large named %}."""
    return parts.avatar(str(name or ""), ours=bool(ours), large=bool(large), named=bool(named))


@register.simple_tag
def priority(name: Any, words: Any = "") -> SafeString:
    """Draw a priority: {% priority "P1" words %}."""
    return parts.priority(str(name), str(words or ""))
