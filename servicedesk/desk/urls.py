from django.urls import URLPattern, URLResolver, include, path

from servicedesk.desk import bulk, clients, replies, saved, views
from servicedesk.desk.agreements.urls import of_a_department

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("queue/", views.queue, name="queue"),
    path("queue/<slug:department>/", views.queue_there, name="queue_there"),
    path("queue/<slug:department>/do/", bulk.bulk, name="bulk"),
    path("queue/<slug:department>/undo/", bulk.undo, name="undo"),
    path("queue/<slug:department>/show/<str:reference>/", views.preview, name="preview"),
    path("queue/<slug:department>/saved/new/", saved.saved_new, name="saved_new"),
    path("queue/<slug:department>/saved/<int:pk>/", saved.saved, name="saved"),
    path("queue/<slug:department>/saved/<int:pk>/change/", saved.saved_change, name="saved_change"),
    path("queue/<slug:department>/saved/<int:pk>/remove/", saved.saved_remove, name="saved_remove"),
    path("queue/<slug:department>/<slug:name>/", views.view, name="view"),
    path("queue/<slug:department>/<slug:name>/changes/", views.changes, name="changes"),
    path("queue/<slug:department>/<slug:name>/table.csv", views.table, name="table"),
    path("manage/<slug:department>/requests/", clients.our_requests, name="our_requests"),
    path("manage/<slug:department>/replies/", replies.replies, name="replies"),
    path("manage/<slug:department>/replies/new/", replies.reply_new, name="reply_new"),
    path("manage/<slug:department>/replies/look/", replies.reply_look, name="reply_look"),
    path("manage/<slug:department>/replies/<int:pk>/", replies.reply, name="reply"),
    path(
        "manage/<slug:department>/replies/<int:pk>/remove/",
        replies.reply_remove,
        name="reply_remove",
    ),
    path("manage/<slug:department>/services/", include("servicedesk.desk.services.urls")),
    path("manage/<slug:department>/agreements/", include(of_a_department)),
    path("agreements/", include("servicedesk.desk.agreements.urls")),
    path("manage/<slug:department>/", include("servicedesk.desk.calendars.urls")),
    path("manage/<slug:department>/feedback/", include("servicedesk.desk.feedback.urls")),
]
