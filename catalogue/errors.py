"""Why a change of a service is not done."""

from __future__ import annotations

from collections.abc import Mapping


class BadService(ValueError):
    """What was given for a service will not do; `errors` says why, field by field ("": all)."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{name}: {why}" for name, why in self.errors.items()))


class Stale(RuntimeError):
    """Someone changed the service or its form since it was read: nothing was overwritten."""
