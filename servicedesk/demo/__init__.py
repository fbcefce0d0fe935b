"""The believable company: Harbour & Pine, played by the desk's own deeds with past times."""
