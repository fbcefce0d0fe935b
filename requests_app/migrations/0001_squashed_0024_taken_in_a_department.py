"""All that 0001 to 0024 make, for an empty database. One that has some of them goes on with those."""

import datetime
import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION requests_app_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('servicedesk.erasing', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'the timeline is append-only: % of event % refused', TG_OP, OLD.id
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON requests_app_event
    FOR EACH ROW EXECUTE FUNCTION requests_app_refuse_rewriting();
"""

UNGUARD = """
DROP TRIGGER event_is_append_only ON requests_app_event;
DROP FUNCTION requests_app_refuse_rewriting();
"""


class Migration(migrations.Migration):
    replaces = [
        ("requests_app", "0001_initial"),
        ("requests_app", "0002_timeline_is_append_only"),
        ("requests_app", "0003_search_text"),
        ("requests_app", "0004_usual_duration"),
        ("requests_app", "0005_files"),
        ("requests_app", "0006_drafts_and_favourites"),
        ("requests_app", "0007_waiting_and_queue_tools"),
        ("requests_app", "0008_without_a_long_lock"),
        ("requests_app", "0009_who_is_on_it_and_own_fields"),
        ("requests_app", "0010_kinds_are_checked"),
        ("requests_app", "0011_flow_and_counts"),
        ("requests_app", "0012_views_of_the_queue"),
        ("requests_app", "0013_agreements_that_change"),
        ("requests_app", "0014_kinds_are_checked_again"),
        ("requests_app", "0015_escalated"),
        ("requests_app", "0016_escalated_is_checked"),
        ("requests_app", "0017_fewer_indexes"),
        ("requests_app", "0018_breach_explained"),
        ("requests_app", "0019_breach_explained_is_checked"),
        ("requests_app", "0020_decided_by"),
        ("requests_app", "0021_usual_durations"),
        ("requests_app", "0022_no_index_of_resolutions"),
        ("requests_app", "0023_asked_often_and_own_live"),
        ("requests_app", "0024_taken_in_a_department"),
    ]

    initial = True

    dependencies = [
        ("catalogue", "0003_service_editor"),
        ("people", "0003_administration"),
        ("people", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(max_length=20, unique=True, verbose_name="reference"),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("restricted", models.BooleanField(default=False)),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("answers", models.JSONField(blank=True, default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("awaiting_approval", "Awaiting approval"),
                            ("in_progress", "In progress"),
                            ("waiting_requester", "Waiting for requester"),
                            ("waiting_third_party", "Waiting for third party"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                            ("declined", "Declined"),
                        ],
                        default="new",
                        max_length=24,
                    ),
                ),
                ("interrupted_status", models.CharField(blank=True, max_length=24)),
                ("status_since", models.DateTimeField()),
                ("impact", models.CharField(max_length=8)),
                ("urgency", models.CharField(max_length=8)),
                ("priority", models.CharField(max_length=2)),
                ("third_party", models.CharField(blank=True, max_length=80)),
                ("look_again_on", models.DateField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("last_deed_at", models.DateTimeField()),
                ("requester_spoke_at", models.DateTimeField(blank=True, null=True)),
                ("provider_spoke_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("ever_breached", models.BooleanField(default=False)),
                (
                    "queue_at",
                    models.DateTimeField(
                        default=datetime.datetime(9999, 12, 30, 0, 0, tzinfo=datetime.UTC)
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=60)),
                ("source_case", models.CharField(blank=True, max_length=120)),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "client_department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "form_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.formversion",
                    ),
                ),
                (
                    "provider_department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
                ("nudges", models.PositiveSmallIntegerField(default=0)),
                ("wakes_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "awaiting_approval",
                                    "in_progress",
                                    "new",
                                    "resolved",
                                    "waiting_requester",
                                    "waiting_third_party",
                                ],
                            )
                        ),
                        fields=["provider_department", "queue_at", "id"],
                        name="request_queue",
                    ),
                    models.Index(fields=["requester", "-id"], name="request_asked_by"),
                    models.Index(fields=["provider_department", "-id"], name="request_newest"),
                    models.Index(
                        condition=models.Q(("status", "resolved")),
                        fields=["closes_at"],
                        name="request_closes",
                    ),
                    models.Index(
                        condition=models.Q(("status", "awaiting_approval")),
                        fields=["approver"],
                        name="request_approver",
                    ),
                    models.Index(
                        condition=models.Q(("wakes_at__isnull", False)),
                        fields=["wakes_at"],
                        name="request_wakes",
                    ),
                    models.Index(fields=["client_department", "-id"], name="request_of_client"),
                    models.Index(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "awaiting_approval",
                                    "in_progress",
                                    "new",
                                    "resolved",
                                    "waiting_requester",
                                    "waiting_third_party",
                                ],
                            )
                        ),
                        fields=["provider_department", "status", "queue_at", "id"],
                        name="request_standing",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("assignee__isnull", True),
                            (
                                "status__in",
                                [
                                    "awaiting_approval",
                                    "in_progress",
                                    "new",
                                    "waiting_requester",
                                    "waiting_third_party",
                                ],
                            ),
                        ),
                        fields=["provider_department", "queue_at", "id"],
                        name="request_unassigned",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("restricted", True),
                            (
                                "status__in",
                                [
                                    "awaiting_approval",
                                    "in_progress",
                                    "new",
                                    "resolved",
                                    "waiting_requester",
                                    "waiting_third_party",
                                ],
                            ),
                        ),
                        fields=["provider_department", "id"],
                        name="request_restricted",
                    ),
                    models.Index(
                        condition=models.Q(("approver__isnull", False)),
                        fields=["approver"],
                        name="request_decided_by",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "awaiting_approval",
                                    "in_progress",
                                    "new",
                                    "resolved",
                                    "waiting_requester",
                                    "waiting_third_party",
                                ],
                            )
                        ),
                        fields=["requester", "-id", "status"],
                        name="request_own_live",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "awaiting_approval",
                                    "in_progress",
                                    "new",
                                    "resolved",
                                    "waiting_requester",
                                    "waiting_third_party",
                                ],
                            )
                        ),
                        fields=["assignee", "provider_department", "queue_at", "id"],
                        name="request_taken",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "new",
                                    "awaiting_approval",
                                    "in_progress",
                                    "waiting_requester",
                                    "waiting_third_party",
                                    "resolved",
                                    "closed",
                                    "cancelled",
                                    "declined",
                                ],
                            )
                        ),
                        name="request_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "awaiting_approval"), _negated=True),
                            models.Q(
                                ("approver__isnull", False),
                                models.Q(("interrupted_status", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="request_awaiting_approval_has_approver",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["resolved", "closed"]), _negated=True),
                            ("resolved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="request_resolved_has_its_moment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source", "source_case"),
                        name="request_imported_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PastProvider",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="past_providers",
                        to="requests_app.servicerequest",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["department", "-service_request"], name="past_provider_newest"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service_request", "department"), name="past_provider_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="requests_app.servicerequest",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service_request", "user"), name="participant_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("is_public", models.BooleanField()),
                ("text", models.TextField(blank=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
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
                        related_name="messages",
                        to="requests_app.servicerequest",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "indexes": [
                    models.Index(
                        fields=["service_request", "at", "id"], name="message_conversation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("page", "page"),
                            ("api", "api"),
                            ("mail", "mail"),
                            ("import", "import"),
                            ("seed", "seed"),
                            ("desk", "desk"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("requester", "requester"),
                            ("provider", "provider"),
                            ("nobody", "nobody"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=80, null=True)),
                ("payload", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
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
                        related_name="events",
                        to="requests_app.servicerequest",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "indexes": [
                    models.Index(fields=["service_request", "at", "id"], name="event_timeline")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service_request", "key"), name="event_key_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "agreement_changed",
                                    "annotated",
                                    "answered",
                                    "approval_asked",
                                    "approval_decided",
                                    "asked",
                                    "assigned",
                                    "breach_explained",
                                    "breached",
                                    "calendar_changed",
                                    "cancelled",
                                    "closed",
                                    "declined",
                                    "escalated",
                                    "held",
                                    "invited",
                                    "look_again",
                                    "noted",
                                    "nudged",
                                    "participant_added",
                                    "participant_removed",
                                    "prioritised",
                                    "rated",
                                    "released",
                                    "reopened",
                                    "replied",
                                    "resolved",
                                    "resumed",
                                    "submitted",
                                    "taken",
                                    "transferred",
                                    "warned",
                                ],
                            )
                        ),
                        name="event_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "service_request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="requests_app.servicerequest",
                    ),
                ),
                ("requester_words", django.contrib.postgres.search.SearchVectorField()),
                ("provider_words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["requester_words"], name="search_requester_words"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["provider_words"], name="search_provider_words"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_public", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=140)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="requests_app.message",
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="requests_app.servicerequest",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("service_request__isnull", True)),
                        fields=["at"],
                        name="attachment_staged",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("message__isnull", True),
                            ("service_request__isnull", False),
                            _connector="OR",
                        ),
                        name="attachment_of_message_has_request",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FileChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="requests_app.attachment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("attachment", "number"), name="file_chunk_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                ("answers", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField()),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "service"), name="draft_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Favourite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "service"), name="favourite_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CannedReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("text", models.TextField(verbose_name="text")),
                ("updated_at", models.DateTimeField()),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="canned_replies",
                        to="people.department",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("department"),
                        django.db.models.functions.text.Lower("name"),
                        name="canned_reply_name_once_in_department",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                ("wrote_at", models.DateTimeField(blank=True, null=True)),
                (
                    "service_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="requests_app.servicerequest",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["seen_at"], name="presence_seen")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service_request", "user"), name="presence_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deed", models.CharField(max_length=20)),
                ("typed", models.JSONField(default=dict)),
                ("key", models.CharField(max_length=80)),
                ("updated_at", models.DateTimeField()),
                (
                    "service_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="requests_app.servicerequest",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "service_request"), name="reply_draft_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_shared", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("view", models.SlugField(max_length=40)),
                ("query", models.CharField(blank=True, max_length=500)),
                ("updated_at", models.DateTimeField()),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to="people.department",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("department"),
                        models.F("owner"),
                        django.db.models.functions.text.Lower("name"),
                        name="saved_view_name_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Kept",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("zone", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FlowChange",
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
                ("asked", models.IntegerField(default=0)),
                ("resolved", models.IntegerField(default=0)),
                ("reopened", models.IntegerField(default=0)),
                ("cancelled", models.IntegerField(default=0)),
                ("declined", models.IntegerField(default=0)),
                ("handed_on", models.IntegerField(default=0)),
                ("change", models.IntegerField(default=0)),
                ("held_provider", models.DurationField(default=datetime.timedelta(0))),
                ("held_others", models.DurationField(default=datetime.timedelta(0))),
                ("held_client", models.DurationField(default=datetime.timedelta(0))),
                ("held_approval", models.DurationField(default=datetime.timedelta(0))),
                ("held_third_party", models.DurationField(default=datetime.timedelta(0))),
                ("held_unowned", models.DurationField(default=datetime.timedelta(0))),
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
            name="FlowCount",
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
                ("asked", models.IntegerField(default=0)),
                ("resolved", models.IntegerField(default=0)),
                ("reopened", models.IntegerField(default=0)),
                ("cancelled", models.IntegerField(default=0)),
                ("declined", models.IntegerField(default=0)),
                ("handed_on", models.IntegerField(default=0)),
                ("change", models.IntegerField(default=0)),
                ("held_provider", models.DurationField(default=datetime.timedelta(0))),
                ("held_others", models.DurationField(default=datetime.timedelta(0))),
                ("held_client", models.DurationField(default=datetime.timedelta(0))),
                ("held_approval", models.DurationField(default=datetime.timedelta(0))),
                ("held_third_party", models.DurationField(default=datetime.timedelta(0))),
                ("held_unowned", models.DurationField(default=datetime.timedelta(0))),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("grain", "asked"), models.Q(("change", 0), _negated=True)
                        ),
                        fields=["cut", "start", "provider"],
                        name="flow_count_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grain", "cut", "start", "provider", "value"),
                        name="flow_count_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("priority", models.CharField(max_length=2)),
                ("change", models.SmallIntegerField()),
                ("is_handed_on", models.BooleanField(default=False)),
                ("held_provider", models.DurationField(default=datetime.timedelta(0))),
                ("held_others", models.DurationField(default=datetime.timedelta(0))),
                ("held_client", models.DurationField(default=datetime.timedelta(0))),
                ("held_approval", models.DurationField(default=datetime.timedelta(0))),
                ("held_third_party", models.DurationField(default=datetime.timedelta(0))),
                ("held_unowned", models.DurationField(default=datetime.timedelta(0))),
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
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests_app.event",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
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
                "indexes": [
                    models.Index(fields=["provider", "kind", "at"], name="step_of_department")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "change"), name="step_once"),
                    models.CheckConstraint(
                        condition=models.Q(("change__in", (-1, 1))), name="step_is_in_or_out"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Usual",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.IntegerField()),
                ("median", models.DurationField()),
                ("percentile_85", models.DurationField()),
                (
                    "department",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                ("asked", models.IntegerField(db_default=0, default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("department__isnull", True),
                            ("service__isnull", True),
                            _connector="XOR",
                        ),
                        name="usual_of_department_or_service",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE SEQUENCE request_reference START WITH 1001 NO CYCLE",
            "DROP SEQUENCE request_reference",
        ),
        migrations.RunSQL(GUARD, UNGUARD),
        # Room on each page for the next version of a row.
        migrations.RunSQL(
            "ALTER TABLE requests_app_servicerequest SET (fillfactor = 85)",
            "ALTER TABLE requests_app_servicerequest RESET (fillfactor)",
        ),
    ]
