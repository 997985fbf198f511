"""Reads: messages, runs, and what is at stake."""
