"""What the program says: the product on stdout, everything else on stderr.

Text from a CRM or a file name may hold control characters that would steer the terminal;
they are shown as a replacement sign.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.messages import Translate, translator
from connectors.errors import AuditorError

if TYPE_CHECKING:
    from auditor.structured_log import StructuredLog


@dataclass(frozen=True)
class Terminal:
    """The two streams of this process, in one language.

    Attributes:
        language: ``en`` or ``fr``.
        debug: Whether an internal error leaves its traceback in a file.
        log: Takes what would be said on stderr as events; None says it in words.
    """

    language: str = "en"
    debug: bool = False
    log: StructuredLog | None = None

    @property
    def translate(self) -> Translate:
        """The function that turns an English template into this language."""
        return translator(self.language)

    @property
    def is_watched(self) -> bool:
        """Whether a person looks at stderr, so that progress makes sense."""
        return self.log is None and sys.stderr.isatty()

    def say(self, template: str, **facts: object) -> None:
        """Print a sentence of the product."""
        self.show(self.translate(template).format(**facts))

    def show(self, text: str) -> None:
        """Print text that needs no translation, such as JSON, as it is."""
        try:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Who read our stdout has seen enough; the interpreter must not complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def tell(self, template: str, **facts: object) -> None:
        """Say something beside the product."""
        if self.log:
            self.log.told(template, facts)
            return
        sys.stderr.write(visible(self.translate(template).format(**facts)) + "\n")

    def fail(self, error: AuditorError) -> None:
        """Say what went wrong, where, and the next step."""
        if self.log:
            self.log.failed(error)
            return
        sys.stderr.write(visible(error.render(self.translate)) + "\n")


def visible(text: str) -> str:
    """Return text in which control and direction characters, but line breaks, show as U+FFFD."""
    return "".join(
        character
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf")
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def in_columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Return rows of cells as aligned lines."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        (
            indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
