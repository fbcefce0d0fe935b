from django.urls import URLPattern, URLResolver, path

from servicedesk.dashboards import views

app_name = "dashboards"

urlpatterns: list[URLPattern | URLResolver] = [
    path("overview/", views.overview, name="overview"),
]
