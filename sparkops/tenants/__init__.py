"""Who may see what: organizations, clients, members, roles, and the one gate of every page."""
