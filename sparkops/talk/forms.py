"""Input of comments and tasks."""

from django import forms
from django.db.models import QuerySet

from sparkops.accounts.models import User
from sparkops.talk.models import Comment


class SayForm(forms.Form):
    """A comment, perhaps an answer to another of the same object."""

    text = forms.CharField(
        label="Comment",
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write something first."},
    )
    reply_to = forms.ModelChoiceField(
        queryset=Comment.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: object, comments: QuerySet[Comment] | None = None, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["reply_to"]
        assert isinstance(field, forms.ModelChoiceField)
        if comments is not None:
            field.queryset = comments


class TaskForm(forms.Form):
    """Who looks after it, until when."""

    assignee = forms.ModelChoiceField(
        label="Assignee", queryset=User.objects.none(), required=False, empty_label="Nobody"
    )
    due_on = forms.DateField(
        label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: object, team: list[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["assignee"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(pk__in=[one.pk for one in team]).order_by("name", "pk")


class TaskFilters(forms.Form):
    """Filters of the list of tasks."""

    q = forms.CharField(label="Find a task", required=False, max_length=100)
