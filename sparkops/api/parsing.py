"""Bodies of calls: JSON whose texts are Unicode."""

import json
from collections.abc import Mapping
from typing import Any

from rest_framework.parsers import JSONParser

from sparkops.api.problems import Problem

HALF = "A text of the body holds half of a surrogate pair, which is no character. Send it whole."


class UnicodeParser(JSONParser):
    """JSON as programs send it, without texts that no answer and no row can hold.

    JSON may spell half of a surrogate pair, which Python reads and nothing can write. Raises
    ParseError for what is no JSON, and Problem for such a text.
    """

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        content = super().parse(stream, media_type, parser_context)
        try:
            json.dumps(content, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise Problem(400, "not_unicode", HALF) from error
        return content
