"""Webhooks out: what happens is told to other programs, signed, and kept until it arrived (N25)."""
