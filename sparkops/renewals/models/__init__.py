"""Messages, the cadence, runs, what is at stake and what lies ahead."""

from sparkops.renewals.models.ahead import Ahead
from sparkops.renewals.models.messages import Cadence, SavedMessage
from sparkops.renewals.models.runs import Ask, Run
from sparkops.renewals.models.stakes import Stake

__all__ = ["Ahead", "Ask", "Cadence", "Run", "SavedMessage", "Stake"]
