"""The expected "no"."""


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault
    """An action that the rules do not allow.

    `sentence` is shown to the person as it stands and says what to do next; `code` is the stable
    word that the API and tests use; `field` names the form field it belongs to, if any.
    """

    def __init__(self, code: str, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
