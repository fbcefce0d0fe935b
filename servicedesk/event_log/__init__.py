"""Another desk's audit log, replayed through our own deeds with past times."""
