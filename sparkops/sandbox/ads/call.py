"""The conventions of the Marketing API: envelope, token, parameters, paging, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sparkops.sandbox.ads.limits import LIMITER
from sparkops.sandbox.wire import Api, Handler, Request, Response, request_id
from sparkops.sandbox.world import AdsToken, Advertiser, World

BASE = "/open_api/v1.3"
MINUTE_TEXT = "%Y-%m-%d %H:%M:%S"
Data = dict[str, Any]
Endpoint = Callable[["Call"], Data | Response]


class Refused(Exception):  # noqa: N818
    """The call is answered with this code and text, HTTP 200 all the same."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def invalid(message: str) -> Refused:
    return Refused(40002, message)


def moment_text(moment: datetime | None) -> str | None:
    """``YYYY-MM-DD HH:MM:SS`` in UTC."""
    return moment.astimezone(UTC).strftime(MINUTE_TEXT) if moment else None


def parse_moment(text: str, name: str) -> datetime:
    try:
        return datetime.strptime(text, MINUTE_TEXT).replace(tzinfo=UTC)
    except ValueError:
        raise invalid(f"{name}: Invalid time format, expected YYYY-MM-DD HH:MM:SS.") from None


def number(amount: Decimal) -> int | float:
    """A JSON number: whole amounts without a point, as TikTok prints budgets."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def envelope(request: Request, code: int, message: str, data: Data) -> Response:
    log_id = request_id(request.now)
    body = {"code": code, "message": message, "request_id": log_id, "data": data}
    return Response.json(body, 200, {"X-Tt-Logid": log_id})


def gate(handler: Handler, request: Request, world: World) -> Response:
    try:
        return handler(request, world)
    except Refused as refused:
        return envelope(request, refused.code, refused.message, {})


def not_found(request: Request, world: World) -> Response:
    return Response(404, None, b"404 page not found", {"Content-Type": "text/plain"})


def wrong_method(request: Request, world: World) -> Response:
    return Response(405, None, b"405 method not allowed", {"Content-Type": "text/plain"})


API = Api("ads", ("/open_api/", "/portal/", "/marketing_api/"), not_found, wrong_method, gate)


class Call:
    """One API call: its parameters, its token and the world.

    Parameters come from the query (GET; lists and objects as JSON text) or from the JSON body.
    Every reader raises ``Refused`` with 40002 naming the field.
    """

    def __init__(self, request: Request, world: World) -> None:
        self.request, self.world, self.now = request, world, request.now
        self.params = self._params(request)
        self.token: AdsToken | None = None

    @staticmethod
    def _params(request: Request) -> Data:
        if request.method == "GET":
            return dict(request.query)
        if "x-www-form-urlencoded" in request.headers.get("content-type", ""):
            return request.form()
        try:
            body = request.json()
        except ValueError:
            raise Refused(40000, "The request body is not valid JSON.") from None
        if not isinstance(body, dict):
            raise Refused(40000, "The request body must be a JSON object.")
        return {name: value for name, value in body.items() if value is not None}

    def authenticate(self) -> AdsToken:
        text = self.request.headers.get("access-token")
        if not text:
            raise Refused(
                40104,
                "Access token is null, you should set it in http header with key Access-Token.",
            )
        token = self.world.ads_tokens.get(text)
        if token is None or token.revoked_at:
            raise Refused(40105, "Access token is incorrect or has been revoked.")
        if token.expired_at:
            raise Refused(40102, "Access token has expired.")
        self._pace(token.app_id)
        self.token = token
        return token

    def _pace(self, app_id: str) -> None:
        if not self.request.replayed:
            text = LIMITER.refusal(app_id, self.request.path)
            if text:
                raise Refused(40100, text)

    def need(self, *names: str) -> None:
        missing = [name for name in names if self.params.get(name) in (None, "")]
        if missing:
            raise invalid(f"Missing required field(s): {', '.join(missing)}.")

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        self.need(name)
        return self.text(name)

    def choice(self, name: str, options: Sequence[str], default: str = "") -> str:
        value = self.text(name, default)
        if value and value not in options:
            raise invalid(f"{name}: Invalid value {value}. Allowed: {', '.join(options)}.")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.params.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() == "true"

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        try:
            value = int(self.params.get(name, default))
        except (TypeError, ValueError):
            raise invalid(f"{name}: Must be an integer.") from None
        if not low <= value <= high:
            raise invalid(f"{name}: Must be between {low} and {high}.")
        return value

    def amount(self, name: str) -> Decimal | None:
        value = self.params.get(name)
        if value is None:
            return None
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise invalid(f"{name}: Must be a number.") from None

    def json(self, name: str, kind: type, default: Any = None) -> Any:
        """A list or object: JSON text in a query, plain in a body."""
        value = self.params.get(name)
        if value is None or value == "":
            return kind() if default is None else default
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise invalid(f"{name}: Not valid JSON.") from None
        if not isinstance(value, kind):
            wanted = "a list" if kind is list else "an object"
            raise invalid(f"{name}: Must be {wanted} in JSON.")
        return value

    def texts(self, name: str, most: int | None = None) -> list[str]:
        """A list of ids or words, as text."""
        values = [str(value) for value in self.json(name, list)]
        if most is not None and len(values) > most:
            raise Refused(40011, f"{name}: At most {most} values are allowed.")
        return values

    def filtering(self) -> Data:
        return self.json("filtering", dict)

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.needed(name))
        except ValueError:
            raise invalid(f"{name}: Invalid date format, expected YYYY-MM-DD.") from None

    def advertiser(self) -> Advertiser:
        """The ad account of ``advertiser_id``, which the token must reach."""
        return self.reach(self.needed("advertiser_id"))

    def reach(self, advertiser_id: str) -> Advertiser:
        covered = self.token is not None and advertiser_id in self.token.advertiser_ids
        advertiser = self.world.advertisers.get(advertiser_id)
        if advertiser is None:
            raise Refused(40001, f"Advertiser {advertiser_id} doesn't exist or has been deleted.")
        if not covered or advertiser.status == "STATUS_DISABLE":
            raise Refused(40001, f"No permission to operate advertiser {advertiser_id}.")
        return advertiser

    def page(
        self, rows: Sequence[Any], *, size: int = 10, most: int = 1000
    ) -> tuple[list[Any], Data]:
        """The asked page of ``rows`` and its ``page_info``."""
        number_asked = self.whole("page", 1, 1, 10**9)
        page_size = self.whole("page_size", size, 1, most)
        start = (number_asked - 1) * page_size
        info = {
            "page": number_asked,
            "page_size": page_size,
            "total_number": len(rows),
            "total_page": -(-len(rows) // page_size),
        }
        return list(rows[start : start + page_size]), info

    def only_fields(self, row: Data, always: Sequence[str] = ()) -> Data:
        """``row`` narrowed to ``fields`` and without nulls where asked."""
        fields = self.texts("fields")
        if fields:
            row = {name: value for name, value in row.items() if name in (*fields, *always)}
        if "NULL_FIELD" in self.texts("exclude_field_types_in_response"):
            row = {name: value for name, value in row.items() if value is not None}
        return row


def endpoint(
    method: str, path: str, *, token: bool = True, writes: bool | None = None
) -> Callable[[Endpoint], Endpoint]:
    """Registers ``endpoint(call) -> data`` for a path below ``/open_api/v1.3``.

    A result with the key ``__code__`` is partly ok: that code is used instead of 0. A ``Response``
    is sent as it is, without the envelope.
    """

    def register(function: Endpoint) -> Endpoint:
        def handler(request: Request, world: World) -> Response:
            call = Call(request, world)
            if token:
                call.authenticate()
            data = function(call)
            if isinstance(data, Response):
                return data
            code = data.pop("__code__", 0)
            return envelope(request, code, "OK", data)

        API.route(method, BASE + path, writes=writes)(handler)
        return function

    return register
