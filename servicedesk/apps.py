from django.apps import AppConfig


class ServicedeskConfig(AppConfig):
    name = "servicedesk"
    verbose_name = "Service desk"
    default_auto_field = "django.db.models.BigAutoField"
