"""Asking: each repair is shown and decided on, over a plain terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, TextIO

from linter.records import dataclass, field

if TYPE_CHECKING:
    from linter.engine.findings import Finding
    from linter.fix.planning import Decide
    from linter.sources.text import File

DECLINED = "it was declined"
ENDED = "the questions were ended before it"


class Answer(Enum):
    """What becomes of a repair."""

    YES = "y"
    NO = "n"
    ALL = "a"
    QUIT = "q"


Texts = Sequence[tuple["File", "str | None"]]
"""The files that a repair would change, and what they would read; None for one that would go."""

Asker = Callable[["Finding", Texts], Answer]


@dataclass(slots=True)
class Memory:
    """What was answered so far: nobody is asked the same twice."""

    answered: dict[str, bool] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)
    ended: bool = False

    def decider(self, asker: Asker) -> Decide:
        """Return the function that says why a repair is not made, or nothing."""

        def decide(finding: Finding, texts: Texts) -> str:
            known = self.answered.get(finding.fingerprint)
            if known is None and finding.rule in self.rules:
                known = True
            if known is None and self.ended:
                return ENDED
            if known is None:
                known = self._ask(asker, finding, texts)
            return "" if known else (ENDED if self.ended else DECLINED)

        return decide

    def _ask(self, asker: Asker, finding: Finding, texts: Texts) -> bool:
        answer = asker(finding, texts)
        if answer is Answer.QUIT:
            self.ended = True
            return False
        if answer is Answer.ALL:
            self.rules.add(finding.rule)
        agreed = answer is not Answer.NO
        self.answered[finding.fingerprint] = agreed
        return agreed


@dataclass(frozen=True, slots=True)
class TerminalAsker:
    """Asks on a terminal: what is wrong, what would change, yes or no."""

    answers: TextIO
    screen: TextIO

    def __call__(self, finding: Finding, texts: Texts) -> Answer:
        """Show one repair and return what the person says; the end of input ends the questions."""
        from linter.fix.difference import difference_of
        from linter.report.concise import line
        from linter.report.visible import prose

        self.screen.write(f"\n{line(finding)}\n")
        if finding.fix is not None:
            self.screen.write(f"fix: {prose(finding.fix.description)}\n")
        for file, new in texts:
            self.screen.write(difference_of(file.name, file.text, new))
        question = f"Apply it? [y]es, [n]o, [a]ll of {finding.rule}, [q]uit: "
        while True:
            self.screen.write(question)
            self.screen.flush()
            said = self.answers.readline()
            if not said:
                self.screen.write("\n")
                return Answer.QUIT
            word = said.strip().lower()
            for answer in Answer:
                if word and word in {answer.value, answer.name.lower()}:
                    return answer


def can_ask(answers: TextIO | None, screen: TextIO | None) -> bool:
    """Say whether somebody sits at the other end of both streams."""
    return all(stream is not None and stream.isatty() for stream in (answers, screen))
