"""Pages that say what they were asked for, where TikTok's answer does not repeat it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TaggedPage:
    """A page with the question it answers; each item becomes the pair (tag, item).

    The tag is kept with the raw page, so that equal answers to different questions differ.
    """

    tag: str
    page: Any

    @property
    def raw(self) -> dict[str, Any]:
        return {"asked_for": self.tag, **self.page.raw}

    @property
    def items(self) -> list[tuple[str, Any]]:
        return [(self.tag, item) for item in self.page.items]

    @property
    def findings(self) -> Any:
        return self.page.findings

    @property
    def row_count(self) -> int:
        return int(self.page.row_count)

    @property
    def request_id(self) -> str:
        return str(self.page.request_id)
