"""The ``answers.yaml`` that ``auditor interview`` writes: twelve questions, nothing filled in.

Whoever asks may read it out in any language of the product: every comment stands in all of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from checks.interview.questions import Choice, Question, file_words, interview

_WIDTH = 98


def answers_texts(target: Path, *, reps: int, each: bool) -> dict[Path, str]:
    """Return the text of every file to write.

    Args:
        target: The file; with ``each``, the pattern of their names: ``answers.rep_1.yaml``.
        reps: Salespeople who will answer.
        each: Whether every respondent gets a file with the questions for their role alone.
    """
    people = ["director", "manager", *(f"rep_{number}" for number in range(1, reps + 1))]
    if not each:
        return {target: _text(people)}
    return {
        target.with_name(f"{target.stem}.{person}{target.suffix}"): _text([person])
        for person in people
    }


def _text(people: Sequence[str]) -> str:
    words = file_words()
    headings = [[*_comment(heading)] for heading in words.heading.values()]
    lines = [line for heading in headings for line in (*heading, "#")][:-1]
    lines += ["", *(line for day in words.day.values() for line in _comment(day))]
    lines += ["answered_on:", "", "answers:"]
    for number, question in enumerate(interview(), start=1):
        if respondents := [person for person in people if _role(person) in question.ask]:
            lines += ["", *_question(number, question), f"  {question.id}:"]
            lines += [f"    {person}:" for person in respondents]
    if typing := [person for person in people if _role(person) == "rep"]:
        lines += ["", *(line for text in words.delete.values() for line in _comment(text))]
        lines += ["fields_to_delete:", *(f"  {person}:" for person in typing)]
    return "\n".join(lines) + "\n"


def _question(number: int, question: Question) -> Iterator[str]:
    """Yield the question in all languages: what to ask, whom, what for, the words to type."""
    words = file_words()
    lead = f"{number}. "
    for language, text in question.text.items():
        yield from _comment(text, lead=lead, indent="  ")
        lead = " " * len(lead)
        who = ", ".join(words.roles[role][language] for role in question.ask)
        about = words.about[language].format(who=who, what=question.decides[language])
        yield from _comment(about, lead=lead, indent="  ")
        for line in _choices(question.choices, language):
            yield from _comment(line, lead=lead, indent="  ")


def _choices(choices: Sequence[Choice], language: str) -> Iterator[str]:
    """Yield a line a choice; those that explain themselves share the last one."""
    plain = []
    for choice in choices:
        word, text = choice.words[language], choice.shown()[language]
        if choice.level is None or text.replace(" ", "_") == word:
            plain.append(f"[{word}]")
        else:
            yield f"[{word}] {text}"
    yield " ".join(plain)


def _comment(text: str, lead: str = "", indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"{indent}# {lead}",
        subsequent_indent=f"{indent}# {' ' * len(lead)}",
        break_on_hyphens=False,
    )


def _role(person: str) -> str:
    return person.partition("_")[0]
