"""The pages of administrators, and the one that sets up a fresh desk."""

from django.urls import URLPattern, URLResolver, path

from servicedesk.administration.views import audit, directory, first_run, organisation, people

app_name = "administration"

urlpatterns: list[URLPattern | URLResolver] = [
    path("set-up/", first_run.set_up, name="set_up"),
    path("administration/", people.start, name="start"),
    path("administration/organisation/", organisation.organisation, name="organisation"),
    path("administration/departments/", organisation.departments, name="departments"),
    path("administration/departments/new/", organisation.new_department, name="new_department"),
    path("administration/departments/<int:pk>/", organisation.department, name="department"),
    path("administration/departments/<int:pk>/teams/", organisation.add_team, name="add_team"),
    path("administration/teams/<int:pk>/", organisation.team, name="team"),
    path("administration/teams/<int:pk>/members/", organisation.add_member, name="add_member"),
    path("administration/teams/<int:pk>/remove/", organisation.remove_team, name="remove_team"),
    path("administration/people/", people.people, name="people"),
    path("administration/people/new/", people.new_person, name="new_person"),
    path("administration/people/<int:pk>/", people.person, name="person"),
    path("administration/people/<int:pk>/leave/", people.leave, name="leave"),
    path("administration/people/<int:pk>/return/", people.come_back, name="come_back"),
    path("administration/people/<int:pk>/teams/", people.join, name="join"),
    path("administration/people/<int:pk>/figures/", people.manage, name="manage"),
    path(
        "administration/people/<int:pk>/administrator/",
        people.set_administrator,
        name="set_administrator",
    ),
    path("administration/people/<int:pk>/password/", people.invite, name="invite"),
    path(
        "administration/people/<int:pk>/second-factor/",
        people.remove_second_factor,
        name="remove_second_factor",
    ),
    path("administration/memberships/<int:pk>/lead/", people.set_lead, name="set_lead"),
    path("administration/memberships/<int:pk>/remove/", people.leave_team, name="leave_team"),
    path("administration/figures/<int:pk>/remove/", people.end_management, name="end_management"),
    path("administration/directory/", directory.directory, name="directory"),
    path("administration/directory/<int:pk>/", directory.directory_file, name="directory_file"),
    path("administration/audit/", audit.audit, name="audit"),
    path("administration/audit/changes.csv", audit.export, name="audit_export"),
]
