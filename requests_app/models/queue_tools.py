"""What a department keeps at hand for its queue: canned replies and saved views."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from people.models import Department, User


class CannedReply(models.Model):
    """Words that a department says often, with variables that the request fills in."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="canned_replies")
    name = models.CharField(_("name"), max_length=80)
    text = models.TextField(_("text"))
    """Markdown, with variables such as {requester}."""
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                "department", Lower("name"), name="canned_reply_name_once_in_department"
            ),
        )

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A view of a department's queue with a filter, under a name; of one person or of all there."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    is_shared = models.BooleanField(default=False)
    """Everyone who works in the department sees it."""
    name = models.CharField(_("name"), max_length=60)
    view = models.SlugField(max_length=40)
    """The view that it narrows, as in its address."""
    query = models.CharField(max_length=500, blank=True)
    """The filter, as in its address."""
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                "department", "owner", Lower("name"), name="saved_view_name_once"
            ),
        )

    def __str__(self) -> str:
        return self.name
