"""Services that a department registers, and the versions of their forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalogue.fields import BadForm, FormSpec
from people.models import Department, Team, User

if TYPE_CHECKING:
    from collections.abc import Sequence


GENERAL_SLUG, UNKNOWN_SLUG = "general-request", "i-dont-know"
"""Where what fits nowhere else is asked: of one department, and of the desk as a whole."""


class Category(models.TextChoices):
    """What a service is about, for those who do not know who does it."""

    EQUIPMENT = "equipment", _("Equipment")
    ACCESS = "access", _("Access and accounts")
    HELP = "help", _("Something does not work")
    PEOPLE = "people", _("Working here")
    WORKPLACE = "workplace", _("Office and rooms")
    MONEY = "money", _("Money")
    CONTRACTS = "contracts", _("Contracts and law")
    BUYING = "buying", _("Buying")
    COMMUNICATION = "communication", _("Words and pictures")
    DATA = "data", _("Data and reports")
    OTHER = "other", _("Everything else")


class Life(models.TextChoices):
    """Where a service stands in its life."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class ServiceQuerySet(models.QuerySet["Service"]):
    """Words about services."""

    def published(self) -> ServiceQuerySet:
        """Those one can ask for today."""
        return self.filter(life=Life.PUBLISHED)

    def open_to(self, department_id: int) -> ServiceQuerySet:
        """Those whose audience includes the department."""
        return self.filter(
            Q(for_everyone=True)
            | Q(
                pk__in=Service.audience.through.objects.filter(department_id=department_id).values(
                    "service_id"
                )
            )
        )

    def for_list(self) -> ServiceQuerySet:
        """With what a list of services shows."""
        return self.select_related("department")


class Service(models.Model):
    """One thing a department does for its colleagues."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="services")
    slug = models.SlugField(_("address"), max_length=60)
    name = models.CharField(_("name"), max_length=80)
    summary = models.CharField(_("in one line"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    what_you_get = models.TextField(_("what you get"), blank=True, help_text=_("One line each."))
    what_we_need = models.TextField(
        _("what we need from you"), blank=True, help_text=_("One line each.")
    )
    category = models.CharField(
        _("category"), max_length=20, choices=Category.choices, default=Category.OTHER
    )
    icon = models.CharField(_("icon"), max_length=40, default="circle-question-mark")
    for_everyone = models.BooleanField(_("for everyone"), default=True)
    audience = models.ManyToManyField(Department, blank=True, related_name="services_open_to_it")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="services")
    restricted = models.BooleanField(
        _("restricted"), default=False, help_text=_("Only requester, assignee and team see it.")
    )
    life = models.CharField(_("life"), max_length=10, choices=Life.choices, default=Life.DRAFT)
    is_general = models.BooleanField(_("takes what fits nowhere else"), default=False)
    form_version = models.ForeignKey(
        "FormVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    """Counts the changes of its texts and rules: two who edit at once do not undo each other."""

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("department", "slug"), name="service_address_once"),
            models.CheckConstraint(
                condition=~Q(life=Life.PUBLISHED) | Q(form_version__isnull=False),
                name="published_service_has_a_form",
            ),
            models.UniqueConstraint(
                fields=("slug",),
                condition=Q(is_general=True, slug=UNKNOWN_SLUG),
                name="one_service_for_what_nobody_knows",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The service's card, where one asks for it."""
        return reverse("portal:service", args=[self.department.slug, self.slug])

    @property
    def gets(self) -> list[str]:
        """What the requester gets, line by line."""
        return [line.strip() for line in self.what_you_get.splitlines() if line.strip()]

    @property
    def needs(self) -> list[str]:
        """What the provider needs, line by line."""
        return [line.strip() for line in self.what_we_need.splitlines() if line.strip()]

    def is_open_to(self, department_id: int, audience_ids: Sequence[int]) -> bool:
        """Whether people of the department may ask; the ids of its audience are handed in."""
        return self.for_everyone or department_id in audience_ids


class FormVersion(models.Model):
    """A form as it was published; a request keeps the version it was asked with."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="form_versions")
    number = models.PositiveIntegerField(_("version"))
    fields = models.JSONField(_("fields"), default=list)
    subject_field = models.CharField(
        _("subject from"),
        max_length=40,
        blank=True,
        help_text=_("The field whose answer names the request; empty: the service's name."),
    )
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("service", "number")
        constraints = (
            models.UniqueConstraint(fields=("service", "number"), name="form_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="form_version_counts_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.service} {self.number}"

    @cached_property
    def spec(self) -> FormSpec:
        """The form's questions, typed. Read once: a version never changes."""
        return FormSpec.load(self.fields)

    def clean(self) -> None:
        """Refuse a form that cannot be asked."""
        try:
            FormSpec.load(self.fields)
        except BadForm as error:
            raise ValidationError({"fields": str(error)}) from error


class FormDraft(models.Model):
    """A service's form while it is built: what its next version will ask. May not hold together."""

    service = models.OneToOneField(Service, models.CASCADE, related_name="draft")
    revision = models.PositiveIntegerField(default=0)
    """Counts the changes, publishing included: two who build at once do not undo each other."""
    fields = models.JSONField(default=list)
    subject_field = models.CharField(max_length=40, blank=True)
    before = models.JSONField(null=True, blank=True)
    """{"fields", "subject_field"} before the last change, so that it can be taken back."""
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.service}, draft {self.revision}"

    @property
    def spec(self) -> FormSpec:
        """The questions, typed; they may not hold together (FormSpec.problems)."""
        return FormSpec.read(self.fields)

    def is_like(self, version: FormVersion | None) -> bool:
        """Whether it asks what that version asks; none at all is like an empty form."""
        if version is None:
            return not self.fields
        same_subject = self.subject_field == version.subject_field
        return same_subject and self.spec == FormSpec.read(version.fields)
