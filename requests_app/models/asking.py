"""What an employee keeps at hand before asking."""

from __future__ import annotations

from django.db import models

from catalogue.models import Service
from people.models import User


class Draft(models.Model):
    """What someone has typed into a service's form and not yet sent."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    key = models.UUIDField()
    """Of the form: once a request with this key is there, the draft is over."""
    answers = models.JSONField(default=dict)
    """By the name of each field, the values as they were typed."""
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "service"), name="draft_once"),)

    def __str__(self) -> str:
        return f"draft {self.pk} for {self.service_id}"


class Favourite(models.Model):
    """A service that someone wants at hand."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "service"), name="favourite_once"),)

    def __str__(self) -> str:
        return f"{self.service_id} of {self.user_id}"
