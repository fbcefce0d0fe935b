"""A real browser before a running desk."""
