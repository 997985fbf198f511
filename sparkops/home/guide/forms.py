"""What the first request asks: the questions of every request, and about which posts."""

from typing import Any

from django import forms

from creators.models import Post
from sparkops.renewals.forms import AskForm


class FirstRequestForm(AskForm):
    """Posts of `offered` to ask about, and what is asked for."""

    field_order = ("posts", "days", "price", "language")

    posts = forms.ModelMultipleChoiceField(
        label="Posts",
        queryset=Post.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one post to ask about."},
    )

    def __init__(self, *args: Any, offered: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["posts"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        rows = Post.objects.select_related("creator").order_by("-published_at", "-pk")
        field.queryset = rows.filter(pk__in=[one.pk for one in offered])
        field.label_from_instance = _label
        field.initial = [one.pk for one in offered[:1]]


def _label(post: Post) -> str:
    return f"{post.creator}: {post}"
