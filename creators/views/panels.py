"""Panels of upper apps, by URL: a lower page shows them without knowing them."""

from django.urls import NoReverseMatch, reverse


def panel_urls(names: dict[str, str], **kwargs: object) -> list[dict[str, str]]:
    """The panels (URL name to label) whose URL exists in this installation."""
    found = []
    for name, label in names.items():
        try:
            url = reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
        found.append({"url": url, "name": name.replace(":", "-"), "label": label})
    return found
