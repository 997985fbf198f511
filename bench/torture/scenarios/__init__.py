"""The scenarios, in the order of their run."""

from bench.torture.ground import Scenario
from bench.torture.scenarios import kills

SCENARIOS: dict[str, Scenario] = {one.name: one for one in (kills.SCENARIO,)}
