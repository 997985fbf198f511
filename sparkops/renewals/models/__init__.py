"""Messages, the cadence, runs and what is at stake."""

from sparkops.renewals.models.messages import Cadence, SavedMessage

__all__ = ["Cadence", "SavedMessage"]
