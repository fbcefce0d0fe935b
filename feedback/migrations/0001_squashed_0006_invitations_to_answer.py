"""All that 0001 to 0006 make, for an empty database. One that has some of them goes on with those."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("feedback", "0001_initial"),
        ("feedback", "0002_reasons_and_recovery"),
        ("feedback", "0003_ratings_count_from_their_release"),
        ("feedback", "0004_counts"),
        ("feedback", "0005_what_is_settled"),
        ("feedback", "0006_invitations_to_answer"),
    ]

    initial = True

    dependencies = [
        ("catalogue", "0003_service_editor"),
        ("people", "0003_administration"),
        ("people", "__first__"),
        ("requests_app", "0011_flow_and_counts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was_breached", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField()),
                ("invited_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reopened", "The request was reopened"),
                            (
                                "asked_lately",
                                "The person was asked about this department within 7 days",
                            ),
                            ("left", "The person has left"),
                        ],
                        max_length=12,
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "provider_department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "resolution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitation",
                        to="requests_app.event",
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
                    "service_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="requests_app.servicerequest",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "ordering": ("due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("invited_at__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        fields=["due_at", "id"],
                        name="invitation_to_send",
                    ),
                    models.Index(
                        fields=["person", "provider_department", "invited_at"],
                        name="invitation_sampling",
                    ),
                    models.Index(
                        fields=["provider_department", "invited_at"], name="invitation_figures"
                    ),
                    models.Index(
                        fields=["provider_department", "expires_at"], name="invitation_settled"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("invited_at__isnull", False), ("withdrawn_at__isnull", True)
                        ),
                        fields=["person", "expires_at"],
                        name="invitation_to_answer",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("due_at"))),
                        name="invitation_expires_after_it_is_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawal", ""), ("withdrawn_at__isnull", True)),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdrawal", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_withdrawn_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Very dissatisfied"),
                            (2, "Dissatisfied"),
                            (3, "Neither nor"),
                            (4, "Satisfied"),
                            (5, "Very satisfied"),
                        ],
                        verbose_name="score",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                ("at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating",
                        to="feedback.invitation",
                    ),
                ),
                ("counts_at", models.DateTimeField(blank=True, null=True)),
                (
                    "is_unnamed",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="without my name"
                    ),
                ),
                (
                    "lost_time",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "None"),
                            ("minutes", "Less than 15 minutes"),
                            ("hour", "15 minutes to an hour"),
                            ("hours", "1 to 4 hours"),
                            ("day", "Half a day to a day"),
                            ("more", "More than a day"),
                        ],
                        db_default="",
                        default="",
                        max_length=8,
                        verbose_name="lost working time",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [
                    models.Index(fields=["at"], name="rating_at"),
                    models.Index(fields=["counts_at"], name="rating_counts"),
                    models.Index(
                        condition=models.Q(("counts_at__isnull", True), ("is_unnamed", True)),
                        fields=["at", "id"],
                        name="rating_waits_for_company",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__range", (1, 5))), name="rating_is_1_to_5"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "lost_time__in",
                                ["", "none", "minutes", "hour", "hours", "day", "more"],
                            )
                        ),
                        name="rating_lost_time_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("too_long", "It took too long"),
                            ("explained_again", "I had to explain it several times"),
                            ("not_solved", "It is not really solved"),
                            ("unfriendly", "It was unfriendly"),
                            ("in_the_dark", "I did not know where it stands"),
                            ("hard_to_follow", "The answer was hard to follow"),
                            ("quick", "It was quick"),
                            ("friendly", "It was friendly"),
                            ("kept_posted", "I was kept posted"),
                            ("for_good", "It is solved for good"),
                            ("clear", "The answer was clear"),
                            ("thought_ahead", "They thought ahead"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reasons",
                        to="feedback.rating",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("rating", "reason"), name="rating_reason_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "too_long",
                                    "explained_again",
                                    "not_solved",
                                    "unfriendly",
                                    "in_the_dark",
                                    "hard_to_follow",
                                    "quick",
                                    "friendly",
                                    "kept_posted",
                                    "for_good",
                                    "clear",
                                    "thought_ahead",
                                ],
                            )
                        ),
                        name="rating_reason_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("put_right", "Put right"),
                            ("explained", "Explained"),
                            ("spoke", "Spoke with them"),
                            ("not_reached", "Could not reach them"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
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
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rating",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery",
                        to="feedback.rating",
                    ),
                ),
            ],
            options={
                "ordering": ("opened_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("done_at__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        fields=["department", "opened_at", "id"],
                        name="recovery_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_at__isnull", True),
                                ("done_by__isnull", True),
                                ("note", ""),
                                ("outcome", ""),
                            ),
                            models.Q(
                                ("done_at__isnull", False),
                                ("done_by__isnull", False),
                                ("withdrawn_at__isnull", True),
                                ("outcome__in", ["put_right", "explained", "spoke", "not_reached"]),
                            ),
                            _connector="OR",
                        ),
                        name="recovery_done_with_an_outcome",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SatisfactionChange",
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
                ("answers", models.IntegerField(default=0)),
                ("satisfied", models.IntegerField(default=0)),
                ("invited", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
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
                "indexes": [models.Index(fields=["at"], name="satisfaction_change_at")],
            },
        ),
        migrations.CreateModel(
            name="SatisfactionCount",
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
                ("answers", models.IntegerField(default=0)),
                ("satisfied", models.IntegerField(default=0)),
                ("invited", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
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
                        fields=("grain", "cut", "start", "provider", "value"),
                        name="satisfaction_count_once",
                    )
                ],
            },
        ),
    ]
