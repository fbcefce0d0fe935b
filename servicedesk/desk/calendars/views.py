"""The calendars of a department, and the page on which one is edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calendars import actions
from calendars.actions import DEFAULT_HOURS, BadName, StaleCalendar
from calendars.changes import changes
from calendars.contents import Contents
from calendars.models import Calendar, CalendarVersion
from people.models import Department
from people.zones import zones_by_place
from servicedesk.desk.calendars.form import HoursForm
from servicedesk.desk.calendars.looking import look
from servicedesk.desk.calendars.page import list_rows, preview_page, result_words, version_rows
from servicedesk.desk.calendars.reach import calendar_of, department_of
from servicedesk.desk.calendars.rows import Typed, edited, typed_of
from servicedesk.frame import tell
from servicedesk.paging import page_of
from servicedesk.signed_in import SignedInRequest
from slas.models import Reapplying
from slas.reapply import runs
from slas.reapply.changes import drafted_hours
from slas.reapply.preview import preview

LONGEST = 200
MOST_CONTROLS = 2_000
ACTS = ("add", "drop", "copy", "refresh", "look", "month", "edit")
"""What a button of the form may ask for that keeps nothing. None is called as a method of every
element ("remove"): a control of a form hides what is so called from the page's scripts."""
ALL = frozenset(
    {*ACTS, "preview", "save", "place", "shown", "csrfmiddlewaretoken"},
)


@login_required
@require_safe
def calendars(request: SignedInRequest, department: str) -> HttpResponse:
    """The calendars of a department: one at least, seldom more than three."""
    whose = department_of(request.user, department)
    given = {"department": whose, "rows": list_rows(whose)}
    return render(request, "desk/calendars/list.html", given)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_new(request: SignedInRequest, department: str) -> HttpResponse:
    """One more calendar; it begins as the default one says."""
    whose, now = department_of(request.user, department), timezone.now()
    if request.method != "POST":
        return _edit(request, whose, None, _form(_begin(whose), now))
    typed = _typed(request.POST)
    if (shown := _act(request, whose, None, typed, now)) is not None:
        return shown
    form = HoursForm(typed, now=now)
    if form.is_valid() and form.contents is not None:
        name = form.cleaned_data["name"]
        try:
            made = actions.create(whose, name, form.contents, by=request.user, at=now)
        except BadName as bad:
            form.refuse(str(bad), "name")
        except ValueError as bad:
            form.refuse(str(bad))
        else:
            tell(request, _("“%(name)s” is kept.") % {"name": made.name})
            return redirect("desk:calendars", whose.slug)
    return _edit(request, whose, None, form, status=422)


def _begin(whose: Department) -> Typed:
    default = CalendarVersion.objects.current_for(whose).first()
    said = (
        Contents(whose.zone, DEFAULT_HOURS, whose.country, whose.subdivision)
        if default is None
        else Contents.of(default)
    )
    return typed_of(said, name="", seen=0)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """Say when the department works: first seen, with what it moves, and then saved."""
    one, now = calendar_of(request.user, department, pk), timezone.now()
    version = one.versions.order_by("-number").first()
    if request.method != "POST":
        return _edit(request, one.department, one, _form(_kept(one, version), now))
    typed = _typed(request.POST)
    if (shown := _act(request, one.department, one, typed, now)) is not None:
        return shown
    form = HoursForm(typed, now=now)
    if not form.is_valid() or form.contents is None:
        return _edit(request, one.department, one, form, status=422)
    if "save" in request.POST:
        return _save(request, one, form, now)
    return _preview(request, one, version, form, now)


def _kept(one: Calendar, version: CalendarVersion | None) -> Typed:
    if version is None:
        return _begin(one.department) | {"name": one.name}
    return typed_of(Contents.of(version), name=one.name, seen=version.number)


def _act(
    request: SignedInRequest, whose: Department, one: Calendar | None, typed: Typed, now: datetime
) -> HttpResponse | None:
    """The page again after a button that keeps nothing; None where it was none of those."""
    posted = request.POST
    if not any(name in posted for name in ACTS):
        return None
    typed, focus = edited(
        typed, posted.get("add", ""), posted.get("drop", ""), posted.get("copy", "")
    )
    return _edit(request, whose, one, _form(typed, now), focus=focus)


def _form(typed: Typed, now: datetime) -> HoursForm:
    return HoursForm(typed, now=now, judged=False)


def _edit(
    request: SignedInRequest,
    whose: Department,
    one: Calendar | None,
    form: HoursForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    judged = form if form.is_bound else HoursForm(form.typed, now=form.now)
    # A part that is put into the page is gone to by its script; a page, by the browser.
    focused = "data-focus" if "HX-Request" in request.headers else "autofocus"
    if (focus := more.get("focus", "")) in form.fields:
        form.fields[focus].widget.attrs[focused] = True
    given = {
        "department": whose,
        "calendar": one,
        "form": form,
        "zones": zones_by_place(),
        "focused": focused,
        "look": look(judged, _month_in(request.POST), form.now),
        **more,
    }
    return render(request, "desk/calendars/edit.html", given, status=status)


def _month_in(posted: QueryDict) -> str:
    return posted.get("month", "") or posted.get("shown", "")


def _typed(posted: QueryDict) -> Typed:
    """What stands in the controls; the buttons left out."""
    names = [name for name in posted if name not in ALL][:MOST_CONTROLS]
    return {name: posted.get(name, "").replace("\x00", "")[:LONGEST] for name in names}


@login_required
@require_POST
def calendar_look(request: SignedInRequest, department: str) -> HttpResponse:
    """The fragment beside the form: the month, and the promise made now; nothing is kept."""
    whose, now = department_of(request.user, department), timezone.now()
    form = HoursForm(_typed(request.POST), now=now)
    given = {"department": whose, "look": look(form, _month_in(request.POST), now)}
    return render(request, "desk/calendars/_look.html", given)


def _preview(
    request: SignedInRequest,
    one: Calendar,
    version: CalendarVersion | None,
    form: HoursForm,
    now: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    """What is different, and which open requests it would move; nothing is written."""
    assert form.contents is not None
    told = preview(drafted_hours(one, form.contents, now), now)
    place = request.POST.get("place", "")
    page = int(place) if place.isascii() and place.isdigit() and len(place) < 7 else 0
    said = [] if version is None else changes(Contents.of(version), form.contents)
    name = form.cleaned_data["name"]
    if name != one.name:
        said.insert(0, _("Name: %(before)s → %(after)s") % {"before": one.name, "after": name})
    given = {
        "department": one.department,
        "calendar": one,
        "changes": said,
        "merged": form.merged,
        "typed": sorted(form.typed.items()),
        "shown": _month_in(request.POST),
        "is_refused": told.never > 0,
    }
    given |= preview_page(request.user, told, page)
    return render(request, "desk/calendars/preview.html", given, status=status)


def _save(request: SignedInRequest, one: Calendar, form: HoursForm, now: datetime) -> HttpResponse:
    assert form.contents is not None
    seen, name = form.cleaned_data["seen"] or 0, form.cleaned_data["name"]
    try:
        with transaction.atomic():
            actions.rename(one, name, by=request.user, at=now)
            version, run = runs.change_calendar(
                one, form.contents, seen=seen, by=request.user, at=now
            )
    except StaleCalendar:
        return _too_late(request, one, form)
    except BadName as bad:
        form.refuse(str(bad), "name")
        return _edit(request, one.department, one, form, status=422)
    except ValueError as bad:
        form.refuse(str(bad))
        return _edit(request, one.department, one, form, status=422)
    if run is not None:
        runs.work(run.pk, timezone.now, batches=1)
    return _saved(request, one, version, run)


def _saved(
    request: SignedInRequest, one: Calendar, version: CalendarVersion | None, run: Reapplying | None
) -> HttpResponse:
    kept = _("Kept.") if version is None else _("Version %d is kept.") % version.number
    if run is None:
        tell(request, kept)
        return redirect("desk:calendar", one.department.slug, one.pk)
    run.refresh_from_db()
    if run.is_finished and not run.failed:
        tell(request, f"{kept} {result_words(run)}")
        return redirect("desk:calendar", one.department.slug, one.pk)
    tell(request, kept)
    return redirect("desk:reapplying", one.department.slug, run.pk)


def _too_late(request: SignedInRequest, one: Calendar, form: HoursForm) -> HttpResponse:
    """Someone was quicker: what was typed stays, what they changed stands above it."""
    rows = one.versions.select_related("created_by", "calendar")
    newest = rows.order_by("-number").first()
    number = newest.number if newest else 0
    again = _form(form.typed | {"seen": str(number)}, form.now)
    theirs = version_rows([newest])[0] if newest else None
    return _edit(request, one.department, one, again, late=theirs, status=409)


@login_required
@require_POST
def calendar_default(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """Let it be the calendar of promises that name none."""
    one = calendar_of(request.user, department, pk)
    actions.make_default(one, by=request.user, at=timezone.now())
    tell(request, _("“%(name)s” is now the department’s own calendar.") % {"name": one.name})
    return redirect("desk:calendars", department)


@login_required
@require_safe
def calendar_history(request: SignedInRequest, department: str, pk: int) -> HttpResponse:
    """Its versions, each with what it changed."""
    one = calendar_of(request.user, department, pk)
    rows = one.versions.select_related("created_by", "calendar")
    page = page_of(request, rows, "-number", "-pk", size=20)
    given = {
        "department": one.department,
        "calendar": one,
        "rows": version_rows(page.rows),
        "page": page,
        "newest": one.versions.order_by("-number").values_list("number", flat=True).first(),
    }
    return render(request, "desk/calendars/history.html", given)
