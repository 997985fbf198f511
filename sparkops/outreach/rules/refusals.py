"""What TikTok's refusals mean for a recipient, in plain words (AB8)."""

from dataclasses import dataclass

LATER, SKIPPED, FAILED = "later", "skipped", "failed"

QUOTA_USED, ABOVE_TIER, UNANSWERED = 16030002, 16030003, 16030007
ABOVE_TIER_LIMIT = (
    "Above tier limit: the shop's level does not allow to contact a creator with so many followers."
)
FIVE_UNANSWERED = "Five messages are unanswered. TikTok takes another one after a reply."
NO_QUOTA = "The weekly quota is used."


@dataclass(frozen=True)
class Meaning:
    """`outcome`: wait for the next week, leave out, or a failure to look at."""

    outcome: str
    sentence: str


def meaning_of(code: int | None, sentence: str, said: str) -> Meaning:
    """What to do about a refusal. `sentence` is ours about it, `said` TikTok's own words."""
    words = said.lower()
    if code == QUOTA_USED or "quota" in words:
        return Meaning(LATER, NO_QUOTA)
    if code == ABOVE_TIER or "followers" in words:
        return Meaning(SKIPPED, ABOVE_TIER_LIMIT)
    if code == UNANSWERED or "until the creator replies" in words:
        return Meaning(SKIPPED, FIVE_UNANSWERED)
    return Meaning(FAILED, f"{sentence} TikTok says: {said}" if said else sentence)
