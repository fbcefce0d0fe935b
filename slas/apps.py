from django.apps import AppConfig


class SlasConfig(AppConfig):
    name = "slas"
    verbose_name = "Agreements, clocks and SLA figures"
    default_auto_field = "django.db.models.BigAutoField"
