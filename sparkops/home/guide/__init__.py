"""The guided set-up of a client: its steps, and what creators will see and it may cost (U8)."""
