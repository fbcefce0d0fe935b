from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "requests_app"
    verbose_name = "Service requests"
    default_auto_field = "django.db.models.BigAutoField"
