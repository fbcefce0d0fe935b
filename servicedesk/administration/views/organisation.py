"""The organisation, its departments and their teams."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import actions
from people.models import Department, Organisation, Team
from servicedesk.administration import beginning
from servicedesk.administration.allowed import administrators_only
from servicedesk.administration.forms.departments import (
    DepartmentForm,
    MemberForm,
    OrganisationForm,
    TeamForm,
)
from servicedesk.administration.forms.people import find_person
from servicedesk.frame import tell, warn
from servicedesk.signed_in import SignedInRequest

SHOWN_AND_SENT = ["GET", "HEAD", "POST"]


@administrators_only
@require_http_methods(SHOWN_AND_SENT)
def organisation(request: SignedInRequest) -> HttpResponse:
    """Name and reporting zone."""
    desk = get_object_or_404(Organisation, pk=1)
    form = OrganisationForm(_sent(request), organisation=desk)
    if form.is_valid():
        try:
            actions.change_organisation(form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            tell(request, _("Kept."))
            return redirect("administration:organisation")
    return _page(request, "organisation", form, {})


@administrators_only
@require_safe
def departments(request: SignedInRequest) -> HttpResponse:
    """All departments, as a tree in order of names."""
    working = Q(employees__is_active=True)
    found = (
        Department.objects.annotate(people=Count("employees", filter=working))
        .order_by("name")
        .prefetch_related("teams")
    )
    return render(request, "administration/departments.html", {"rows": _tree(list(found))})


def _tree(found: list[Department]) -> list[Department]:
    """Each below what it is part of, by name; `depth` says how far down."""
    below: dict[int | None, list[Department]] = {}
    for one in found:
        below.setdefault(one.parent_id, []).append(one)
    rows: list[Department] = []

    def walk(parent_id: int | None, depth: int) -> None:
        for one in below.get(parent_id, ()):
            one.depth = depth  # type: ignore[attr-defined]
            rows.append(one)
            walk(one.pk, depth + 1)

    walk(None, 0)
    return rows


@administrators_only
@require_http_methods(SHOWN_AND_SENT)
def new_department(request: SignedInRequest) -> HttpResponse:
    """Make a department; it gets a team and a general service at once."""
    form = DepartmentForm(_sent(request))
    if form.is_valid():
        try:
            made = beginning.add_department(form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            tell(
                request,
                _("%(name)s is there, with a team and a general request.") % {"name": made.name},
            )
            return redirect("administration:department", made.pk)
    return _page(request, "new_department", form, {})


@administrators_only
@require_http_methods(SHOWN_AND_SENT)
def department(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a department; its teams stand below."""
    here = get_object_or_404(Department, pk=pk)
    form = DepartmentForm(_sent(request), department=here)
    if form.is_valid():
        try:
            actions.change_department(here, form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            tell(request, _("Kept."))
            return redirect("administration:department", pk)
    return _department_page(request, here, form, TeamForm())


def _department_page(
    request: SignedInRequest, here: Department, form: DepartmentForm, team_form: TeamForm
) -> HttpResponse:
    teams = here.teams.annotate(members=Count("memberships")).order_by("name")
    context = {"department": here, "teams": teams, "team_form": team_form}
    status = 422 if team_form.errors else 200
    return _page(request, "department", form, context, status=status)


@administrators_only
@require_POST
def add_team(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make another team of the department."""
    here = get_object_or_404(Department, pk=pk)
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            made = actions.add_team(
                here, form.cleaned_data["name"], by=request.user, at=timezone.now()
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            tell(request, _("The team %(name)s is there.") % {"name": made.name})
            return redirect("administration:team", made.pk)
    return _department_page(request, here, DepartmentForm(department=here), form)


@administrators_only
@require_http_methods(SHOWN_AND_SENT)
def team(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename a team; its members stand below."""
    here = get_object_or_404(Team.objects.select_related("department"), pk=pk)
    form = TeamForm(_sent(request), initial={"name": here.name})
    if form.is_valid():
        try:
            actions.rename_team(here, form.cleaned_data["name"], by=request.user, at=timezone.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            tell(request, _("Kept."))
            return redirect("administration:team", pk)
    return _team_page(request, here, form, MemberForm())


@administrators_only
@require_POST
def add_member(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take somebody into the team."""
    here = get_object_or_404(Team.objects.select_related("department"), pk=pk)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            person = find_person(form.cleaned_data["who"])
            lead = form.cleaned_data["is_lead"]
            actions.join_team(person, here, is_lead=lead, by=request.user, at=timezone.now())
        except ValidationError as error:
            form.add_error("who", error.messages)
        else:
            tell(request, _("%(name)s is in the team.") % {"name": person.name})
            return redirect("administration:team", pk)
    return _team_page(request, here, TeamForm(initial={"name": here.name}), form)


def _team_page(
    request: SignedInRequest, here: Team, form: TeamForm, member_form: MemberForm
) -> HttpResponse:
    members = here.memberships.select_related("user").order_by("-is_lead", "user__name", "pk")
    context = {"team": here, "members": members, "member_form": member_form}
    status = 422 if member_form.errors else 200
    return _page(request, "team", form, context, status=status)


@administrators_only
@require_POST
def remove_team(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove a team that nobody is in and nothing hangs on."""
    here = get_object_or_404(Team, pk=pk)
    try:
        actions.remove_team(here, by=request.user, at=timezone.now())
    except ValidationError as error:
        warn(request, " ".join(error.messages))
        return redirect("administration:team", pk)
    tell(request, _("The team %(name)s is gone.") % {"name": here.name})
    return redirect(reverse("administration:department", args=[here.department_id]))


def _sent(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(
    request: SignedInRequest, name: str, form: Any, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    status = 422 if form.errors else status
    return render(request, f"administration/{name}.html", {"form": form, **context}, status=status)
