"""The pure core: events, facts, KPI rules and rolling windows; no I/O and no clock in here."""
