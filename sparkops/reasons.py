"""Why something a person gave could not be taken: data that travels with the row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A value that was not taken, and why.

    `sentence` is shown as it stands and says what to do next; `code` is the stable word that
    lists, the API and tests use. A reason is returned beside the good rows; `Refusal` stops a
    whole action.
    """

    code: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence
