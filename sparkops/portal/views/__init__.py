"""Views of the creator's page."""
