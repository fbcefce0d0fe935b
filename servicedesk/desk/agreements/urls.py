"""Addresses of agreements: those of a department, and each agreement's own, for both sides."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from servicedesk.desk.agreements.views import deciding, listing, months, writing

of_a_department: list[URLPattern | URLResolver] = [
    path("", listing.agreements, name="agreements"),
    path("new/", writing.agreement_new, name="agreement_new"),
    path("standard/", writing.standard, name="standard"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.the_register, name="register"),
    path("minimum/", writing.minimum, name="minimum"),
    path("<int:pk>/", listing.agreement, name="agreement"),
    path("<int:pk>/edit/", writing.agreement_edit, name="agreement_edit"),
    path("<int:pk>/propose/", deciding.propose, name="agreement_propose"),
    path("<int:pk>/take-back/", deciding.take_back, name="agreement_take_back"),
    path("<int:pk>/accept/", deciding.accept, name="agreement_accept"),
    path("<int:pk>/send-back/", deciding.send_back, name="agreement_send_back"),
    path("<int:pk>/drop/", deciding.drop, name="agreement_drop"),
    path("<int:pk>/end/", deciding.end, name="agreement_end"),
    path("<int:pk>/month/", months.month, name="agreement_month"),
    path("<int:pk>/versions/<int:number>/", listing.version, name="agreement_version"),
]
