"""Audit rows. They keep labels and ids instead of foreign keys, so they outlive their subjects."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from sparkops.isolation.models import ClientOwned


class Event(ClientOwned):
    """Something that was done within a client. Insert and read only, enforced by grants."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    label = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "-at", "-id"], name="audit_newest"),
            models.Index(
                fields=["client", "subject_type", "subject_id", "-at"], name="audit_subject"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.label}"


class Change(ClientOwned):
    """What a field of an object was and became, as JSON; the newest line of a field is its value.

    Unlike the log it holds contact data, is read with the permission of the field itself, and a
    line can be erased when a person asks for that.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=60)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["client", "subject_type", "subject_id", "field", "-id"],
                name="change_of_field",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} changed {self.field}"


class OrganizationEvent(models.Model):
    """Something that was done to an organization itself: members, roles, clients."""

    organization_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization_id", "-at", "-id"], name="audit_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.label}"
