"""Whom a comment names."""
