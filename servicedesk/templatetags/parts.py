"""The parts of servicedesk/parts.py, for templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from servicedesk import parts

register = template.Library()


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
