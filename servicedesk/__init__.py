"""The desk as a whole.

The Celery app is imported here and nowhere else, so that a task published by a web process goes to
the broker of our settings and not to a default one.
"""

from servicedesk.celery import app as celery_app

__all__ = ["celery_app"]
