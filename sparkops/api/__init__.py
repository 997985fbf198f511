"""The REST API: keys, its gate, and the kit that publishes lists, objects and actions."""
