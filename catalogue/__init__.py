"""Services that a department registers: form, audience, life."""
