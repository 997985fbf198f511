"""Pure decisions of outreach."""
