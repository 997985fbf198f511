"""What people must be told: alerts with a dedupe key, and their delivery by mail."""
