from django.urls import URLPattern, URLResolver, path

from servicedesk.dashboards import views

app_name = "dashboards"

urlpatterns: list[URLPattern | URLResolver] = [
    path("overview/", views.overview, name="overview"),
    path("overview/<slug:department>/<slug:name>/", views.behind, name="behind"),
]
