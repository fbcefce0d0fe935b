"""What a person is: the rights that every package asks about, fetched once as ids."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people.models import Department, Management, Membership, User
from people.prepared import prepared


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's memberships as ids; no query is needed to ask it anything."""

    user_id: int
    department_id: int
    team_ids: frozenset[int] = frozenset()
    agent_of: frozenset[int] = frozenset()
    """Departments in which the person works on requests (leads included)."""
    lead_of: frozenset[int] = frozenset()
    """Departments that the person leads."""
    manages: frozenset[int] = frozenset()
    """Departments whose figures the person reads, those below included."""
    manages_organisation: bool = False
    is_administrator: bool = False

    @property
    def is_agent(self) -> bool:
        """Works on requests somewhere."""
        return bool(self.agent_of)

    @property
    def is_manager(self) -> bool:
        """Reads figures somewhere."""
        return self.manages_organisation or bool(self.manages)


def standing(user: User) -> Standing:
    """The person's standing; two queries (four for a manager), then kept on the instance.

    A fresh instance of the user (each page load has one) asks again.
    """
    kept: Standing | None = getattr(user, "_standing", None)
    if kept is None:
        kept = _standing(user)
        user._standing = kept  # type: ignore[attr-defined]
    return kept


def whoever(rights: Standing) -> User:
    """Someone of whom only this is known: all that a rule about rows asks of a person."""
    user = User(pk=rights.user_id, department_id=rights.department_id)
    user._standing = rights  # type: ignore[attr-defined]
    return user


def _standing(user: User) -> Standing:
    if not user.is_active:
        return Standing(user_id=user.pk, department_id=user.department_id)
    memberships = _memberships(user.pk)
    managed = _managed(user.pk)
    return Standing(
        user_id=user.pk,
        department_id=user.department_id,
        team_ids=frozenset(team for team, _department, _lead in memberships),
        agent_of=frozenset(department for _team, department, _lead in memberships),
        lead_of=frozenset(department for _team, department, lead in memberships if lead),
        manages=_with_those_below({pk for pk in managed if pk is not None}),
        manages_organisation=None in managed,
        is_administrator=user.is_administrator,
    )


@prepared
def _memberships(user_id: int) -> QuerySet[Membership, tuple[int, int, bool]]:
    mine = Membership.objects.filter(user=user_id)
    return mine.values_list("team_id", "team__department_id", "is_lead")


@prepared
def _managed(user_id: int) -> QuerySet[Management, int | None]:
    return Management.objects.filter(user=user_id).values_list("department_id", flat=True)


def _with_those_below(department_ids: set[int]) -> frozenset[int]:
    if not department_ids:
        return frozenset()
    children: dict[int | None, list[int]] = {}
    for pk, parent_id in Department.objects.values_list("pk", "parent_id"):
        children.setdefault(parent_id, []).append(pk)
    found: set[int] = set()
    waiting = list(department_ids)
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting.extend(children.get(pk, ()))
    return frozenset(found)


def require_administrator(by: User | None) -> None:
    """Only administrators (and the desk's own commands: None) go on. Raises PermissionDenied."""
    if by is not None and not (by.is_active and by.is_administrator):
        raise PermissionDenied(_("This is for administrators of the desk."))


def require_self_or_administrator(by: User, person: User) -> None:
    """Only the person, or an administrator. Raises PermissionDenied."""
    if by.pk != person.pk:
        require_administrator(by)


def require_another_administrator(person: User) -> None:
    """Hold all administrators until the transaction ends; somebody must remain without this person.

    Raises ValidationError.
    """
    administrators = User.objects.select_for_update(no_key=True).filter(
        is_administrator=True, is_active=True
    )
    if not [one for one in administrators.order_by("pk") if one.pk != person.pk]:
        raise ValidationError(
            _("%(name)s is the only administrator. Make someone else one first.")
            % {"name": person.name}
        )
