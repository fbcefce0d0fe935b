"""A service's own life: registered, described, opened for requests, retired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalogue.access import require_edit
from catalogue.errors import BadService, Stale
from catalogue.fields import BadForm
from catalogue.models import Category, Life, Service
from people import audit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from people.models import Department, Team, User

SLUG_LENGTH = 60
RESERVED = frozenset({"new", "look"})
"""Words that have a meaning of their own in the addresses of the pages about services."""
PLAIN = (
    "name", "summary", "description", "what_you_get", "what_we_need", "category", "icon",
    "for_everyone", "owner", "team", "restricted",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Details:
    """What a lead says of a service, its form and its life apart."""

    name: str
    summary: str
    team: Team
    description: str = ""
    what_you_get: str = ""
    what_we_need: str = ""
    category: str = Category.OTHER.value
    icon: str = "circle-question-mark"
    for_everyone: bool = True
    audience: tuple[Department, ...] = ()
    owner: User | None = None
    restricted: bool = False


def details_of(service: Service) -> Details:
    """What is said of it now; three queries at most."""
    return Details(
        audience=tuple(service.audience.all()), **{name: getattr(service, name) for name in PLAIN}
    )


@transaction.atomic
def create(department: Department, details: Details, *, by: User | None, at: datetime) -> Service:
    """Register a service as a draft; its address is made of its name.

    Raises BadService with the fields that will not do, PermissionDenied.
    """
    require_edit(by, department.pk)
    return register(department, details, slug=_slug(details.name), by=by, at=at)


def register(
    department: Department,
    details: Details,
    *,
    slug: str,
    is_general: bool = False,
    by: User | None,
    at: datetime,
) -> Service:
    """Write a new service down, at this address or the next one free; asks for no permission."""
    service = Service(department=department, is_general=is_general)
    _describe(service, details)
    _save_at_free_address(service, slug)
    service.audience.set(details.audience)
    audit.record("created", service, audit.difference({}, _state(service)), by=by, at=at)
    return service


@transaction.atomic
def change(
    service: Service, details: Details, *, revision: int, by: User | None, at: datetime
) -> Service:
    """Say something else of it, at once for all who read it; requests keep what was copied.

    `revision` is that of the service as it was read. Raises Stale where it was changed since,
    BadService, PermissionDenied.
    """
    locked = lock(service, by)
    if locked.revision != revision:
        raise Stale
    before = _state(locked)
    _describe(locked, details)
    locked.audience.set(details.audience)
    changes = audit.difference(before, _state(locked))
    if changes:
        locked.revision += 1
        locked.save(update_fields=[*PLAIN, "revision"])
        audit.record("changed", locked, changes, by=by, at=at)
    return locked


@transaction.atomic
def publish(service: Service, *, by: User | None, at: datetime) -> None:
    """Open the service for requests (again). Raises BadForm where it has no form yet."""
    locked = lock(service, by)
    if locked.form_version_id is None:
        raise BadForm(_("A service needs a form before it can be published."))
    service.life = _live(locked, Life.PUBLISHED, "published", by, at)


@transaction.atomic
def retire(service: Service, *, by: User | None, at: datetime) -> None:
    """Take no new requests; those there are go on.

    Raises BadService for one that takes what fits nowhere else: nobody shall meet a dead end.
    """
    locked = lock(service, by)
    if locked.is_general:
        raise BadService(
            {"": _("This takes what fits nowhere else. Without it, people would meet a dead end.")}
        )
    service.life = _live(locked, Life.RETIRED, "retired", by, at)


def lock(service: Service, by: User | None) -> Service:
    """The row, held until the transaction ends, for one who may change it: PermissionDenied."""
    locked = Service.objects.select_for_update(no_key=True, of=("self",))
    row = locked.select_related("department", "form_version").get(pk=service.pk)
    require_edit(by, row.department_id)
    return row


def _live(locked: Service, life: Life, deed: str, by: User | None, at: datetime) -> Life:
    changes = audit.difference({"life": locked.life}, {"life": str(life)})
    if changes:
        locked.life = life
        locked.save(update_fields=["life"])
        audit.record(deed, locked, changes, by=by, at=at)
    return life


def _describe(service: Service, details: Details) -> None:
    for name in PLAIN:
        value = getattr(details, name)
        setattr(service, name, value.strip() if isinstance(value, str) else value)
    errors = _shape(service) | _rules(service, details)
    if errors:
        raise BadService(errors)


def _shape(service: Service) -> dict[str, str]:
    """What the columns themselves will not take."""
    try:
        service.clean_fields(
            exclude=["slug", "department", "team", "owner", "form_version", "life"]
        )
    except ValidationError as error:
        return {name: messages[0] for name, messages in error.message_dict.items()}
    return {}


def _rules(service: Service, details: Details) -> dict[str, str]:
    """What the columns would take, but nobody wants."""
    errors = {}
    texts = (service.name, service.summary, service.description)
    if any("\x00" in text for text in (*texts, service.what_you_get, service.what_we_need)):
        errors[""] = _("A text holds a sign that cannot be kept. Please type it anew.")
    if details.team.department_id != service.department_id:
        errors["team"] = _("Choose a team of this department.")
    if details.owner and not details.owner.is_active:
        errors["owner"] = _("Choose someone who still works here.")
    if not details.for_everyone and not details.audience:
        errors["audience"] = _("Choose at least one department, or open it to everyone.")
    if service.is_general and not details.for_everyone:
        errors["for_everyone"] = _("This takes what fits nowhere else: it is open to everyone.")
    return errors


def _state(service: Service) -> dict[str, Any]:
    state = audit.state(service, PLAIN)
    state["audience"] = sorted(one.pk for one in service.audience.all()) if service.pk else []
    return state


def _slug(name: str) -> str:
    slug = slugify(name)[: SLUG_LENGTH - 4].strip("-_")
    return f"{slug}-service" if slug in RESERVED else slug or "service"


def _save_at_free_address(service: Service, slug: str) -> None:
    for candidate in _candidates(slug):
        try:
            with transaction.atomic():
                service.slug = candidate
                service.save(force_insert=True)
        except IntegrityError:
            if not _is_taken(service, candidate):
                raise
        else:
            return


def _is_taken(service: Service, slug: str) -> bool:
    return Service.objects.filter(department=service.department_id, slug=slug).exists()


def _candidates(slug: str) -> Iterator[str]:
    yield slug
    for number in range(2, 1000):
        yield f"{slug}-{number}"
