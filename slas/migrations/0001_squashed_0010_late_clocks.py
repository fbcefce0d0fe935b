"""All that 0001 to 0010 make, for an empty database. One that has some of them goes on with those."""

import datetime

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEEP = """
CREATE FUNCTION slas_only_the_end_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'in_force_to' = to_jsonb(OLD) - 'in_force_to'
            AND (OLD.in_force_to IS NULL OR NEW.in_force_to IS NOT DISTINCT FROM OLD.in_force_to)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What was agreed never changes: make the next version instead.'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE FUNCTION slas_agreed_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was agreed never changes: make the next version instead.'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE FUNCTION slas_versions_leave_no_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM slas_agreementversion AS one
        JOIN slas_agreementversion AS next
            ON next.agreement_id = one.agreement_id AND next.number = one.number + 1
        WHERE one.agreement_id = NEW.agreement_id
            AND one.number BETWEEN NEW.number - 1 AND NEW.number
            AND one.in_force_to IS DISTINCT FROM next.in_force_from
    ) THEN
        RAISE EXCEPTION 'A version begins when the one before it ends.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_versions_leave_no_gap';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER slas_only_the_end_changes BEFORE UPDATE OR DELETE ON slas_agreementversion
    FOR EACH ROW EXECUTE FUNCTION slas_only_the_end_changes();
CREATE TRIGGER slas_only_the_end_changes BEFORE UPDATE OR DELETE ON slas_coverage
    FOR EACH ROW EXECUTE FUNCTION slas_only_the_end_changes();
CREATE TRIGGER slas_agreed_never_changes BEFORE UPDATE OR DELETE ON slas_target
    FOR EACH ROW EXECUTE FUNCTION slas_agreed_never_changes();
CREATE TRIGGER slas_agreed_never_changes BEFORE UPDATE OR DELETE ON slas_agreementdeed
    FOR EACH ROW EXECUTE FUNCTION slas_agreed_never_changes();
CREATE CONSTRAINT TRIGGER slas_versions_leave_no_gap
    AFTER INSERT OR UPDATE ON slas_agreementversion DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION slas_versions_leave_no_gap();
"""

LET_GO = """
DROP TRIGGER slas_versions_leave_no_gap ON slas_agreementversion;
DROP TRIGGER slas_agreed_never_changes ON slas_agreementdeed;
DROP TRIGGER slas_agreed_never_changes ON slas_target;
DROP TRIGGER slas_only_the_end_changes ON slas_coverage;
DROP TRIGGER slas_only_the_end_changes ON slas_agreementversion;
DROP FUNCTION slas_versions_leave_no_gap();
DROP FUNCTION slas_agreed_never_changes();
DROP FUNCTION slas_only_the_end_changes();
"""


class Migration(migrations.Migration):
    replaces = [
        ("slas", "0001_initial"),
        ("slas", "0002_counts_and_services"),
        ("slas", "0003_services_of_clocks"),
        ("slas", "0004_escalation_steps"),
        ("slas", "0005_clocks_of_next_reply_and_update"),
        ("slas", "0006_reapplying"),
        ("slas", "0007_agreements_between_departments"),
        ("slas", "0008_fewer_indexes"),
        ("slas", "0009_reasons_of_breaches"),
        ("slas", "0010_late_clocks"),
    ]

    initial = True

    dependencies = [
        ("calendars", "0002_versions_never_change"),
        ("catalogue", "0003_service_editor"),
        ("people", "0003_administration"),
        ("people", "__first__"),
        ("requests_app", "0019_breach_explained_is_checked"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("minimum", "The organisation’s minimum"),
                            ("standard", "A department’s standard"),
                            ("agreement", "An agreement between two departments"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises_made",
                        to="people.department",
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, db_default="", max_length=80, verbose_name="name"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "standard")),
                        fields=("provider",),
                        name="one_standard_each",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "minimum")),
                        fields=("kind",),
                        name="one_minimum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "minimum"), ("provider", None)),
                            models.Q(
                                ("kind__in", ("standard", "agreement")), ("provider__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="agreement_names_the_parties_of_its_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("in_force_from", models.DateTimeField(verbose_name="in force from")),
                (
                    "in_force_to",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force to"),
                ),
                (
                    "pauses_for_third_party",
                    models.BooleanField(
                        default=False,
                        verbose_name="stands still while a third party outside is waited for",
                    ),
                ),
                ("thresholds", models.JSONField(verbose_name="warn at")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="slas.agreement",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendar",
                    ),
                ),
                ("escalation", models.JSONField(verbose_name="escalate")),
                (
                    "takes_back",
                    models.BooleanField(
                        default=False,
                        verbose_name="goes back to the queue when nobody touches it for half of the response time",
                    ),
                ),
                (
                    "replies_like_first",
                    models.BooleanField(default=True, verbose_name="next reply like the first"),
                ),
                (
                    "answer_within_seconds",
                    models.PositiveIntegerField(null=True, verbose_name="client answers within"),
                ),
                (
                    "complete_form",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="complete form"
                    ),
                ),
                ("made_at", models.DateTimeField(null=True, verbose_name="agreed")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(null=True, verbose_name="notice in days"),
                ),
                (
                    "review_on",
                    models.DateField(blank=True, null=True, verbose_name="to be reviewed"),
                ),
            ],
            options={
                "ordering": ("agreement", "number"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "number"), name="agreement_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="agreement_version_counts_from_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("in_force_to", None)),
                        fields=("agreement",),
                        name="one_newest_version_of_an_agreement",
                    ),
                    models.UniqueConstraint(
                        fields=("agreement", "in_force_from"), name="agreement_versions_begin_apart"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_to", None),
                            ("in_force_to__gt", models.F("in_force_from")),
                            _connector="OR",
                        ),
                        name="agreement_version_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("first_response", "First response"),
                            ("next_reply", "Next reply"),
                            ("update", "Update"),
                            ("resolution", "Resolution"),
                            ("holding", "Holding"),
                        ],
                        max_length=16,
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1)),
                ("sequence", models.PositiveSmallIntegerField(default=1)),
                ("in_figures", models.BooleanField()),
                ("priority", models.CharField(max_length=2)),
                ("budget", models.DurationField()),
                ("spent_before", models.DurationField(default=datetime.timedelta(0))),
                ("used", models.DurationField(default=datetime.timedelta(0))),
                ("started_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "running"),
                            ("paused", "paused"),
                            ("stopped", "stopped"),
                            ("void", "void"),
                        ],
                        max_length=8,
                    ),
                ),
                ("running_since", models.DateTimeField(blank=True, null=True)),
                ("paused_since", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("next_check_at", models.DateTimeField(blank=True, null=True)),
                ("warned", models.PositiveSmallIntegerField(default=0)),
                ("breached_at", models.DateTimeField(blank=True, null=True)),
                ("noticed_at", models.DateTimeField(blank=True, null=True)),
                ("cause", models.CharField(blank=True, max_length=16)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("set_aside_until", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slas.agreementversion",
                    ),
                ),
                (
                    "calendar_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendarversion",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="requests_app.servicerequest",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                ("escalated", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_check_at__isnull", False)),
                        fields=["next_check_at", "id"],
                        name="clock_to_be_looked_at",
                    ),
                    models.Index(
                        condition=models.Q(("decided_at__isnull", False), ("in_figures", True)),
                        fields=["department", "metric", "decided_at"],
                        name="clock_decided",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["running", "paused"])),
                        fields=["department", "metric"],
                        name="clock_open",
                    ),
                    models.Index(
                        condition=models.Q(("in_figures", True), ("stopped_at__isnull", False)),
                        fields=["department", "metric", "stopped_at"],
                        name="clock_ended",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state", "running"), ("breached_at", None), ("warned__gt", 0)
                        ),
                        fields=["department", "metric"],
                        name="clock_warned",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("in_figures", True),
                            ("state__in", ["running", "paused"]),
                            ("breached_at__isnull", False),
                        ),
                        fields=["department", "metric", "due_at"],
                        name="clock_late",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service_request", "metric", "cycle", "sequence"), name="clock_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "paused", "stopped", "void"])),
                        name="clock_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cycle__gte", 1), ("sequence__gte", 1)),
                        name="clock_counts_from_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), ("running_since__isnull", False)),
                            models.Q(
                                models.Q(("state", "running"), _negated=True),
                                ("running_since", None),
                            ),
                            _connector="OR",
                        ),
                        name="clock_runs_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paused"), ("paused_since__isnull", False)),
                            models.Q(
                                models.Q(("state", "paused"), _negated=True), ("paused_since", None)
                            ),
                            _connector="OR",
                        ),
                        name="clock_stands_still_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "stopped"), ("stopped_at__isnull", False)),
                            models.Q(
                                models.Q(("state", "stopped"), _negated=True), ("stopped_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="clock_stopped_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "void"), ("voided_at__isnull", False)),
                            models.Q(
                                models.Q(("state", "void"), _negated=True), ("voided_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="clock_voided_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="clock_that_runs_is_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paused"), _negated=True),
                            ("due_at", None),
                            ("breached_at__isnull", False),
                            _connector="OR",
                        ),
                        name="clock_that_stands_still_is_not_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("breached_at__isnull", False),
                            ("next_check_at__isnull", False),
                            _connector="OR",
                        ),
                        name="clock_that_runs_is_watched",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("breached_at", None), ("noticed_at", None)),
                            models.Q(
                                ("breached_at__isnull", False),
                                ("due_at", models.F("breached_at")),
                                ("noticed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="clock_breach_is_its_due_time_and_noticed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("breached_at__isnull", False),
                                ("decided_at", models.F("breached_at")),
                            ),
                            models.Q(
                                ("breached_at", None),
                                ("decided_at", models.F("stopped_at")),
                                ("stopped_at__isnull", False),
                            ),
                            models.Q(
                                ("breached_at", None), ("decided_at", None), ("stopped_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="clock_is_decided_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("budget__gt", datetime.timedelta(0)),
                            ("used__gte", datetime.timedelta(0)),
                        ),
                        name="clock_time_is_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_check_at", None), ("state", "running"), _connector="OR"
                        ),
                        name="clock_is_watched_while_it_runs",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "service_request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="course",
                        serialize=False,
                        to="requests_app.servicerequest",
                    ),
                ),
                ("last_event_id", models.BigIntegerField()),
                (
                    "stands",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("approval", "approval"),
                            ("waiting_client", "waiting_client"),
                            ("waiting_external", "waiting_external"),
                            ("done", "done"),
                            ("final", "final"),
                        ],
                        max_length=16,
                    ),
                ),
                ("before_work", models.BooleanField(default=False)),
                ("priority", models.CharField(max_length=2)),
                ("arrived_at", models.DateTimeField()),
                ("accountable_since", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "holding_calendar",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendarversion",
                    ),
                ),
                (
                    "holding_version",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slas.agreementversion",
                    ),
                ),
                (
                    "promise_calendar",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendarversion",
                    ),
                ),
                (
                    "promise_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slas.agreementversion",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                ("untouched_by", models.BigIntegerField(blank=True, null=True)),
                ("untouched_since", models.DateTimeField(blank=True, null=True)),
                ("take_back_at", models.DateTimeField(blank=True, null=True)),
                ("raise_to", models.CharField(blank=True, db_default="", max_length=2)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stands__in",
                                [
                                    "open",
                                    "approval",
                                    "waiting_client",
                                    "waiting_external",
                                    "done",
                                    "final",
                                ],
                            )
                        ),
                        name="course_stands_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("holding_calendar", None), ("holding_version", None)),
                            models.Q(
                                ("holding_calendar__isnull", False),
                                ("holding_version__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="course_holding_has_both_versions",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accountable_since__lte", models.F("arrived_at"))),
                        name="course_answers_at_latest_from_arrival",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("take_back_at", None),
                                ("untouched_by", None),
                                ("untouched_since", None),
                            ),
                            models.Q(
                                ("untouched_by__isnull", False), ("untouched_since__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="course_is_taken_back_from_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("raise_to__in", ["", "P1", "P2", "P3", "P4"])),
                        name="course_is_raised_to_a_priority",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("take_back_at__isnull", False)),
                        fields=["take_back_at"],
                        name="course_to_be_taken_back",
                    ),
                    models.Index(
                        condition=models.Q(("raise_to", ""), _negated=True),
                        fields=["service_request"],
                        name="course_to_be_raised",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("first_response", "First response"),
                            ("next_reply", "Next reply"),
                            ("update", "Update"),
                            ("resolution", "Resolution"),
                            ("holding", "Holding"),
                        ],
                        max_length=16,
                        verbose_name="metric",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[("P1", "P1"), ("P2", "P2"), ("P3", "P3"), ("P4", "P4")],
                        max_length=2,
                        verbose_name="priority",
                    ),
                ),
                (
                    "budget_seconds",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(60)],
                        verbose_name="budget in seconds",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="slas.agreementversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "metric", "priority"), name="target_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("budget_seconds__gte", 60)),
                        name="target_is_a_minute_at_least",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__in", ["P1", "P2", "P3", "P4"])),
                        name="target_priority_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("promise", "The requester’s promises"),
                            ("holding", "The receiving department’s own time"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "agreement_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slas.agreementversion",
                    ),
                ),
                (
                    "calendar_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendarversion",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests_app.event",
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests_app.servicerequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event", "scope"), name="terms_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AttainmentChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("priority", models.PositiveSmallIntegerField(null=True)),
                ("metric", models.CharField(max_length=16)),
                ("met", models.IntegerField(default=0)),
                ("missed", models.IntegerField(default=0)),
                ("ended", models.IntegerField(default=0)),
                ("late", models.IntegerField(default=0)),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AttainmentCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("grain", models.CharField(max_length=5)),
                ("cut", models.CharField(max_length=8)),
                ("start", models.DateField()),
                ("value", models.BigIntegerField()),
                ("metric", models.CharField(max_length=16)),
                ("met", models.IntegerField(default=0)),
                ("missed", models.IntegerField(default=0)),
                ("ended", models.IntegerField(default=0)),
                ("late", models.IntegerField(default=0)),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grain", "cut", "start", "provider", "value", "metric"),
                        name="attainment_count_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthsTimes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("cut", models.CharField(max_length=8)),
                ("value", models.BigIntegerField()),
                ("metric", models.CharField(max_length=16)),
                ("n", models.IntegerField()),
                ("median", models.DurationField(default=datetime.timedelta(0))),
                ("ninetieth", models.DurationField(default=datetime.timedelta(0))),
                ("median_on_the_wall", models.DurationField(default=datetime.timedelta(0))),
                ("ninetieth_on_the_wall", models.DurationField(default=datetime.timedelta(0))),
                ("at", models.DateTimeField()),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "cut", "provider", "value", "metric"),
                        name="months_times_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reapplying",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("to_do", models.PositiveIntegerField()),
                ("last_request_id", models.BigIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("earlier", models.PositiveIntegerField(default=0)),
                ("later", models.PositiveIntegerField(default=0)),
                ("late", models.PositiveIntegerField(default=0)),
                ("failed", models.JSONField(default=list)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agreement_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slas.agreementversion",
                    ),
                ),
                (
                    "calendar_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calendars.calendarversion",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at", None)),
                        fields=["id"],
                        name="reapplying_unfinished",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("agreement_version", None), ("calendar_version__isnull", False)
                            ),
                            models.Q(
                                ("agreement_version__isnull", False), ("calendar_version", None)
                            ),
                            _connector="OR",
                        ),
                        name="reapplying_is_of_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None)),
                        fields=("calendar_version",),
                        name="one_reapplying_of_a_calendar_version",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None)),
                        fields=("agreement_version",),
                        name="one_reapplying_of_an_agreement_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementDeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("withdrawn", "taken back"),
                            ("accepted", "accepted"),
                            ("sent_back", "sent back"),
                            ("agreed", "agreed"),
                            ("ended", "ended"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deeds",
                        to="slas.agreement",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "proposed",
                                    "withdrawn",
                                    "accepted",
                                    "sent_back",
                                    "agreed",
                                    "ended",
                                ],
                            )
                        ),
                        name="agreement_deed_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgreementDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("conditions", models.JSONField()),
                (
                    "begins_on",
                    models.DateField(blank=True, null=True, verbose_name="in force from"),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("draft", "Draft"), ("proposed", "Proposed")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("message", models.TextField(blank=True, verbose_name="message")),
                ("changed_at", models.DateTimeField()),
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft",
                        to="slas.agreement",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["draft", "proposed"])),
                        name="agreement_draft_stage_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="slas.agreementversion",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acceptances",
                        to="slas.agreementdraft",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "department"), name="draft_accepted_once_by_a_department"
                    ),
                    models.UniqueConstraint(
                        fields=("version", "department"),
                        name="version_accepted_once_by_a_department",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("draft", None), ("version__isnull", False)),
                            models.Q(("draft__isnull", False), ("version", None)),
                            _connector="OR",
                        ),
                        name="acceptance_is_of_a_draft_or_a_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("in_force_from", models.DateTimeField()),
                ("in_force_to", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverage",
                        to="slas.agreementversion",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client", "provider"], name="coverage_of_a_pair")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "client", "service"),
                        name="coverage_once",
                        nulls_distinct=False,
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("provider"),
                                    models.F("provider"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("client"),
                                    models.F("client"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("service"),
                                    models.F("service"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func("in_force_from", "in_force_to", function="tstzrange"),
                                "&&",
                            ),
                        ],
                        name="one_version_for_a_pair_and_service",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BreachReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("first_response", "First response"),
                            ("next_reply", "Next reply"),
                            ("update", "Update"),
                            ("resolution", "Resolution"),
                            ("holding", "Holding"),
                        ],
                        max_length=16,
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("sequence", models.PositiveSmallIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("client", "We waited for the client’s answer"),
                            ("department", "We waited for another department"),
                            ("supplier", "We waited for a supplier"),
                            ("people", "Not enough people"),
                            ("misdirected", "It came to us late, or to the wrong department first"),
                            ("harder", "Harder than expected"),
                            ("forgotten", "Forgotten"),
                            ("target", "What is promised does not fit this work"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="note")),
                ("at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="breach_reasons",
                        to="requests_app.servicerequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service_request", "metric", "cycle", "sequence"),
                        name="breach_reason_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "client",
                                    "department",
                                    "supplier",
                                    "people",
                                    "misdirected",
                                    "harder",
                                    "forgotten",
                                    "target",
                                    "other",
                                ],
                            )
                        ),
                        name="breach_reason_is_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, LET_GO),
        # Room on each page for the next version of a row.
        migrations.RunSQL(
            "ALTER TABLE slas_course SET (fillfactor = 85)",
            "ALTER TABLE slas_course RESET (fillfactor)",
        ),
    ]
