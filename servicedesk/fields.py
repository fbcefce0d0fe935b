"""Fields of forms, drawn without a template each: a form may have a hundred.

What they look like is told in servicedesk/templates/components/_field.html and _field_words.html,
which draw them by these functions.
"""

from __future__ import annotations

from typing import Any

from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from people.translated import gettext as _
from servicedesk.parts import e, safe
from servicedesk.templatetags.desk import choice_lines, control, icon, kind


def field(one: BoundField, columns: Any = None) -> SafeString:
    """The field with its label, its help and what is wrong with it.

    `columns`: so many choices side by side, where it has choices. It keeps what was typed; ids tie
    help and error to the control.
    """
    match kind(one):
        case "hidden":
            return safe(str(one))
        case "choices":
            return _choices(one, columns)
        case "yes":
            return safe(
                f'\n<div class="field">\n  {words(one)}\n'
                f'  <label class="choice" for="{e(one.id_for_label)}">{control(one)}'
                f"<span>{e(one.label)}</span></label>\n</div>\n"
            )
    return safe(
        f'\n<div class="field">\n  <label for="{e(one.id_for_label)}">{_label(one)}</label>\n'
        f"  {words(one)}\n  {control(one)}\n</div>\n"
    )


def _label(one: BoundField) -> str:
    optional = "" if one.field.required else f' <span class="faint">{e(_("optional"))}</span>'
    return f"{e(one.label)}{optional}"


def _choices(one: BoundField, columns: Any) -> SafeString:
    described = one.aria_describedby
    tied = f' aria-describedby="{e(described)}"' if described else ""
    side_by_side = f" choices-{e(columns)}" if columns else ""
    options = "\n    ".join(
        f'<label class="choice" for="{e(option.id_for_label)}">{option.tag()}'
        f"<span>{_option_words(option.choice_label)}</span></label>"
        for option in one
    )
    return safe(
        f'\n<fieldset class="field" id="{e(one.auto_id)}" tabindex="-1"{tied}>\n'
        f"  <legend>{_label(one)}</legend>\n  {words(one)}\n"
        f'  <div class="choices{side_by_side}">\n    {options}\n  </div>\n</fieldset>\n'
    )


def _option_words(label: Any) -> str:
    first, *others = choice_lines(label)
    return f"{e(first)}{''.join(f'<small>{e(line)}</small>' for line in others)}"


def words(one: BoundField) -> SafeString:
    """Its help, and what is wrong with it; the ids are those Django's aria-describedby names."""
    said = ""
    if one.help_text:
        said = f'<span class="help" id="{e(one.auto_id)}_helptext">{e(one.help_text)}</span>'
    if one.errors:
        wrong = " ".join(e(error) for error in one.errors)
        said += (
            f'<span class="error" id="{e(one.auto_id)}_error">{icon("circle-alert")}<span>'
            f'<span class="visually-hidden">{e(_("To put right:"))} </span>{wrong}</span></span>'
        )
    return safe(said)
