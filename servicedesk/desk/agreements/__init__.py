"""Pages of agreements: written, proposed, accepted, looked at month by month; the register."""
