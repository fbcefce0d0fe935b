"""Small things that belong to every page."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

POWERS = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
    "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
"""What a browser can let a page do, and no page of ours asks for."""


class NothingButThePage:
    """No page, and nothing in one, may use the reader's camera, place or purse.

    And no other site may put our answers into its pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = ", ".join(f"{power}=()" for power in POWERS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = self.policy
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class ReaderTimeZone:
    """Shows times in the zone of the person who reads; in UTC to whoever is not signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        try:
            zone = zoneinfo.ZoneInfo(user.zone_name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):  # a zone that tzdata has since renamed
            zone = zoneinfo.ZoneInfo("UTC")
        with timezone.override(zone):
            return self.get_response(request)
