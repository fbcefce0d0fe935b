"""Profiles of the random tests: `HYPOTHESIS_PROFILE=slow` plays 10,000 examples of each."""

import os

from hypothesis import HealthCheck, settings

_QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much]
settings.register_profile(
    "fast", max_examples=60, deadline=None, database=None, suppress_health_check=_QUIET
)
settings.register_profile(
    "slow", max_examples=10_000, deadline=None, database=None, suppress_health_check=_QUIET
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))
