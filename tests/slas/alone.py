"""Promises with their own follower alone; what others do of a request is theirs."""

from __future__ import annotations

from django.test import override_settings

FOLLOWERS = ["slas.clocks.follow"]

promises_alone = override_settings(TIMELINE_FOLLOWERS=FOLLOWERS)
"""For fixtures whose rows are made before the test begins."""
