"""What the streams are called and which pages rest on them.

Streams are declared in the apps above; their names are words of this table, and a guard test holds
the two together.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class StreamLabel:
    """A stream in a reader's words: its name and the pages that go stale with it."""

    label: str
    pages: tuple[str, ...]


LABELS: dict[str, StreamLabel] = {
    "shops": StreamLabel("Shops", ("Connections",)),
    "ad_accounts": StreamLabel("Ad accounts", ("Connections", "Campaigns")),
    "products": StreamLabel("Products and stock", ("Profit", "Posts")),
    "product_categories": StreamLabel("Categories of products", ("Creators",)),
    "collaborations": StreamLabel("Collaborations", ("Creators",)),
    "samples": StreamLabel("Samples", ("Creators", "Profit")),
    "post_numbers": StreamLabel("Posts and their numbers", ("Today", "Posts", "Creators")),
    "sample_posts": StreamLabel("Posts from samples", ("Creators", "Posts")),
    "creator_profiles": StreamLabel("Creators' profiles", ("Creators",)),
    "market_searches": StreamLabel("Marketplace searches", ("Creators",)),
    "conversations": StreamLabel("Answers of creators", ("Outreach",)),
    "outreach_quota": StreamLabel("Quota of new contacts", ("Outreach",)),
    "authorized_posts": StreamLabel("Authorized posts", ("Today", "Authorizations", "Posts")),
    "watched_posts": StreamLabel("Posts that spend", ("Authorizations", "Campaigns")),
    "identities": StreamLabel("Linked TikTok accounts", ("Authorizations",)),
    "campaigns": StreamLabel("Campaigns", ("Today", "Campaigns")),
    "ad_groups": StreamLabel("Ad groups", ("Campaigns",)),
    "ads": StreamLabel("Ads and their status", ("Today", "Campaigns", "Authorizations")),
    "ad_days": StreamLabel("Ad spend and results", ("Today", "Campaigns", "Profit")),
    "ad_hours": StreamLabel("Ad numbers by hour", ("Campaigns",)),
    "comments": StreamLabel("Comments under ads", ("Campaigns",)),
    "gmv_max_campaigns": StreamLabel("GMV Max campaigns", ("Campaigns",)),
    "gmv_max_settings": StreamLabel("GMV Max budgets and targets", ("Campaigns",)),
    "gmv_max_days": StreamLabel("GMV Max spend", ("Today", "Campaigns", "Profit")),
    "earlier_ad_days": StreamLabel(
        "Ad spend and results of earlier weeks", ("Campaigns", "Profit")
    ),
    "earlier_gmv_max_days": StreamLabel("GMV Max spend of earlier weeks", ("Campaigns", "Profit")),
    "orders": StreamLabel("Orders", ("Today", "Profit")),
    "returns": StreamLabel("Returns", ("Profit",)),
    "cancellations": StreamLabel("Cancellations", ("Profit",)),
    "earlier_orders": StreamLabel("Orders of earlier days", ("Today", "Profit")),
    "earlier_returns": StreamLabel("Returns of earlier days", ("Profit",)),
    "earlier_cancellations": StreamLabel("Cancellations of earlier days", ("Profit",)),
    "affiliate_orders": StreamLabel("Affiliate orders", ("Profit", "Posts", "Creators")),
    "statements": StreamLabel("Statements", ("Profit",)),
    "statement_lines": StreamLabel("Statement rows", ("Profit",)),
    "order_settlements": StreamLabel("Fees per order", ("Profit",)),
    "unsettled": StreamLabel("Unsettled orders", ("Profit",)),
    "payments": StreamLabel("Payouts", ("Profit",)),
}


def label_of(stream: str) -> StreamLabel:
    """The label of a stream; its own name when nobody named it."""
    return LABELS.get(stream, StreamLabel(stream.replace("_", " ").capitalize(), ()))
