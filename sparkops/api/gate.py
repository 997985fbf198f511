"""The door of the API: key, limit, client, scope of the key, then the row scope.

A client that the key does not reach is 404, a scope that it was not given 403, like on pages.
Every endpoint is made here and stamped, and a guard test walks the URL map.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404, HttpResponseBase
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sparkops import clock
from sparkops.api.authentication import KeyAuthentication
from sparkops.api.call import Call
from sparkops.api.keys import reachable_clients
from sparkops.api.limits import Allowance, count_call
from sparkops.api.operations import Operation
from sparkops.api.parsing import UnicodeParser
from sparkops.api.problems import BROKEN, Problem, Told, told_of
from sparkops.api.replies import HEADER, fingerprint, once
from sparkops.isolation.scope import client_scope, portfolio_scope
from sparkops.tenants.gate import stamp

LARGEST = 1024 * 1024
log = structlog.get_logger(__name__)


class Endpoint(APIView):
    """One address and its operations by method; `label` and `tag` name it in the schema."""

    authentication_classes = (KeyAuthentication,)
    permission_classes = ()
    parser_classes = (UnicodeParser,)
    renderer_classes = (JSONRenderer,)
    operations: Mapping[str, Operation] = {}
    label = ""
    tag = ""
    reach = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Pass the gate: sets `self.call`. Raises what `told_of` knows."""
        self.allowance: Allowance | None = None
        super().initial(request, *args, **kwargs)
        self.allowance = count_call(request.auth)
        if self.allowance is not None and self.allowance.exceeded:
            wait = str(self.allowance.reset)
            raise Problem(
                429,
                "too_many_requests",
                f"This key has made {self.allowance.limit} calls in this minute. Wait {wait} s.",
                headers={"Retry-After": wait},
            )
        self.call = self._gated(request, kwargs)
        _refuse_large(request)

    def handle(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Run the operation inside the row scope; a refusal leaves nothing written."""
        operation = self._operation(request)
        body = request.body
        with self._scope():

            def act() -> Response:
                return operation.answer(self.call, request.query_params, request.data)

            name = request.headers.get(HEADER)
            if request.method == "POST" and name is not None:
                print_ = fingerprint("POST", request.get_full_path(), body)
                return once(self.call, name, print_, act)
            return act()

    get = post = patch = handle

    def handle_exception(self, error: Exception) -> Response:
        """Every error is a problem; a fault is logged and told without its insides."""
        told = told_of(error)
        if told is None:
            got_request_exception.send(sender=type(self), request=self.request._request)
            log.exception("api_fault", endpoint=self.label)
            told = Told(500, "fault", BROKEN)
        response = told.response()
        response.exception = True
        return response

    def finalize_response(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().finalize_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        # A browser that opens an address of the API saves the answer and never shows it as a page.
        response.headers["Content-Disposition"] = 'attachment; filename="api.json"'
        allowance = getattr(self, "allowance", None)
        for name, value in allowance.headers.items() if allowance else ():
            response.headers[name] = value
        return response

    def _operation(self, request: Request) -> Operation:
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method not in self.operations:
            raise exceptions.MethodNotAllowed(method)
        return self.operations[method]

    def _gated(self, request: Request, ids: Mapping[str, Any]) -> Call:
        if any("\0" in value for value in ids.values() if isinstance(value, str)):
            raise Http404
        key, plain = request.auth, dict(ids)
        clients = reachable_clients(key)
        if self.reach == "client":
            clients = clients.filter(slug=plain.pop("client"))
        found = tuple(clients)
        if self.reach == "client" and not found:
            raise Http404
        permission = self._operation(request).permission
        if not key.may(permission):
            raise PermissionDenied(
                f"This needs the scope “{permission.value}” ({permission.label}). An owner can"
                " create a key that has it."
            )
        structlog.contextvars.bind_contextvars(api_key=key.prefix)
        return Call(key, found, clock.now(), plain)

    def _scope(self) -> AbstractContextManager[None]:
        if self.reach == "client":
            return client_scope(self.call.client.pk)
        return portfolio_scope(client.pk for client in self.call.clients)


def client_endpoint(label: str, tag: str, **operations: Operation) -> Callable[..., Any]:
    """An address below `/api/v1/clients/<client>/`: `get=`, `post=` and `patch=` operations."""
    return _made("client", label, tag, operations)


def portfolio_endpoint(label: str, tag: str, **operations: Operation) -> Callable[..., Any]:
    """An address that reads every client the key reaches; Postgres refuses writes there."""
    return _made("portfolio", label, tag, operations)


def _made(
    reach: str, label: str, tag: str, operations: Mapping[str, Operation]
) -> Callable[..., Any]:
    by_method = {method.upper(): one for method, one in operations.items()}
    methods = [method.lower() for method in by_method] + (["head"] if "GET" in by_method else [])
    made: type[Endpoint] = type(
        f"{label.title().replace('_', '')}Endpoint",
        (Endpoint,),
        {
            "operations": by_method,
            "label": label,
            "tag": tag,
            "reach": reach,
            "http_method_names": methods,
            "__doc__": "",
        },
    )
    words = ",".join(f"{method}={one.permission.value}" for method, one in by_method.items())
    return stamp(made.as_view(), f"api-{reach}:{words}")


def _refuse_large(request: Request) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST:
        raise Problem(413, "too_large", f"Send at most {LARGEST // 1024:,} kB in one request.")
