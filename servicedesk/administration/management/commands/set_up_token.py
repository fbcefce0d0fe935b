"""Print the token that opens the set-up page of a fresh desk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from servicedesk.administration import first_run


class Command(BaseCommand):
    """`manage.py set_up_token`"""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, and nothing else, so that a script can read it."""
        if not first_run.is_fresh():
            raise CommandError("The desk is set up already: there is no token any more.")
        if not settings.SETUP_TOKEN_REQUIRED:
            self.stderr.write("(No token is asked for with these settings.)")
        self.stdout.write(first_run.token())
