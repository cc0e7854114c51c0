"""Refusals of a file as codes; `evidence.judging` has their sentences."""


class Refused(Exception):
    """The file is refused: `sentence` names the words for it, and `what` the kind or media type that they mention."""

    def __init__(self, sentence: str, what: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.what = sentence, what
