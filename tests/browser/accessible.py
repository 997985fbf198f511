"""The rules of accessibility that axe checks on an open page."""

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# axe describes every element that a rule passed, unless told that only violations are read.
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[Any]:
    """`[(rule, [the beginning of each element's mark-up])]` of what breaks a rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"axe.run({json.dumps(OPTIONS)}).then(told => told.violations)")
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]
