"""How many rows a run is made of."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Size:
    """Rows over all clients; the first client has half of everything, the others share the rest.

    `post_days` and `order_days` are days of history, `due` the permissions of the first client
    with a reminder due, `shown_rounds` how often a page is shown, `heavy_rounds` how often
    something long is repeated, `backfill_parts` the ad accounts that one worker reads,
    `load_seconds` how long a web process is asked each time.
    """

    name: str
    clients: int
    creators: int
    posts: int
    authorizations: int
    post_days: int
    orders: int
    order_days: int
    ads: int
    due: int
    shown_rounds: int
    heavy_rounds: int
    report_rows: int
    backfill_parts: int
    load_seconds: float = 1.5

    def scaled(self, factor: float) -> "Size":
        """The same with more or fewer rows; clients, days and due work stay as they are."""
        return replace(
            self,
            name=f"{self.name} x {factor:g}",
            creators=max(int(self.creators * factor), 20),
            posts=max(int(self.posts * factor), 100),
            authorizations=max(int(self.authorizations * factor), 200),
            orders=max(int(self.orders * factor), 100),
            ads=max(int(self.ads * factor), 20),
            post_days=min(self.post_days, 3),
        )


TINY = Size("tiny", 3, 20, 120, 240, 2, 120, 10, 40, 5, 1, 1, 60, 4, 0.2)
SMALL = Size("small", 10, 400, 3_000, 6_000, 3, 6_000, 90, 600, 50, 9, 3, 1_500, 20)
MEDIUM = Size("medium", 30, 5_000, 50_000, 100_000, 30, 400_000, 90, 8_000, 500, 15, 3, 20_000, 40)
RIGHTS = Size("rights", 2, 50_000, 1_000_000, 2_000_000, 1, 1_000, 2, 2_000, 500, 15, 3, 1_500, 20)
FULL = Size(
    "full", 100, 50_000, 500_000, 1_000_000, 90, 8_000_000, 365, 40_000, 20_000, 15, 3, 50_000, 100
)
SIZES = {size.name: size for size in (TINY, SMALL, MEDIUM, RIGHTS, FULL)}
GROWTH = (0.1, 1.0, 10.0)
"""Of the rows of the size."""
