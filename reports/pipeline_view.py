"""The pipeline as it is said, and as it is once the deals that no longer move are taken out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from checks.blocks import PipelineBlock, PipelineSum
from checks.results import AuditResult, State
from reports.missing import why_missing
from reports.numbers import as_decimal
from reports.record_text import cell_text
from reports.svg import bar_width
from reports.wording import Wording

#: Checks that tell which deals no longer move.
_ZOMBIES, _STALLED = "zombie-deal", "stalled-open-deal"
_MOST_STAGES = 12


@dataclass(frozen=True)
class PipelineRow:
    """One sum as a bar within the bar of what the CRM states.

    Attributes:
        said: Width of what is stated, in percent of the widest.
        alive: Width of what is left.
        cells: The figures, as the table's headings name them.
    """

    label: str
    said: float
    alive: float
    cells: list[str]


@dataclass(frozen=True)
class PipelineTable:
    """Bars with their figures."""

    caption: str
    headings: list[str]
    rows: list[PipelineRow]


@dataclass(frozen=True)
class PipelineView:
    """Both pipelines: all deals step by step, and the same by stage.

    Attributes:
        figure: What is left, in money or deals.
        missing: What could not be told, and what switches it on.
    """

    figure: str
    sentence: str
    tables: list[PipelineTable]
    left_out: str
    missing: list[str]


def pipeline_view(words: Wording, result: AuditResult) -> PipelineView | str:
    """Return both pipelines, or that no deal is open."""
    block = result.pipeline
    if block is None:
        return words("pipeline.none")
    rest = block.without_stalled
    tables = [_steps(words, result, block)]
    hidden = 0
    if rest is not None:
        hidden = max(len(block.stages) - _MOST_STAGES, 0)
        tables.append(_stages(words, block))
    return PipelineView(
        figure=_figure(words, block, rest) if rest else "",
        sentence=_sentence(words, block, rest) if rest else "",
        tables=tables,
        left_out=words.plural("group.left_out", hidden) if hidden else "",
        missing=_missing(words, result, block),
    )


def _steps(words: Wording, result: AuditResult, block: PipelineBlock) -> PipelineTable:
    """Return all deals, those that are no zombies, those that move."""
    stalled = block.without_stalled if _is_seen(result, _STALLED) else None
    steps = (
        ("as_said", block.as_said),
        ("without_zombies", block.without_zombies),
        ("without_stalled", stalled),
    )
    widest = _size(block.as_said)
    return PipelineTable(
        caption=words("pipeline.steps"),
        headings=[words("pipeline.deals_heading"), words("pipeline.amount")],
        rows=[
            PipelineRow(
                label=words(f"pipeline.{name}"),
                said=_width(block.as_said, widest),
                alive=_width(one, widest),
                cells=[words.numbers.integer(one.deals), _money(words, block, one)],
            )
            for name, one in steps
            if one is not None
        ],
    )


def _stages(words: Wording, block: PipelineBlock) -> PipelineTable:
    widest = max((_size(one.as_said) for one in block.stages), default=Decimal(0))
    headings = ("deals_pair", "said", "left")
    return PipelineTable(
        caption=words("pipeline.stages"),
        headings=[words(f"pipeline.{heading}") for heading in headings],
        rows=[
            PipelineRow(
                label=cell_text(one.stage, 60) if one.stage else words("pipeline.no_stage"),
                said=_width(one.as_said, widest),
                alive=_width(one.alive, widest),
                cells=[
                    words("check.counts", failed=one.alive.deals, examined=one.as_said.deals),
                    _money(words, block, one.as_said),
                    _money(words, block, one.alive),
                ],
            )
            for one in block.stages[:_MOST_STAGES]
        ],
    )


def _is_seen(result: AuditResult, check_id: str) -> bool:
    unseen = (State.NOT_OBSERVABLE, State.ERROR)
    return any(one.check_id == check_id and one.state not in unseen for one in result.checks)


def _size(one: PipelineSum) -> Decimal:
    """Return what a bar is as long as: the amount, or the deals where amounts cannot be added."""
    return as_decimal(one.amount) or Decimal(0) if one.amount is not None else Decimal(one.deals)


def _figure(words: Wording, block: PipelineBlock, rest: PipelineSum) -> str:
    if rest.amount is None:
        return words.plural("pipeline.deals", rest.deals)
    return words.numbers.money_short(rest.amount, block.currency)


def _sentence(words: Wording, block: PipelineBlock, rest: PipelineSum) -> str:
    said = _size(block.as_said)
    share = words.numbers.percent(float(_size(rest) / said) if said else None)
    facts = {
        "said": _figure(words, block, block.as_said),
        "deals": block.as_said.deals,
        "share": share,
        "gone": block.as_said.deals - rest.deals,
    }
    return words("pipeline.sentence" if block.without_zombies else "pipeline.sentence_age", **facts)


def _width(one: PipelineSum, widest: Decimal) -> float:
    return bar_width(float(_size(one) / widest)) if widest else 0.0


def _money(words: Wording, block: PipelineBlock, one: PipelineSum) -> str:
    return words.numbers.money_short(one.amount, block.currency)


def _missing(words: Wording, result: AuditResult, block: PipelineBlock) -> list[str]:
    found = []
    if block.without_zombies is None:
        reason = why_missing(words, result, _ZOMBIES)
        found.append(words("pipeline.no_zombies", reason=reason))
    if not _is_seen(result, _STALLED):
        reason = why_missing(words, result, _STALLED)
        found.append(words("pipeline.no_stalled", reason=reason))
    if block.as_said.amount is None:
        found.append(words("pipeline.several_currencies"))
    return found
