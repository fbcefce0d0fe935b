"""The words by which a request is found."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from requests_app.models.service_request import ServiceRequest


class SearchText(models.Model):
    """The words of a request, folded: those its requester may see, and those its provider may.

    Kept by `requests_app.search` in the transaction of whatever adds words; can be erased.
    """

    service_request = models.OneToOneField(
        ServiceRequest, models.CASCADE, primary_key=True, related_name="search_text"
    )
    requester_words = SearchVectorField()
    provider_words = SearchVectorField()

    class Meta:
        indexes = (
            GinIndex(fields=("requester_words",), name="search_requester_words"),
            GinIndex(fields=("provider_words",), name="search_provider_words"),
        )

    def __str__(self) -> str:
        return f"words of request {self.service_request_id}"
