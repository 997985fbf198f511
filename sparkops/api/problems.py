"""Errors as `application/problem+json` (RFC 9457), in the product's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from rest_framework import exceptions
from rest_framework.response import Response

from sparkops.errors import Refusal

MEDIA_TYPE = "application/problem+json"
TITLES = {
    HTTPStatus.BAD_REQUEST: "This request cannot be read",
    HTTPStatus.UNAUTHORIZED: "No working key",
    HTTPStatus.FORBIDDEN: "This key may not do that",
    HTTPStatus.NOT_FOUND: "There is no such thing here",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not do that",
    HTTPStatus.NOT_ACCEPTABLE: "Answers are JSON",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This request is too large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Requests are JSON",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The rules do not allow that",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke here",
}
NOT_FOUND = "There is no such thing among what this key reaches. Check the address and the ids."
BROKEN = "The fault is noted. Nothing was changed; try again later."


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; `field` is a dotted path such as `amount.currency`."""

    field: str
    code: str
    detail: str


class Problem(Exception):  # noqa: N818 - it is an answer, not a fault
    """An answer that stops a call. `code` is the stable word, `detail` says what to do next."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.told = Told(status, code, detail, tuple(errors), dict(headers or {}))


@dataclass(frozen=True)
class Told:
    """The content of a problem answer."""

    status: int
    code: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        return {
            "type": f"{settings.SITE_URL}{reverse('api-reference')}#problem-{self.status}",
            "title": TITLES[HTTPStatus(self.status)],
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": [
                {"field": one.field, "code": one.code, "detail": one.detail} for one in self.errors
            ],
        }

    def response(self) -> Response:
        return Response(
            self.content, status=self.status, content_type=MEDIA_TYPE, headers=self.headers
        )


def told_of(error: Exception) -> Told | None:
    """The answer to an expected error; None for a fault."""
    if isinstance(error, Problem):
        return error.told
    if isinstance(error, Refusal):
        return _of_refusal(error)
    if isinstance(error, exceptions.ValidationError):
        errors = tuple(_field_errors(error.get_full_details()))
        return Told(422, "invalid", _sentence(errors), errors)
    if isinstance(error, Http404 | exceptions.NotFound):
        return Told(404, "not_found", NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return Told(403, "permission_denied", str(error))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _of_refusal(refusal: Refusal) -> Told:
    errors: tuple[FieldError, ...] = ()
    if refusal.field:
        errors = (FieldError(refusal.field, refusal.code, refusal.sentence),)
    return Told(422, refusal.code, refusal.sentence, errors)


def _of_framework(error: exceptions.APIException) -> Told:
    details = {
        exceptions.ParseError: "The body is not valid JSON.",
        exceptions.NotAcceptable: "Ask for application/json.",
        exceptions.UnsupportedMediaType: "Send the body as application/json.",
        exceptions.MethodNotAllowed: "Use one of the methods that the reference lists.",
    }
    headers = {}
    allow = getattr(error, "allow", "")
    if allow:
        headers["Allow"] = allow
    detail = details.get(type(error), str(error.detail))
    return Told(error.status_code, error.default_code, detail, (), headers)


def _field_errors(details: Any, path: str = "") -> Iterable[FieldError]:
    if isinstance(details, dict) and "message" in details and "code" in details:
        yield FieldError(path, str(details["code"]), str(details["message"]))
    elif isinstance(details, dict):
        for name, inner in details.items():
            plain = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, ".".join(filter(None, (path, plain))))
    elif isinstance(details, list):
        for inner in details:
            yield from _field_errors(inner, path)


def _sentence(errors: tuple[FieldError, ...]) -> str:
    if len(errors) == 1 and errors[0].field:
        return f"{errors[0].field}: {errors[0].detail}"
    return errors[0].detail if len(errors) == 1 else f"{len(errors)} values need a look."
