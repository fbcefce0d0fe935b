from django.urls import URLPattern, URLResolver, path, register_converter

from servicedesk.conversation import breaches, live, serving, views, why


class Reference:
    """A reference such as IT-1042; anything else is no address."""

    regex = r"[A-Z][A-Z0-9]{1,5}-[0-9]{1,12}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(Reference, "reference")

app_name = "conversation"

urlpatterns: list[URLPattern | URLResolver] = [
    path("requests/<reference:reference>/", views.show, name="request"),
    path("requests/<reference:reference>/promises/", why.show, name="promises"),
    path("requests/<reference:reference>/promises/late/", breaches.why_late, name="why_late"),
    path("requests/<reference:reference>/do/", views.composed, name="do"),
    path("requests/<reference:reference>/do/<slug:name>/", views.deed, name="deed"),
    path("requests/<reference:reference>/draft/", live.keep_draft, name="draft"),
    path("requests/<reference:reference>/draft/forget/", live.forget_draft, name="forget_draft"),
    path("requests/<reference:reference>/news/", live.news, name="news"),
    path("requests/<reference:reference>/files/<int:pk>/<str:name>", serving.file, name="file"),
    path("files/", serving.stage, name="stage"),
]
