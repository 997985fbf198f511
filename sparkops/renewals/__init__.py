"""Asking creators for permissions in time: messages, runs, the cadence, and what is at stake."""
