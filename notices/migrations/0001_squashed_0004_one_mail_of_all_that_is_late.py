"""All that 0001 to 0004 make, for an empty database. One that has some of them goes on with those."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("notices", "0001_initial"),
        ("notices", "0002_fewer_indexes"),
        ("notices", "0003_news_of_agreements"),
        ("notices", "0004_one_mail_of_all_that_is_late"),
    ]

    initial = True

    dependencies = [
        ("people", "__first__"),
        ("requests_app", "0002_timeline_is_append_only"),
        ("slas", "0007_agreements_between_departments"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("to", models.EmailField(max_length=254)),
                ("subject", models.TextField()),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("message_id", models.CharField(max_length=200)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["to", "-id"], name="kept_mail_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("message_id", "to"), name="kept_mail_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("news", "News about a request"),
                            ("late", "Promises that are soon due, or late"),
                            ("rate", "Invitation to rate"),
                            ("deal", "News about an agreement"),
                        ],
                        default="news",
                        max_length=4,
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("gave_up_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                (
                    "recipient",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests_app.servicerequest",
                    ),
                ),
                (
                    "agreement_deed",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slas.agreementdeed",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("gave_up_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["not_before", "id"],
                        name="mail_undelivered",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at__isnull", True), ("gave_up_at__isnull", True), _connector="OR"
                        ),
                        name="mail_sent_or_given_up",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("attempts", 0), ("gave_up_at__isnull", True), ("sent_at__isnull", True)
                        ),
                        fields=("service_request", "recipient", "purpose"),
                        name="mail_one_for_a_burst",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("agreement_deed__isnull", False)),
                        fields=("agreement_deed", "recipient"),
                        name="mail_of_an_agreement_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("attempts", 0),
                            ("gave_up_at__isnull", True),
                            ("purpose", "late"),
                            ("sent_at__isnull", True),
                        ),
                        fields=("recipient",),
                        name="mail_of_what_is_late_one_for_a_burst",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreement_deed", None), ("service_request__isnull", False)),
                            models.Q(("agreement_deed__isnull", False), ("service_request", None)),
                            models.Q(
                                ("agreement_deed", None),
                                ("purpose", "late"),
                                ("service_request", None),
                            ),
                            _connector="OR",
                        ),
                        name="mail_is_of_a_request_or_an_agreement",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
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
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="notices.outboxmail",
                    ),
                ),
            ],
            options={
                "ordering": ("event_id",),
                "constraints": [
                    models.UniqueConstraint(fields=("event", "recipient"), name="mail_tells_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="requests_app.event",
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="requests_app.servicerequest",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agreement_deed",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="slas.agreementdeed",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["user", "-id"], name="notice_newest"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["user", "service_request"],
                        name="notice_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "user"), name="notice_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("agreement_deed__isnull", False)),
                        fields=("agreement_deed", "user"),
                        name="notice_of_an_agreement_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("agreement_deed", None),
                                ("event__isnull", False),
                                ("service_request__isnull", False),
                            ),
                            models.Q(
                                ("agreement_deed__isnull", False),
                                ("event", None),
                                ("service_request", None),
                            ),
                            _connector="OR",
                        ),
                        name="notice_is_of_a_request_or_an_agreement",
                    ),
                ],
            },
        ),
    ]
