"""Refuse every update and delete of a calendar version, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION calendars_version_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A calendar version never changes: publish the next one instead.'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER calendars_version_never_changes
    BEFORE UPDATE OR DELETE ON calendars_calendarversion
    FOR EACH ROW EXECUTE FUNCTION calendars_version_never_changes();
"""

PERMIT = """
DROP TRIGGER calendars_version_never_changes ON calendars_calendarversion;
DROP FUNCTION calendars_version_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, PERMIT)]
