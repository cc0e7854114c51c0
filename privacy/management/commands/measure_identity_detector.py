"""Prints how well identities are found."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from privacy.kinds import IdentityKind
from privacy.measure import LANGUAGES, SPLITS, Score, measure, read_sentences


class Command(BaseCommand):
    """Print precision and recall by split, language and kind, from sentences with invented identities."""

    help = "Prints how well identities are found: precision and recall by language and kind."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mistakes", action="store_true", help="also print each mistake outside `held`")

    def handle(self, *args: Any, **options: Any) -> None:
        sentences = read_sentences()
        scores = measure(sentences)
        kept_back = sum(sentence.split == "held" for sentence in sentences)
        self.stdout.write(f"{len(sentences)} sentences, {kept_back} of them kept back from tuning (held)")
        self.stdout.write(f"{'':28}{'precision':>10}{'recall':>8}{'found':>7}{'missed':>8}{'wrong':>7}")
        for split in (*SPLITS, "all"):
            for language in (*LANGUAGES, "all"):
                for kind in (*IdentityKind.values, "all"):
                    score = scores.get((split, language, kind), Score())
                    self.stdout.write(_line(f"{split:5}{language:4}{kind}", score))
                    if options["mistakes"] and split != "held":
                        self.stdout.writelines(f"    {mistake}\n" for mistake in score.mistakes)


def _line(name: str, score: Score) -> str:
    return (
        f"{name:28}{score.precision:10.3f}{score.recall:8.3f}{score.found:7}{score.missed:8}{score.wrong:7}"
    )
