"""Service requests: lifecycle, timeline, messages, assignment, access."""
