"""Builders of rows for tests: plain functions, one module per app."""
