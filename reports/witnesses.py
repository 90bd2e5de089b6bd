"""What an answer of the audit rests on, in words: checks with their figures, people by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.interview.questions import interview
from checks.results import AuditResult, CheckResult, State
from checks.system import AnsweredQuestion, Basis, GivenAnswer, Witness, Wordings
from reports.record_text import cell_text
from reports.sentences import check_text
from reports.wording import Wording

#: States in which a check has a section of its own on the page.
_SHOWN = (State.PRESENT, State.EMERGING, State.INCONCLUSIVE)
_LONGEST = 300
_MOST_UNSEEN = 3


@dataclass(frozen=True)
class Ground:
    """One sentence that an answer rests on; ``anchor`` leads to its check."""

    text: str
    anchor: str | None = None


class Witnesses:
    """The witnesses of a result, and how the page words them.

    Args:
        words: Language of the page.
        result: What the audit found.
    """

    def __init__(self, words: Wording, result: AuditResult) -> None:
        self._words = words
        self._checks = {check.check_id: check for check in result.checks}
        declared = result.declared
        self._answers = {one.question_id: one for one in declared.questions} if declared else {}

    def check(self, check_id: str) -> CheckResult | None:
        """Return a check of the result, or None."""
        return self._checks.get(check_id)

    def title(self, check_id: str) -> str:
        """Return the title of a check; its id where the result does not hold it."""
        check = self._checks.get(check_id)
        return check_text(self._words, check, "title") if check else cell_text(check_id, _LONGEST)

    def question(self, question_id: str) -> str:
        """Return an answered question; its id where the result does not hold it."""
        answered = self._answers.get(question_id)
        return worded(self._words, answered.text) if answered else cell_text(question_id, _LONGEST)

    def grounds(self, witnesses: Sequence[Witness]) -> list[Ground]:
        """Return one sentence for each witness that says something."""
        return [
            ground
            for witness in witnesses
            if witness.says != "undecided" and (ground := self._ground(witness)) is not None
        ]

    def wanted(self, unseen: Sequence[str]) -> list[str]:
        """Return what would tell more: questions to ask, and checks that could not be measured."""
        questions = [worded(self._words, one.text) for one in interview() if one.id in unseen]
        sentences = [self._words("basis.ask", question=question) for question in questions]
        titles = [self.title(check_id) for check_id in unseen if check_id in self._checks]
        if titles:
            shown = " · ".join(titles[:_MOST_UNSEEN])
            sentences.append(self._words("basis.unseen", checks=shown))
        return sentences

    def sentence(self, check_id: str) -> Ground:
        """Return what a check says of itself, with the way to its section of the page."""
        check = self._checks.get(check_id)
        if check is None:
            return Ground(cell_text(check_id, _LONGEST))
        part = "pass" if check.state is State.ABSENT else "fail"
        text = check_text(self._words, check, part) or check_text(self._words, check, "title")
        return Ground(text, check.check_id if check.state in _SHOWN else None)

    def basis(self, basis: Basis | None, *, contradicted: bool) -> str:
        """Return what an answer rests on, and whether records and people contradict each other."""
        if contradicted:
            return self._words("basis.contradicted")
        return self._words(f"basis.{basis}") if basis else ""

    def replies(self, question: AnsweredQuestion) -> str:
        """Return what each role answered to a question, on one line."""
        return " · ".join(self._reply(given) for given in question.given)

    def heard(self, question: AnsweredQuestion) -> str:
        """Return a question with what each role answered."""
        return f"{worded(self._words, question.text)} {self.replies(question)}"

    def _ground(self, witness: Witness) -> Ground | None:
        if witness.kind == "answer":
            answered = self._answers.get(witness.id)
            return Ground(self.heard(answered)) if answered else None
        return self.sentence(witness.id) if witness.id in self._checks else None

    def _reply(self, given: GivenAnswer) -> str:
        facts = {
            "who": self._words(f"respondent.{given.role}"),
            "reply": worded(self._words, given.text),
        }
        if given.people == 1:
            return self._words("answers.reply", **facts)
        return self._words("answers.reply_of_several", count=given.people, **facts)


def worded(words: Wording, texts: Wordings) -> str:
    """Return a text that the result holds in several languages: the page's, else English."""
    text = texts.get(words.language) or texts.get("en", "")
    return words.unbroken(cell_text(text, _LONGEST))
