"""The append-only log: who did what to what, and why."""
