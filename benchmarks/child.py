"""Where every child process starts: `python -m benchmarks.child MODULE FACTS.json [ARGUMENT …]`.

The module defines one of two functions, which get the facts as a dictionary and the arguments as texts:

- `main(facts, *arguments)` returns a result that JSON can hold. It is printed as one line.
- `answers(facts, *arguments)` returns functions by name. The child prints `null` when it is ready, then reads requests,
  `["name", {"argument": value}]`, one a line, and prints what the named function returns, until its input ends.

Whatever else the code prints goes to the standard error output, so that it cannot be taken for an answer.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

import django

Act = Callable[[], object]


def main(module_name: str, facts_file: Path, *arguments: str) -> None:
    """Run the module's `main`, or serve its `answers` until the input ends."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    django.setup()
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    module = import_module(module_name)
    if hasattr(module, "main"):
        print(json.dumps(module.main(facts, *arguments)), file=replies, flush=True)
        return
    functions: Mapping[str, Callable[..., object]] = module.answers(facts, *arguments)
    print(json.dumps(None), file=replies, flush=True)
    for line in sys.stdin:
        name, values = json.loads(line)
        print(json.dumps(functions[name](**values)), file=replies, flush=True)


def in_turns(*acts: Act, is_warm: bool = False) -> Callable[[int], list[list[float]]]:
    """Return a function that runs all acts so many times and returns the milliseconds of each, in their order.

    Each goes first as often as last. The first turn, after a pause, is not counted, unless what is measured `is_warm`.
    """

    def timed(times: int) -> list[list[float]]:
        taken: list[list[float]] = [[] for _act in acts]
        turns = list(zip(acts, taken, strict=True))
        uncounted = 0 if is_warm else 1
        for number in range(times + uncounted):
            for act, milliseconds in turns if number % 2 else reversed(turns):
                took = milliseconds_of(act)
                if number >= uncounted:
                    milliseconds.append(took)
        return taken

    return timed


def milliseconds_of(act: Act) -> float:
    """Run a function and return how many milliseconds it took."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1_000


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
