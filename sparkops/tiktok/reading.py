"""Turns TikTok's JSON into records, or into an ``Unexpected`` that names what does not fit."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from sparkops.tiktok.errors import Api, Unexpected
from sparkops.tiktok.values import Record

Model = TypeVar("Model", bound=Record)

_SHOWN = 3


def read(model: type[Model], raw: object, *, api: Api, what: str, request_id: str = "") -> Model:
    """``raw`` as one record, in one validation of the whole.

    ``what`` names it for the reader, with article ("an order list"). Raises ``Unexpected`` with
    reason ``wrong_shape``; values are left out of the text, they may be secret or personal.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        places = [f"{_place(problem['loc'])}: {_said(problem['msg'])}" for problem in problems]
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        raise Unexpected(
            api=api,
            reason="wrong_shape",
            request_id=request_id,
            message="; ".join(places[:_SHOWN]) + more,
            sentence=f"{{api}} sent {what} that SparkOps cannot read ({places[0]}). "
            "An operator has to look at it.",
        ) from None


def _place(location: tuple[Any, ...]) -> str:
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in location]
    return "".join(steps).removeprefix(".") or "the whole"


def _said(message: str) -> str:
    plain = message.removeprefix("Value error, ")
    return plain[:1].lower() + plain[1:]
