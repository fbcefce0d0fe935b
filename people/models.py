"""Who is who: the organisation, its departments, their teams, and the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from people.prepared import prepared
from people.zones import zone_names

if TYPE_CHECKING:
    from collections.abc import Iterable


def validate_zone(name: str) -> None:
    """Refuse a name that is no IANA time zone.

    Raises ValidationError.
    """
    if name and name not in zone_names():
        raise ValidationError(
            _("“%(name)s” is no time zone. Write it like Europe/Dublin."), params={"name": name}
        )


class Organisation(models.Model):
    """The organisation whose desk this is: one row."""

    name = models.CharField(_("name"), max_length=120)
    reporting_zone = models.CharField(
        _("reporting zone"),
        max_length=64,
        default="UTC",
        validators=[validate_zone],
        help_text=_("Days and months of all figures are those of this time zone."),
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(pk=1), name="organisation_is_one_row"),
        )

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department: provider of its services, client of everyone else's."""

    key = models.CharField(
        _("key"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9]{1,5}$", _("Two to six capital letters."))],
        help_text=_("Begins each reference, such as IT-1042."),
    )
    slug = models.SlugField(_("address"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("what it does"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    country = models.CharField(
        _("country"),
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters, such as IE."))],
        help_text=_("ISO 3166, such as IE. Public holidays are those of this country."),
    )
    subdivision = models.CharField(
        _("part of the country"),
        max_length=6,
        blank=True,
        help_text=_("ISO 3166-2 without the country, such as BY; for holidays of its own."),
    )
    icon = models.CharField(_("icon"), max_length=40, default="building-2")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Creates people; the address is compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person who may sign in once a password is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an administrator of the desk (also of Django's admin pages)."""
        return self.create_user(email, password, is_administrator=True, is_superuser=True, **fields)

    def get(self, *args: Any, **kwargs: Any) -> User:
        """As ever; by id alone, as every page asks for its reader, with their department."""
        if args or kwargs.keys() != {"pk"}:
            return super().get(*args, **kwargs)
        found = _with_department(kwargs["pk"])
        if not found:
            raise self.model.DoesNotExist("There is no person with this id.")
        return found[0]

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by mail address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An employee. Identity in the directory is the employee number, not the mail address."""

    employee_number = models.CharField(_("employee number"), max_length=40, unique=True)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    department = models.ForeignKey(Department, models.PROTECT, related_name="employees")
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_zone],
        help_text=_("Empty: that of the department."),
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    is_administrator = models.BooleanField(_("administrator"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("joined"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["employee_number", "name", "department"]

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(Lower("email"), name="one_person_per_mail_address"),)
        indexes = (models.Index(fields=("name", "id"), name="person_by_name"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """May open Django's admin pages."""
        return self.is_administrator

    @property
    def zone_name(self) -> str:
        """The time zone in which this person reads times."""
        return self.zone or self.department.zone

    @property
    def short_name(self) -> str:
        """The name colleagues call out: the first word of the full name."""
        return self.name.split(" ", 1)[0] if self.name else ""

    def get_full_name(self) -> str:
        """The whole name (Django asks for it)."""
        return self.name

    def get_short_name(self) -> str:
        """The first name (Django asks for it)."""
        return self.short_name


@prepared
def _with_department(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk).select_related("department")


class Team(models.Model):
    """A group of agents within a department."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="teams")
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ("department", "name")
        constraints = (models.UniqueConstraint("department", Lower("name"), name="team_name_once"),)

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Words about who works where."""

    def of_departments(self, department_ids: Iterable[int]) -> MembershipQuerySet:
        """Memberships of teams of these departments, of people who may sign in."""
        return self.filter(team__department__in=department_ids, user__is_active=True)


class Membership(models.Model):
    """A person is an agent of a team; with the flag, a lead of its department."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    is_lead = models.BooleanField(_("lead of the department"), default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("team", "user"), name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class Management(models.Model):
    """A person reads the figures of a department and those below it, or of the organisation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="managements")
    department = models.ForeignKey(
        Department,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="managements",
        help_text=_("Empty: the whole organisation."),
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "department"), nulls_distinct=False, name="management_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} manages {self.department or 'the organisation'}"


class Absence(models.Model):
    """Days on which a person is away, the last one included, in the person's own zone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    first_day = models.DateField(_("first day away"))
    last_day = models.DateField(_("last day away"))
    deputy = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who stands in"),
    )

    class Meta:
        ordering = ("first_day", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="absence_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(deputy__isnull=True) | ~models.Q(deputy=models.F("user")),
                name="absence_has_another_as_deputy",
            ),
        )
        indexes = (models.Index(fields=("user", "last_day"), name="absence_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.user} from {self.first_day} to {self.last_day}"


class DirectoryFile(models.Model):
    """A directory handed in, waiting to be confirmed; gone once applied, or after a day."""

    name = models.CharField(max_length=200)
    content = models.BinaryField()
    leavers = models.BooleanField(default=False)
    """People who are not in it leave."""
    uploaded_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """Who changed which setting, service, role or calendar, when, from what to what.

    Written once: a trigger refuses update and delete.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    """Empty: the desk itself, or a command."""
    kind = models.CharField(max_length=40)
    """What sort of thing it is: "service", "department", "calendar" …"""
    thing_id = models.BigIntegerField()
    thing = models.CharField(max_length=200)
    """Its name at that time."""
    deed = models.CharField(max_length=40)
    """ "created", "changed", "published", "deleted" …"""
    changes = models.JSONField(default=dict)
    """{field: [before, after]}"""

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("kind", "thing_id", "-id"), name="audit_of_a_thing"),
            models.Index(fields=("kind", "-id"), name="audit_of_a_kind"),
            models.Index(fields=("actor", "-id"), name="audit_by_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}: {self.deed}"
