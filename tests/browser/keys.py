"""A person without a mouse: everything is reached with Tab and pressed with Enter or the space."""

import re

from playwright.sync_api import Locator, Page

FAR = 160
"""Presses of Tab after which nothing new is found on a page."""
NOW_HERE = "one => one === document.activeElement"


def reach(page: Page, target: Locator, *, back: bool = False) -> None:
    """Move the focus to an element with Tab alone."""
    for _ in range(FAR):
        if target.evaluate(NOW_HERE):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not reach {target}")


def write(page: Page, label: str | re.Pattern[str], text: str) -> None:
    """Replace what stands in a field."""
    reach(page, page.get_by_label(label, exact=isinstance(label, str)))
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def press(page: Page, name: str, *, role: str = "button", exact: bool = True) -> None:
    """Reach a button or link by its name, and press it."""
    reach(page, page.get_by_role(role, name=name, exact=exact))  # type: ignore[arg-type]
    page.keyboard.press("Enter")
