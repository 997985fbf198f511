"""What the first request asks: the questions of every request, and about which posts."""

from typing import Any

from django import forms

from creators.models import Post
from sparkops.renewals.forms import AskForm


class PostsField(forms.ModelMultipleChoiceField):
    """Posts, each under its creator's name."""

    def label_from_instance(self, obj: Post) -> str:
        return f"{obj.creator}: {obj}"


class FirstRequestForm(AskForm):
    """Posts of `offered` to ask about, and what is asked for."""

    field_order = ("posts", "days", "price", "language")

    posts = PostsField(
        label="Posts",
        queryset=Post.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one post to ask about."},
    )

    def __init__(self, *args: Any, offered: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["posts"]
        assert isinstance(field, PostsField)
        rows = Post.objects.select_related("creator").order_by("-published_at", "-pk")
        field.queryset = rows.filter(pk__in=[one.pk for one in offered])
        field.initial = [one.pk for one in offered[:1]]
