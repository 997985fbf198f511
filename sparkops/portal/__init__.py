"""The creator's page: one link, no account. It reads what lower apps publish and owns no rows."""
