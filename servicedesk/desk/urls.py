from django.urls import URLPattern, URLResolver, include, path

from servicedesk.desk import clients, views

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("queue/", views.queue, name="queue"),
    path("queue/<slug:department>/do/", views.bulk, name="bulk"),
    path("queue/<slug:department>/show/<str:reference>/", views.preview, name="preview"),
    path("queue/<slug:department>/<slug:name>/", views.view, name="view"),
    path("queue/<slug:department>/<slug:name>/new/", views.news, name="news"),
    path("manage/<slug:department>/requests/", clients.our_requests, name="our_requests"),
    path("manage/<slug:department>/services/", include("servicedesk.desk.services.urls")),
]
