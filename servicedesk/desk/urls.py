from django.urls import URLPattern, URLResolver, path

from servicedesk.desk import views

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("queue/", views.queue, name="queue"),
    path("queue/<slug:department>/do/", views.bulk, name="bulk"),
    path("queue/<slug:department>/show/<str:reference>/", views.preview, name="preview"),
    path("queue/<slug:department>/<slug:name>/", views.view, name="view"),
    path("queue/<slug:department>/<slug:name>/new/", views.news, name="news"),
]
