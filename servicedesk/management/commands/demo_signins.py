"""Print as whom a visitor of the demo may sign in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from servicedesk.demo.signins import PASSWORD, SIGN_INS


class Command(BaseCommand):
    """One sign-in for each role."""

    requires_system_checks: list[str] = []
    help = "Print one sign-in for each role of the demo company."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a table."""
        width = max(len(one.email) for one in SIGN_INS)
        self.stdout.write("  Sign in as one of these (all are invented):\n")
        for one in SIGN_INS:
            self.stdout.write(f"    {one.role:<14} {one.email:<{width}}   {one.what_you_see}")
        self.stdout.write(f"\n  The password is the same for everyone:  {PASSWORD}")
