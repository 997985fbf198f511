"""Reaching many creators: segments, outreach, what becomes of every recipient."""
