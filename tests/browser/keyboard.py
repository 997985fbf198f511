"""Going through a page by keyboard alone."""

import pytest
from playwright.sync_api import Page

MOST_STEPS = 80


def tab_to(page: Page, name: str, role: str) -> None:
    """Move the focus by Tab alone until the named control has it."""
    wanted = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    for _ in range(MOST_STEPS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {name}")


def type_into(page: Page, name: str, text: str) -> None:
    """Go to a text field by Tab and write over what it holds."""
    tab_to(page, name, "textbox")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
