"""Taking everything along: all rows of an organization's clients as one archive (N25)."""
