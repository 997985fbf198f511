"""Messages, the cadence, runs and what is at stake."""

from sparkops.renewals.models.messages import Cadence, SavedMessage
from sparkops.renewals.models.runs import Ask, Run
from sparkops.renewals.models.stakes import Stake

__all__ = ["Ask", "Cadence", "Run", "SavedMessage", "Stake"]
