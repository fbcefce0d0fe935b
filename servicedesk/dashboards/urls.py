from django.urls import URLPattern, URLResolver, path

from servicedesk.dashboards import views

app_name = "dashboards"

urlpatterns: list[URLPattern | URLResolver] = [
    path("overview/", views.overview, name="overview"),
    path("overview/meaning/", views.meaning, name="meaning"),
    path("overview/departments/<slug:department>/", views.department, name="department"),
    path("overview/departments/<slug:department>/today/", views.today, name="today"),
    path("overview/requests/<slug:figure>/", views.behind, name="behind"),
    path("overview/requests/<slug:figure>/table.csv", views.table_csv, name="table_csv"),
    path("overview/requests/<slug:figure>/table.xlsx", views.table_xlsx, name="table_xlsx"),
]
