"""Make the organisation and its first administrator."""

from __future__ import annotations

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.actions import AlreadySetUpError
from servicedesk.administration import beginning


class Command(BaseCommand):
    """The command's shell: arguments and the password."""

    help = "Make the organisation, a first department and the first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """What `people.actions.set_up` needs, but the password."""
        parser.add_argument("--organisation", required=True)
        parser.add_argument("--zone", required=True, help="such as Europe/Dublin")
        parser.add_argument("--reporting-zone", default="", help="of all figures; else --zone")
        parser.add_argument("--country", required=True, help="ISO 3166, such as IE")
        parser.add_argument("--department", default="Administration")
        parser.add_argument("--name", required=True, help="of the administrator")
        parser.add_argument("--email", required=True, help="of the administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the password (or take it from ADMIN_PASSWORD) and set up."""
        password = os.environ.get("ADMIN_PASSWORD") or getpass.getpass("Password: ")
        names = ("organisation", "zone", "reporting_zone", "country", "department", "name", "email")
        given = {key: options[key] for key in names}
        try:
            validate_password(password)
            person = beginning.set_up(**given, password=password, at=timezone.now())
        except AlreadySetUpError as error:
            raise CommandError("The desk is set up already.") from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{person.name} can sign in with {person.email}.")
