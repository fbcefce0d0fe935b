"""Words and small drawings for templates. The words themselves are in servicedesk/wording.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from xml.etree import ElementTree  # nosec B405  # reads the package of drawings alone
from zipfile import ZipFile

from django import forms, template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from lucide import IconDoesNotExist

from requests_app.markdown import render
from servicedesk import strip as strips
from servicedesk import wording
from servicedesk.frame import UNDO
from servicedesk.parts import e, safe

register = template.Library()

STAND_IN = "circle-dashed"


# -- Drawings ------------------------------------------------------------------------------------


@cache
def _drawings() -> ZipFile:
    """Lucide's package of drawings; lucide itself reads its long table of contents for each."""
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


@lru_cache(maxsize=512)
def _drawing(name: str, classes: str) -> SafeString:
    try:
        drawn = _drawings().read(f"{name}.svg")
    except KeyError:
        raise IconDoesNotExist(name) from None
    svg = ElementTree.fromstring(drawn)  # noqa: S314  # the package's own file  # nosec B314
    for node in svg.iter():
        node.tag = node.tag.removeprefix("{http://www.w3.org/2000/svg}")
    svg.attrib.update({"class": classes, "aria-hidden": "true"})
    text = ElementTree.tostring(svg, encoding="unicode")
    return mark_safe(text)  # noqa: S308  # made from the package's own file  # nosec B308 B703


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw a lucide icon: {% icon "bell" %}, {% icon "bell" "large" %}.

    It is hidden from those who listen unless `label` says what it means. A name that does not
    exist is an error while developing; on a live desk (a lead may have typed it) a plain circle.
    """
    classes = f"icon icon-{size}" if size else "icon"
    try:
        drawn = _drawing(str(name), classes)
    except IconDoesNotExist:
        if settings.DEBUG:
            raise
        drawn = _drawing(STAND_IN, classes)
    if label:
        return format_html('{}<span class="visually-hidden">{}</span>', drawn, label)
    return drawn


@register.simple_tag
def sparkline(values: Sequence[float], width: int = 96, height: int = 32) -> SafeString:
    """Draw figures as a small line that ends in a dot; under two figures, nothing."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    reach = (high - low) or 1
    step = (width - 10) / (len(values) - 1)
    points = [
        (round(4 + i * step, 1), round(height - 5 - (value - low) / reach * (height - 10), 1))
        for i, value in enumerate(values)
    ]
    return format_html(
        '<svg class="sparkline" width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true">'
        '<polyline class="chart-line" points="{}"/>'
        '<circle class="chart-point-now" cx="{}" cy="{}" r="3.5"/></svg>',
        width, height, width, height,
        " ".join(f"{x},{y}" for x, y in points),
        *points[-1],
    )  # fmt: skip


@register.filter
def blocks(strip: strips.Strip) -> list[strips.Block]:
    """Lay out the stretches of a strip."""
    return strips.blocks(strip)


@register.filter
def place(percent: float) -> str:
    """Turn percent of a strip into its drawing's units, with a dot whatever the language."""
    return str(strips.place(percent))


@register.filter
def text_anchor(percent: float) -> str:
    """Keep a word at this percent of a strip within the drawing."""
    return strips.anchor(percent)


@register.simple_tag
def meaning(name: Any, text: Any, key: Any, url: Any = "") -> SafeString:
    """Say how a figure is counted, on hover, focus and touch: {% meaning name text "late" url %}.

    The key is unique on the page; at the address more is said.
    """
    what = gettext("What “%(name)s” means") % {"name": name}
    return _meaning(what, str(name), str(text), str(key), str(url), gettext("How it is counted"))


@lru_cache(maxsize=256)
def _meaning(what: str, name: str, text: str, key: str, url: str, how: str) -> SafeString:
    more = f' <a href="{e(url)}">{e(how)}</a>' if url else ""
    return safe(
        '<span class="promise meaning"><button class="promise-chip" type="button"'
        f' aria-describedby="meaning-{e(key)}">{icon("info", "", what)}</button>'
        f'<span class="story" id="meaning-{e(key)}"><b>{e(name)}</b>{e(text)}{more}</span></span>'
    )


# -- Words ---------------------------------------------------------------------------------------


def _moment(
    at: datetime, *, zone: bool = False, inside: bool = False, only: str = ""
) -> SafeString:
    here = timezone.get_current_timezone()
    local, now = at.astimezone(here), timezone.now().astimezone(here)
    if only == "day":
        words = wording.day(local, now, inside=inside)
    elif only == "time":
        words = local.strftime("%H:%M")
    else:
        words = wording.moment(local, now, inside=inside)
    if zone:
        words = f"{words} {wording.zone_name(local)}"
    whole = e(wording.whole_moment(local))
    return safe(
        f'<time datetime="{at.isoformat(timespec="seconds")}" title="{whole}">{e(words)}</time>'
    )


@register.filter(name="moment")
def moment_filter(at: datetime | None) -> SafeString:
    """Print a moment in the reader's zone: {{ event.at|moment }} → "Today, 09:12"."""
    return _moment(at) if at else SafeString("")


@register.simple_tag(name="moment")
def moment_tag(
    at: datetime | None, *, zone: bool = False, inside: bool = False, only: str = ""
) -> SafeString:
    """Print a moment: {% moment due_at zone=True %} names the zone; inside=True writes "today"
    small, for within a sentence; only="day" or only="time" prints just that.
    """
    return _moment(at, zone=zone, inside=inside, only=only) if at else SafeString("")


@register.filter
def duration(length: timedelta | int | float | None) -> str:
    """Put working time (a timedelta or seconds; a day is 8 hours) into words: "2 h 10 min"."""
    if length is None:
        return ""
    return wording.duration(length if isinstance(length, timedelta) else timedelta(seconds=length))


@register.filter
def markdown(text: str) -> SafeString:
    """Turn what people wrote into safe HTML."""
    return render(text)


@register.filter
def initials(person: Any) -> str:
    """Give the initials of a person or of a name; nobody has none."""
    return wording.initials(str(person)) if person else ""


@register.filter
def reference(service_request: Any) -> SafeString:
    """Print the reference of a request (or a reference) so that it never breaks over lines."""
    words = getattr(service_request, "reference", service_request)
    return safe(f'<span class="number nowrap">{e(words)}</span>')


@register.filter
def file_size(count: int) -> str:
    """Say how big a file is, from its bytes."""
    return wording.size(count)


@register.filter
def undo_url(message: Message) -> str:
    """Where a message's deed can be taken back, or nothing; see servicedesk.frame.tell."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


@register.simple_tag
def promise_words() -> SafeString:
    """Hand js/promises.js the words of wording.duration, so that it counts down in our language."""
    words = {
        "left": gettext("%(time)s left"),
        "late": gettext("late by %(time)s"),
        "just": gettext("late"),
        "moment": gettext("under a minute"),
        "minutes": gettext("%(count)d min"),
        "hours": gettext("%(count)d h"),
        "day": ngettext("%(count)d day", "%(count)d days", 1),
        "days": ngettext("%(count)d day", "%(count)d days", 2),
    }
    return json_script(words, "promise-words")


# -- Forms ---------------------------------------------------------------------------------------

_KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "yes"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.NumberInput, "short"),
    (forms.DateInput, "short"),
    (forms.DateTimeInput, "short"),
    (forms.TimeInput, "short"),
]


@register.filter
def kind(field: BoundField) -> str:
    """Say how a field is drawn: hidden, choices, yes, file, textarea, select, short or text."""
    if field.is_hidden:
        return "hidden"
    widget = field.field.widget
    return next((name for cls, name in _KINDS if isinstance(widget, cls)), "text")


@register.filter
def control(field: BoundField) -> SafeString:
    """Print a field's own control in our look; Django ties help and error to it."""
    classes = [field.field.widget.attrs.get("class", "")]
    classes += ["input"] if kind(field) != "yes" else []
    classes += ["input-short"] if kind(field) == "short" else []
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def anchor(field: BoundField) -> str:
    """Give the id that a link to this field leads to: its control, or the group of choices."""
    return field.id_for_label if field.id_for_label else (field.auto_id or field.html_name)


@register.filter
def choice_lines(label: Any) -> list[str]:
    """Split a choice's label at its line breaks: the first is its name, the others explain it."""
    return str(label).split("\n")


@register.filter
def error_count(form: forms.BaseForm) -> int:
    """Count what is wrong in a form."""
    return sum(len(errors) for errors in form.errors.values())
