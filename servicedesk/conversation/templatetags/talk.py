"""What a conversation has dozens of, for its templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from servicedesk.conversation import drawing

register = template.Library()


@register.simple_tag
def talk_items(items: Any, service_request: Any) -> SafeString:
    """Draw entries, lines and bursts: {% talk_items talk.items service_request %}."""
    return drawing.items(items, service_request.provider_department.name)


@register.simple_tag
def talk_line(line: Any) -> SafeString:
    """Draw one quiet line: {% talk_line line %}."""
    return drawing.line(line)


@register.simple_tag
def people_on_it(people: Any) -> SafeString:
    """Draw who else is on a request: {% people_on_it people %}."""
    return drawing.people(people)
