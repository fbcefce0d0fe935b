"""People and what they may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import actions, audit
from people.models import Department, Management, Membership, User
from requests_app.models import ServiceRequest
from servicedesk.administration import leaving
from servicedesk.administration.allowed import administrators_only
from servicedesk.administration.forms.people import JoinForm, ManageForm, PersonForm
from servicedesk.frame import tell, warn
from servicedesk.paging import number_in, page_of
from servicedesk.sign_in import forget_other_addresses
from servicedesk.signed_in import SignedInRequest

SHOWN_AND_SENT = ["GET", "HEAD", "POST"]
LONGEST_SEARCH = 100


@administrators_only
@require_safe
def start(request: SignedInRequest) -> HttpResponse:
    """Whoever shortens an address comes to the first of these pages."""
    return redirect("administration:people")


@administrators_only
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """Everyone, by name; found by name, address or number, and by department."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    chosen = number_in(request, "department")
    left = request.GET.get("left") == "1"
    found = _found(words, chosen, left=left)
    page = page_of(request, found, "name", "pk")
    context = {
        "page": page,
        "words": words,
        "left": left,
        "chosen": chosen,
        "departments": Department.objects.all(),
        "is_narrowed": bool(words or chosen or left),
    }
    return render(request, "administration/people.html", context)


def _found(words: str, department_id: int, *, left: bool) -> QuerySet[User]:
    found = User.objects.filter(is_active=not left)
    if words:
        found = found.filter(
            Q(name__icontains=words)
            | Q(email__icontains=words)
            | Q(employee_number__istartswith=words)
        )
    if department_id:
        found = found.filter(department=department_id)
    return found.select_related("department").prefetch_related(
        "memberships__team__department", "managements__department"
    )


@administrators_only
@require_http_methods(SHOWN_AND_SENT)
def new_person(request: SignedInRequest) -> HttpResponse:
    """Make someone; they choose a password by the link that a mail brings them."""
    form = PersonForm(_sent(request))
    if form.is_valid():
        try:
            made = actions.add_person(form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            tell(request, _("%(name)s is in the directory.") % {"name": made.name})
            return redirect("administration:person", made.pk)
    status = 422 if form.errors else 200
    return render(request, "administration/new_person.html", {"form": form}, status=status)


@administrators_only
@require_http_methods(SHOWN_AND_SENT)
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: facts, roles, and what else an administrator can do for them."""
    someone = _someone(pk)
    form = PersonForm(_sent(request), person=someone)
    if form.is_valid():
        try:
            with transaction.atomic():
                changed = actions.change_person(
                    someone, form.cleaned_data, by=request.user, at=timezone.now()
                )
                forget_other_addresses([changed])
        except ValidationError as error:
            form.refuse(error)
        else:
            tell(request, _("Kept."))
            return redirect("administration:person", pk)
    return _person_page(request, someone, form=form)


def _someone(pk: int) -> User:
    return get_object_or_404(User.objects.select_related("department"), pk=pk)


def _person_page(
    request: SignedInRequest,
    someone: User,
    *,
    form: PersonForm | None = None,
    join: JoinForm | None = None,
    manage: ManageForm | None = None,
) -> HttpResponse:
    form = form or PersonForm(person=someone)
    join = join or JoinForm(person=someone)
    manage = manage or ManageForm()
    context = {
        "person": someone,
        "form": form,
        "join_form": join,
        "manage_form": manage,
        "memberships": someone.memberships.select_related("team__department").order_by(
            "team__department__name", "team__name"
        ),
        "managements": someone.managements.select_related("department"),
        "absences": someone.absences.filter(last_day__gte=timezone.localdate()).select_related(
            "deputy"
        ),
        "has_second_factor": Authenticator.objects.filter(user=someone).exists(),
        "is_oneself": someone.pk == request.user.pk,
    }
    status = 422 if form.errors or join.errors or manage.errors else 200
    return render(request, "administration/person.html", context, status=status)


@administrators_only
@require_http_methods(SHOWN_AND_SENT)
def leave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask whether the person leaves, saying what becomes of open work; then do it."""
    someone = _someone(pk)
    if request.method != "POST":
        open_work = ServiceRequest.objects.open().filter(assignee=someone).count()
        context = {"person": someone, "open_work": open_work}
        return render(request, "administration/leave.html", context)
    returned = 0

    def do() -> None:
        nonlocal returned
        returned = leaving.leave(someone, by=request.user, at=timezone.now())

    if _done(request, do):
        words = ngettext(
            "%(name)s has left. %(n)d request went back to the queue.",
            "%(name)s has left. %(n)d requests went back to the queue.",
            returned,
        )
        tell(request, words % {"name": someone.name, "n": returned})
    return redirect("administration:person", pk)


@administrators_only
@require_POST
def come_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Someone who had left works here again."""
    someone = _someone(pk)
    actions.return_person(someone, by=request.user, at=timezone.now())
    tell(request, _("%(name)s works here again, without any role yet.") % {"name": someone.name})
    return redirect("administration:person", pk)


@administrators_only
@require_POST
def join(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the person into a team."""
    someone = _someone(pk)
    form = JoinForm(request.POST, person=someone)
    if form.is_valid():
        team, lead = form.cleaned_data["team"], form.cleaned_data["is_lead"]
        try:
            actions.join_team(someone, team, is_lead=lead, by=request.user, at=timezone.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            words = {"name": someone.name, "team": team.name}
            tell(request, _("%(name)s is in the team %(team)s.") % words)
            return redirect("administration:person", pk)
    return _person_page(request, someone, join=form)


@administrators_only
@require_POST
def set_lead(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a member a lead of the department, or no longer."""
    membership = get_object_or_404(Membership.objects.select_related("user", "team"), pk=pk)
    lead = request.POST.get("is_lead") == "1"
    actions.set_lead(membership, lead, by=request.user, at=timezone.now())
    words = _("%(name)s is a lead now.") if lead else _("%(name)s is no lead any more.")
    tell(request, words % {"name": membership.user.name})
    return _back(request, membership)


@administrators_only
@require_POST
def leave_team(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a member out of the team."""
    membership = get_object_or_404(
        Membership.objects.select_related("user", "team__department"), pk=pk
    )
    returned = leaving.leave_team(membership, by=request.user, at=timezone.now())
    words = {"name": membership.user.name, "team": membership.team.name, "n": returned}
    if returned:
        text = ngettext(
            "%(name)s is out of %(team)s. %(n)d request went back to the queue.",
            "%(name)s is out of %(team)s. %(n)d requests went back to the queue.",
            returned,
        )
    else:
        text = _("%(name)s is out of %(team)s.")
    tell(request, text % words)
    return _back(request, membership)


def _back(request: SignedInRequest, membership: Membership) -> HttpResponse:
    """To the page that the button stood on."""
    if request.POST.get("from") == "team":
        return redirect("administration:team", membership.team_id)
    return redirect("administration:person", membership.user_id)


@administrators_only
@require_POST
def manage(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let the person read the figures of a department, or of all."""
    someone = _someone(pk)
    form = ManageForm(request.POST)
    if form.is_valid():
        try:
            actions.make_manager(someone, form.chosen, by=request.user, at=timezone.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            tell(request, _("%(name)s reads these figures now.") % {"name": someone.name})
            return redirect("administration:person", pk)
    return _person_page(request, someone, manage=form)


@administrators_only
@require_POST
def end_management(request: SignedInRequest, pk: int) -> HttpResponse:
    """The person reads those figures no longer."""
    management = get_object_or_404(Management.objects.select_related("user"), pk=pk)
    actions.end_management(management, by=request.user, at=timezone.now())
    words = _("%(name)s reads these figures no longer.")
    tell(request, words % {"name": management.user.name})
    return redirect("administration:person", management.user_id)


@administrators_only
@require_POST
def set_administrator(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make the person an administrator, or no longer; never the last one."""
    someone = _someone(pk)
    wanted = request.POST.get("is_administrator") == "1"

    def do() -> None:
        actions.set_administrator(someone, wanted, by=request.user, at=timezone.now())

    if _done(request, do):
        words = (
            _("%(name)s is an administrator now.")
            if wanted
            else _("%(name)s is no administrator any more.")
        )
        tell(request, words % {"name": someone.name})
    if not wanted and someone.pk == request.user.pk:
        return redirect("portal:landing")
    return redirect("administration:person", pk)


def _done(request: SignedInRequest, do: Callable[[], None]) -> bool:
    """Do it; where it is refused, say on the next page why."""
    try:
        do()
    except ValidationError as error:
        warn(request, " ".join(error.messages))
        return False
    return True


@administrators_only
@require_POST
def invite(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send the person the link by which a password is chosen."""
    someone = _someone(pk)
    form = ResetPasswordForm({"email": someone.email})
    if someone.is_active and form.is_valid():
        form.save(request)
        tell(
            request,
            _("A link to choose a password is on its way to %(email)s.") % {"email": someone.email},
        )
    else:
        warn(request, _("%(name)s cannot sign in.") % {"name": someone.name})
    return redirect("administration:person", pk)


@administrators_only
@require_POST
def remove_second_factor(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take away the second factor of someone who has lost it."""
    someone = _someone(pk)
    with transaction.atomic():
        count, _by_model = Authenticator.objects.filter(user=someone).delete()
        if count:
            changes: audit.Changes = {"second_factor": [True, False]}
            audit.record("changed", someone, changes, by=request.user, at=timezone.now())
    tell(request, _("%(name)s signs in by password alone now.") % {"name": someone.name})
    return redirect("administration:person", pk)


def _sent(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else None
