"""The scenarios, in the order of their run."""

from bench.torture.ground import Scenario
from bench.torture.scenarios import clocks, inputs, isolation, kills, tiktok

SCENARIOS: dict[str, Scenario] = {
    one.name: one
    for one in (
        kills.SCENARIO,
        tiktok.SCENARIO,
        clocks.SCENARIO,
        isolation.SCENARIO,
        inputs.SCENARIO,
    )
}
