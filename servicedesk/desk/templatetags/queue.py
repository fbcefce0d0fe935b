"""The lines of a queue, for its templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from servicedesk.desk import drawing

register = template.Library()


@register.simple_tag
def queue_lines(rows: Any, department: Any, selected: Any) -> SafeString:
    """Draw rows of a queue: {% queue_lines group.rows department selected %}."""
    return drawing.lines(rows, department, selected or ())


@register.simple_tag
def sentence_word(word: Any) -> SafeString:
    """Draw a word of the sentence, which opens its choices: {% sentence_word sentence.client %}."""
    return drawing.word(word)


@register.simple_tag
def queue_line(row: Any, department: Any, mark: str, left: str) -> SafeString:
    """Draw one that has changed: {% queue_line row department mark left %}."""
    return drawing.line(row, department, (), mark=mark, left=left)
