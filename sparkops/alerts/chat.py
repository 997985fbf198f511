"""Messages to chats by incoming webhooks: Slack, Teams, Discord, any address that takes JSON.

An address is called at an IP that was looked up and found public just before, follows no redirect
and gets ten seconds, so that nobody reaches the network that SparkOps runs in.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from sparkops.alerts.models import Chat
from sparkops.network import addresses_of, is_public

SECONDS = 10
MOST_TEXT = 1_800
"""Discord takes 2,000 characters, the others more."""
GONE = (401, 403, 404, 410)


class ChatError(Exception):
    """A message that did not arrive; `for_good` when the address will not take the next either."""

    def __init__(self, sentence: str, *, for_good: bool = False) -> None:
        super().__init__(sentence)
        self.sentence, self.for_good = sentence, for_good


@dataclass(frozen=True)
class Message:
    """What is said: a title, a text that may be empty, and the page that answers it."""

    title: str
    text: str
    url: str


def send(kind: str, address: str, message: Message) -> None:
    """Hand a message to a chat. Raises ChatError with what a person can do about it."""
    parts = _parts(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    here = _ip_of(host, port)
    at = f"[{here}]" if ":" in here else here
    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as http:
            answer = http.post(
                parts._replace(netloc=f"{at}:{port}").geturl(),
                json=payload(kind, message),
                headers={"Host": parts.netloc.rpartition("@")[2]},
                extensions={"sni_hostname": host},
            )
    except httpx.HTTPError as error:
        raise ChatError(f"{host} could not be reached.") from error
    if answer.status_code in GONE:
        raise ChatError(
            f"{host} no longer takes messages here ({answer.status_code}). Make a new webhook"
            " there and add its address.",
            for_good=True,
        )
    if not answer.is_success:
        raise ChatError(f"{host} did not take the message ({answer.status_code}).")


def check_address(address: str) -> str:
    """The host of an address that may be called. Raises ChatError for any other."""
    parts = _parts(address)
    _ip_of(parts.hostname or "", parts.port or 443)
    return parts.hostname or ""


def payload(kind: str, message: Message) -> dict[str, Any]:
    """The body that a kind of chat takes."""
    title, text = message.title, message.text[:MOST_TEXT]
    if kind == Chat.Kind.SLACK:
        words = [f"*{_for_slack(title)}*", _for_slack(text), f"<{message.url}|Open in SparkOps>"]
        return {"text": "\n".join(one for one in words if one)}
    if kind == Chat.Kind.DISCORD:
        words = [f"**{title}**", text, f"<{message.url}>"]
        # Names in what creators write call nobody.
        mentions: dict[str, Any] = {"parse": []}
        return {"content": "\n".join(one for one in words if one), "allowed_mentions": mentions}
    if kind == Chat.Kind.TEAMS:
        return {
            "type": "message",
            "attachments": [
                {
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "content": _card(title, text, message.url),
                }
            ],
        }
    return {"title": title, "text": text, "url": message.url}


def _card(title: str, text: str, url: str) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [{"text": title, "weight": "Bolder"}]
    lines += [{"text": text}] if text else []
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "wrap": True, **one} for one in lines],
        "actions": [{"type": "Action.OpenUrl", "title": "Open in SparkOps", "url": url}],
    }


def _for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _parts(address: str) -> Any:
    try:
        parts = urlsplit(address.strip())
        known = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        known = None
    secure = known and (parts.scheme == "https" or settings.CHATS_ON_PRIVATE_HOSTS)
    if not secure or parts.scheme not in ("http", "https"):
        raise ChatError("Paste the whole address of the webhook; it begins with https://.")
    return parts


def _ip_of(host: str, port: int) -> str:
    try:
        found = addresses_of(host, port)
    except (OSError, UnicodeError) as error:
        raise ChatError(f"There is no host named {host}.") from error
    if not settings.CHATS_ON_PRIVATE_HOSTS and not all(map(is_public, found)):
        raise ChatError(f"{host} is not on the public internet, so SparkOps does not call it.")
    return str(min(found, key=lambda one: (one.version, one.packed)))
