from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "servicedesk.dashboards"
    label = "dashboards"
