"""Input about single sign-on."""

import re

from django import forms


class ProviderForm(forms.Form):
    """An organization's provider. The secret is never filled in again."""

    name = forms.CharField(
        label="Name", max_length=40, help_text="What people know it by, such as “North Okta”."
    )
    issuer = forms.CharField(
        label="Issuer",
        max_length=300,
        help_text="Begins with https://. The provider's configuration is read below it.",
    )
    app_id = forms.CharField(label="Client ID", max_length=191)
    secret = forms.CharField(
        label="Client secret",
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    domains = forms.CharField(
        label="E-mail domains",
        max_length=2_000,
        help_text="Whose addresses it speaks for, such as example.com, example.org. An owner needs"
        " a confirmed address in each.",
    )

    def __init__(self, *args: object, has_secret: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if has_secret:
            self.fields["secret"].required = False
            self.fields["secret"].help_text = "Leave it empty to keep the one that is there."

    def clean_domains(self) -> list[str]:
        """Each domain once, in lower case, without an @ before it."""
        words = re.split(r"[\s,;]+", self.cleaned_data["domains"].lower())
        return sorted({word.lstrip("@").rstrip(".") for word in words if word.strip("@.")})


class CompanyForm(forms.Form):
    """Whose company to ask."""

    email = forms.EmailField(
        label="Work e-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class ConfirmForm(forms.Form):
    """The password of SparkOps, once."""

    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
