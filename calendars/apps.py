from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "calendars"
    verbose_name = "Business time"
    default_auto_field = "django.db.models.BigAutoField"
