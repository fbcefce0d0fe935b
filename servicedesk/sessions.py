"""Sessions in the database, as Django keeps them; the question of every page is asked as SQL."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from people.prepared import prepared


class SessionStore(db.SessionStore):
    """Of Django's own name: its sessions are read and signed as before."""

    def _get_session_from_db(self) -> Session | None:
        """The row, while it lasts; None, and no key any more, where there is none."""
        key = self.session_key
        found = _lasting(key, timezone.now()) if key and "\x00" not in key else []
        if not found:
            self._session_key = None
            return None
        return found[0]


@prepared
def _lasting(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
