"""Input about comments under ads."""

from django import forms


class CommentFilters(forms.Form):
    waits = forms.ChoiceField(
        label="Shown", choices=(("", "All"), ("yes", "Waiting for an answer")), required=False
    )


class AnswerForm(forms.Form):
    text = forms.CharField(label="Answer", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class SettleForm(forms.Form):
    note = forms.CharField(label="How it was settled", max_length=300)
