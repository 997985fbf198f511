"""An import, its rows as they stood in the sheet, and everything that a row touched."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from authorizations.models import Authorization
from creators.models import Creator, Post
from profit.models import CreatorFee
from sparkops.isolation.models import ClientOwned


class Import(ClientOwned):
    """One pasted text or uploaded file.

    `source` is what came in, sealed, because it may hold Spark codes: a text as it is, a file in
    base64. `shape` is how its rows stand (`sheets.sheet.Kind`), `proposal` one field, reason and
    share per column. `layout` is a `rules.layout.Layout` once the columns were checked, `counts`
    the rows per result. `notes` are sentences about how the source was read.
    """

    class Kind(models.TextChoices):
        PASTE = "paste", "Pasted"
        CSV = "csv", "CSV file"
        XLSX = "xlsx", "Excel workbook"

    class State(models.TextChoices):
        DRAFT = "draft", "Columns to check"
        PREVIEWED = "previewed", "Ready to import"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        FAILED = "failed", "Failed"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    shape = models.CharField(max_length=8)
    source = models.BinaryField()
    sheet_name = models.CharField(max_length=200, blank=True)
    other_sheets = models.JSONField(default=list)
    headers = models.JSONField(default=list)
    proposal = models.JSONField(default=list)
    layout = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    empty_rows = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    problem = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    actor = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at", "-id"], name="import_newest"),
            models.Index(
                fields=["client", "state"],
                condition=Q(state__in=["running", "undoing"]),
                name="import_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        """Whether a worker still has rows of it to do or to undo."""
        return self.state in (self.State.RUNNING, self.State.UNDOING)


class ImportRow(ClientOwned):
    """One row of the source. Until `done_at` its result is a forecast.

    `cells` are sealed JSON (`rules.cells`); no other column ever holds a whole code. `remarks` say
    what could not be taken from it. `place` sorts what needs a look before the rest.
    """

    class Result(models.TextChoices):
        WAITING = "waiting", "Not read yet"
        CREATED = "created", "New"
        UPDATED = "updated", "Changed"
        UNCHANGED = "unchanged", "Known already"
        SKIPPED = "skipped", "Left out"
        REFUSED = "refused", "Refused"

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.BinaryField()
    is_record = models.BooleanField(default=True)
    repeats = models.PositiveIntegerField(null=True)
    result = models.CharField(max_length=10, choices=Result.choices, default=Result.WAITING)
    reason = models.TextField(blank=True)
    remarks = models.JSONField(default=list)
    place = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "batch", "number"], name="import_row_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "batch", "place", "id"], name="import_row_place"),
            models.Index(
                fields=["client", "batch", "number"],
                condition=Q(done_at=None),
                name="import_row_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.number} of {self.batch}"


class Touch(ClientOwned):
    """One thing that a row found, made or changed.

    Exactly one of the four references is set, until the thing is gone; `label` stays. `before` and
    `after` hold the fields that a change set, or what a new thing looked like, so that undo can
    tell whether anybody used it since.
    """

    class Verb(models.TextChoices):
        FOUND = "found", "Found"
        CREATED = "created", "Created"
        CHANGED = "changed", "Changed"

    row = models.ForeignKey(ImportRow, on_delete=models.CASCADE, related_name="touches")
    verb = models.CharField(max_length=8, choices=Verb.choices)
    label = models.CharField(max_length=200)
    creator = models.ForeignKey(Creator, on_delete=models.SET_NULL, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="+")
    authorization = models.ForeignKey(
        Authorization, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    creator_fee = models.ForeignKey(
        CreatorFee, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)
    kept = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "touches"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(creator=None, post=None, authorization=None)
                | Q(creator=None, post=None, creator_fee=None)
                | Q(creator=None, authorization=None, creator_fee=None)
                | Q(post=None, authorization=None, creator_fee=None),
                name="touch_of_one_thing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "row"], name="touch_row"),
            models.Index(fields=["client", "creator"], name="touch_creator"),
            models.Index(fields=["client", "post"], name="touch_post"),
            models.Index(fields=["client", "authorization"], name="touch_authorization"),
            models.Index(fields=["client", "creator_fee"], name="touch_fee"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.label}"
