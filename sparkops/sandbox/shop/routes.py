"""The routes of the Shop API: endpoint table, token endpoints and consent page on one `Api`."""

import re
from collections.abc import Sequence

from sparkops.sandbox.wire import Api, Handler, Request, Response
from sparkops.sandbox.world import World

from . import errors, gate, oauth
from .gate import Endpoint

_VERSIONED = re.compile(r"/(\w+)/\d{6}/(.+)")


def build(endpoints: Sequence[Endpoint]) -> Api:
    """The API with every endpoint in every version it answers to."""
    known = [_without_version(path) for endpoint in endpoints for path in endpoint.paths()]

    def no_such_path(request: Request, world: World) -> Response:
        asked = _without_version(request.path)
        retired = any(_pattern(path).fullmatch(asked) for path in known)
        error = errors.no_such_version() if retired else errors.no_such_path()
        return gate.refusal(request, error)

    api = Api("shop", ("/",), no_such_path, _wrong_method, _through)
    # Literal segments win over placeholders: `orders/search` is no order id.
    for endpoint in sorted(endpoints, key=lambda one: one.path.count("{")):
        for path in endpoint.paths():
            api.route(endpoint.method, path, writes=endpoint.writes)(_handler(endpoint))
    for path in oauth.TOKEN_PATHS:
        api.route("GET", path, writes=True)(_token_call)
    for path in oauth.CONSENT_PATHS:
        api.route("GET", path)(_consent)
        api.route("POST", path, writes=True)(_decision)
    return api


def _handler(endpoint: Endpoint) -> Handler:
    def handle(request: Request, world: World) -> Response:
        return gate.answer(
            request, lambda: endpoint.handler(gate.pass_gate(endpoint, request, world))
        )

    return handle


def _through(handler: Handler, request: Request, world: World) -> Response:
    return handler(request, world)


def _wrong_method(request: Request, world: World) -> Response:
    return gate.refusal(request, errors.wrong_method())


def _token_call(request: Request, world: World) -> Response:
    return gate.answer(request, lambda: oauth.token_call(request, world), success="success")


def _consent(request: Request, world: World) -> Response:
    return oauth.consent(request, world)


def _decision(request: Request, world: World) -> Response:
    return oauth.decide(request, world)


def _without_version(path: str) -> str:
    """`/order/202309/orders/search` as `/order/*/orders/search`; other paths unchanged."""
    match = _VERSIONED.fullmatch(path)
    return f"/{match[1]}/*/{match[2]}" if match else path


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
