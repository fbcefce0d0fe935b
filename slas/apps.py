from django.apps import AppConfig


class SlasConfig(AppConfig):
    name = "slas"
    verbose_name = "Promises"
    default_auto_field = "django.db.models.BigAutoField"
