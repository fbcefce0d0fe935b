"""What is not yet agreed, who has accepted it, and what was done about an agreement."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Department, User
from slas.models.agreements import Agreement, AgreementVersion


class Stage(models.TextChoices):
    """How far a draft has come."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")


class AgreementDraft(models.Model):
    """The next version of an agreement while it is being written and accepted: one at a time."""

    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="draft")
    conditions = models.JSONField()
    """What it would say: as `slas.conditions.Conditions.dump` writes it."""
    begins_on = models.DateField(_("in force from"), null=True, blank=True)
    """In the provider's zone; empty: as soon as all have accepted."""
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    """Counts the changes: what was read is what is accepted, or nothing is."""
    message = models.TextField(_("message"), blank=True)
    """What the provider says to it."""
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="agreement_draft_stage_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement}, draft {self.revision}"


class Acceptance(models.Model):
    """A department's lead accepted a draft as it stood, or what has become a version."""

    draft = models.ForeignKey(AgreementDraft, models.CASCADE, null=True, related_name="acceptances")
    version = models.ForeignKey(
        AgreementVersion, models.PROTECT, null=True, related_name="acceptances"
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("draft", "department"), name="draft_accepted_once_by_a_department"
            ),
            models.UniqueConstraint(
                fields=("version", "department"), name="version_accepted_once_by_a_department"
            ),
            models.CheckConstraint(
                condition=Q(draft=None, version__isnull=False)
                | Q(draft__isnull=False, version=None),
                name="acceptance_is_of_a_draft_or_a_version",
            ),
        )

    def __str__(self) -> str:
        return f"accepted by {self.department}"


class Deed(models.TextChoices):
    """What was done about an agreement; news to the other side."""

    PROPOSED = "proposed", _("proposed")
    WITHDRAWN = "withdrawn", _("taken back")
    ACCEPTED = "accepted", _("accepted")
    SENT_BACK = "sent_back", _("sent back")
    AGREED = "agreed", _("agreed")
    ENDED = "ended", _("ended")


class AgreementDeed(models.Model):
    """One deed on an agreement, in the order of its history. Never changed."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="deeds")
    kind = models.CharField(max_length=10, choices=Deed.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    """For which side; empty where it is for all."""
    number = models.PositiveIntegerField()
    """The version that it is about: the next one while it is a draft."""
    text = models.TextField(blank=True)
    """The message of a proposal, the reason of one sent back."""

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=Deed.values), name="agreement_deed_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement} {self.kind}"
