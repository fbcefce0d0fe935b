"""Departments, people and roles, for administrators. Requests are not changed here."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from people.models import Department, Management, Membership, Organisation, Team, User


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """The organisation's one row."""

    list_display = ("name", "reporting_zone")


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    """Departments and where they are."""

    list_display = ("name", "key", "parent", "zone", "country")
    search_fields = ("name", "key")
    prepopulated_fields = {"slug": ("name",)}
    list_select_related = ("parent",)


class MembershipInline(admin.TabularInline):
    """Who works in a team."""

    model = Membership
    autocomplete_fields = ("user",)
    extra = 1


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Teams and their agents."""

    list_display = ("name", "department")
    list_select_related = ("department",)
    search_fields = ("name",)
    inlines = (MembershipInline,)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People: who they are and where they work."""

    list_display = ("name", "employee_number", "email", "department", "is_active")
    list_filter = ("is_active", "is_administrator", "department")
    list_select_related = ("department",)
    search_fields = ("name", "email", "employee_number")
    ordering = ("name",)
    autocomplete_fields = ("department",)
    filter_horizontal = ()
    readonly_fields = ("last_login",)
    fieldsets = (
        (None, {"fields": ("name", "employee_number", "email", "password")}),
        (_("Works in"), {"fields": ("department", "zone", "language", "date_joined")}),
        (_("May"), {"fields": ("is_active", "is_administrator", "is_superuser")}),
        (None, {"fields": ("last_login",)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "name", "employee_number", "email", "department",
                    "usable_password", "password1", "password2",
                )
            },
        ),
    )  # fmt: skip


@admin.register(Management)
class ManagementAdmin(admin.ModelAdmin):
    """Who reads whose figures."""

    list_display = ("user", "department")
    list_select_related = ("user", "department")
    autocomplete_fields = ("user", "department")
