"""Events are written once, and references come from one sequence."""

from django.db import migrations

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
    dependencies = [("requests_app", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE request_reference START WITH 1001 NO CYCLE",
            "DROP SEQUENCE request_reference",
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
