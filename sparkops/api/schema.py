"""Endpoints as OpenAPI 3.1: everything is read from their operations."""

from typing import Any

from django import forms
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from sparkops.api.operations import MOST, PAGE_SIZE, Action, Detail, Listing, Operation
from sparkops.api.problems import MEDIA_TYPE
from sparkops.api.replies import HEADER
from sparkops.web.filters import filled_choices


class FieldErrorShape(serializers.Serializer):
    field = serializers.CharField(help_text="Path of the value, such as `cost.currency`.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemShape(serializers.Serializer):
    """Why a call was not done (RFC 9457)."""

    type = serializers.CharField(help_text="Where this kind of problem is described.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for people: what to do next.")
    code = serializers.CharField(help_text="The stable word for programs.")
    errors = FieldErrorShape(many=True)


class EndpointSchema(AutoSchema):
    """The schema of one operation."""

    @property
    def _operation(self) -> Operation:
        operation: Operation = self.view.operations[self.method]
        return operation

    def get_operation_id(self) -> str:
        operation = self._operation
        if isinstance(operation, Action):
            return self._action_id()
        return f"{'list' if isinstance(operation, Listing) else 'get'}_{self.view.label}"

    def _action_id(self) -> str:
        """An address that does one thing is named after it; others say what they add."""
        verb = "change" if self.method == "PATCH" else "add"
        alone = len(self.view.operations) == 1
        return str(self.view.label) if alone else f"{verb}_{self.view.label}"

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_summary(self) -> str:
        return self._operation.summary

    def get_description(self) -> str:
        lines = [line.strip() for line in self._operation.description.strip().splitlines()]
        return "\n".join(lines)

    def get_auth(self) -> list[dict[str, Any]]:
        return [{"key": []}]

    def get_extensions(self) -> dict[str, Any]:
        return {"x-scope": self._operation.permission.value}

    def get_override_parameters(self) -> list[Any]:
        operation = self._operation
        found = [_parameter(name, one) for name, one in operation.filters().fields.items()]
        if isinstance(operation, Listing):
            found += _paging(operation)
        if self.method == "POST":
            found.append(
                OpenApiParameter(
                    HEADER,
                    str,
                    OpenApiParameter.HEADER,
                    description="A name for this write. Sent again, it gets the same answer.",
                )
            )
        return found

    def get_request_serializer(self) -> Any:
        takes = self._operation.takes
        partial = isinstance(self._operation, Action) and self._operation.partial
        return takes(partial=partial) if takes else None

    def get_response_serializers(self) -> Any:
        operation = self._operation
        answers: dict[Any, Any] = {
            operation.status: OpenApiResponse(_envelope(operation), description="Done.")
        }
        told = {400: "It cannot be read.", 401: "No working key.", 403: "The scope is missing."}
        told |= {404: "There is no such thing here.", 429: "Too many calls in this minute."}
        if isinstance(operation, Action):
            told |= {413: "The body is too large.", 422: "The rules do not allow it."}
        for status, words in sorted(told.items()):
            answers[status, MEDIA_TYPE] = OpenApiResponse(ProblemShape, description=words)
        return answers

    def _get_serializer_name(
        self, serializer: Any, direction: Any, bypass_extensions: bool = False
    ) -> str:
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.removesuffix("Shape")

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def get_filter_backends(self) -> list[Any]:
        return []


def _envelope(operation: Operation) -> Any:
    """The shape of an answer: a thing itself, or rows under `data`."""
    name = operation.shape.__name__.removesuffix("Shape")
    if isinstance(operation, Listing):
        fields: dict[str, Any] = {
            "data": operation.shape(many=True),
            "next": serializers.CharField(
                allow_null=True, help_text="The cursor of the next page; null on the last one."
            ),
        }
        return type(f"{name}PageShape", (serializers.Serializer,), fields)
    if isinstance(operation, Detail | Action) and operation.many:
        return type(
            f"{name}sShape", (serializers.Serializer,), {"data": operation.shape(many=True)}
        )
    return operation.shape


def _paging(operation: Listing) -> list[OpenApiParameter]:
    size = {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE_SIZE}
    found = [
        OpenApiParameter("limit", size, description="Rows in a page."),
        OpenApiParameter("cursor", str, description="Where to go on: `next` of the page before."),
    ]
    if operation.sorts:
        words = sorted(operation.sorts)
        enum = [*words, *(f"-{word}" for word in words)]
        found.append(
            OpenApiParameter(
                "sort", str, enum=enum, description="A minus before it puts the largest first."
            )
        )
    return found


def _parameter(name: str, field: forms.Field) -> OpenApiParameter:
    label = str(field.label or name)
    told = f"{label}. {field.help_text}" if field.help_text else f"{label}."
    return OpenApiParameter(name, _type_of(field), required=field.required, description=told)


def _type_of(field: forms.Field) -> Any:
    if isinstance(field, forms.ModelChoiceField | forms.IntegerField):
        return {"type": "integer"}
    if isinstance(field, forms.BooleanField | forms.NullBooleanField):
        return {"type": "boolean"}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, forms.ChoiceField):
        return {"type": "string", "enum": filled_choices(field)}
    longest = getattr(field, "max_length", None)
    return {"type": "string", **({"maxLength": longest} if longest else {})}
