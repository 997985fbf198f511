"""Pages of creators and posts."""
