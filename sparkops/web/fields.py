"""Form fields that more than one page has."""

from typing import Any

from django import forms


class DayStepsField(forms.CharField):
    """Days before an end, written as "21, 14, 7". Cleaned to whole days, the longest first."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[int]:
        """Raises ValidationError unless all are whole numbers from 1 to 365."""
        try:
            days = sorted({int(part) for part in super().clean(value).split(",")})
        except ValueError as error:
            raise forms.ValidationError(
                "Write whole numbers of days separated by commas, such as 21, 14, 7, 3, 1."
            ) from error
        if not days or days[0] < 1 or days[-1] > 365:
            raise forms.ValidationError("Use between 1 and 365 days.")
        return days[::-1]
