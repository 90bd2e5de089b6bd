"""The rates of a check within its groups: by stage and field as bars, people among each other.

People and teams stand in the order of their names or pseudonyms, never of their rates, each
beside the band that chance allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.judgement.people import FOLDED
from checks.results import CheckResult, GroupStat
from reports.sentences import group_label
from reports.svg import IntervalPlot, axis_end, bar_width, interval_plot, marks
from reports.wording import Wording

_FEWEST_IN_GROUP = 5
_MOST_GROUPS = 20
#: Dimensions whose groups must not be read as a ranking.
_OF_PEOPLE = ("owner", "team")


@dataclass(frozen=True)
class Group:
    """One group: its rate as text, and as a bar, or as a dot beside what is expected of it.

    Attributes:
        expected: The band that the rate is read against, as text.
        apart: Whether the rate lies outside that band; its dot is then filled.
    """

    label: str
    counts: str
    rate: str
    bar: float
    too_few: bool
    plot: IntervalPlot | None = None
    expected: str = ""
    apart: bool = False


@dataclass(frozen=True)
class Strip:
    """Many people as one mark each on a common axis, without names.

    Attributes:
        inside: Places of those within what chance allows.
        apart: Places of the others.
        usual: Place of the rate of all.
        text: What it shows, in words.
    """

    inside: list[float]
    apart: list[float]
    usual: float
    text: str


@dataclass(frozen=True)
class GroupTable:
    """The rates of a check along one dimension.

    Attributes:
        axis: Ends and middle of the common axis; empty for a table of bars.
        legend: How to read the picture.
        strip: Stands for the groups where there are too many people to list.
    """

    title: str
    groups: list[Group]
    left_out: str
    axis: list[str]
    legend: str
    strip: Strip | None = None


def group_tables(words: Wording, check: CheckResult) -> list[GroupTable]:
    """Return one table for each dimension of a check, people and teams on one axis."""
    end = axis_end(_extents([group for group in check.groups if group.expected is not None]))
    found: dict[str, list[GroupStat]] = {}
    for group in check.groups:
        found.setdefault(group.dimension, []).append(group)
    return [
        _table(words, dimension, groups, end, _title(words, dimension, groups, check))
        for dimension, groups in found.items()
    ]


def _title(words: Wording, dimension: str, groups: Sequence[GroupStat], check: CheckResult) -> str:
    """Return what is compared, and of which field or definition where a check has several."""
    key = f"group.{dimension}"
    if dimension == "field" and any(group.of for group in check.groups):
        key = "group.field_empty"
    title = words.either(key, words("group.other"))
    of = groups[0].of
    if of is None:
        return title
    told = next((one for one in check.groups if one.key == of and one.of is None), None)
    what = group_label(words, told) if told else words.either(f"group_key.{of}", "")
    if not what:
        return title
    is_field = told is not None and told.dimension == "field"
    return words("group.of_field" if is_field else "group.of", title=title, what=what)


def _extents(groups: Sequence[GroupStat]) -> list[float]:
    return [
        value
        for group in groups
        for value in (group.rate, group.expected, group.hi, group.ci_hi)
        if value is not None
    ]


def _table(
    words: Wording, dimension: str, groups: Sequence[GroupStat], end: float, title: str
) -> GroupTable:
    compared = [group for group in groups if group.expected is not None]
    axis = [words.numbers.percent(share) for share in (0.0, end / 2, end)] if compared else []
    legend = ""
    if compared:
        legend = words("group.legend_people" if _has_bands(compared) else "group.legend_promised")
    if dimension in _OF_PEOPLE:
        groups = sorted(groups, key=lambda one: (one.key == FOLDED, one.label, one.key))
        if len(groups) > _MOST_GROUPS and compared:
            strip = _strip(words, compared, end)
            return GroupTable(title, [], "", axis, words("group.legend_strip"), strip)
    left_out = len(groups) - _MOST_GROUPS
    return GroupTable(
        title=title,
        groups=[_group(words, group, end) for group in groups[:_MOST_GROUPS]],
        left_out=words.plural("group.left_out", left_out) if left_out > 0 else "",
        axis=axis,
        legend=legend,
    )


def _has_bands(groups: Sequence[GroupStat]) -> bool:
    """Return whether rates are read against a band of what is expected, or against one value."""
    return any(group.ci_lo is not None for group in groups)


def _group(words: Wording, group: GroupStat, end: float) -> Group:
    too_few = group.n_eligible < _FEWEST_IN_GROUP or group.rate is None
    counts = words("check.counts", failed=group.k_defect, examined=group.n_eligible)
    label = group_label(words, group)
    if too_few or group.rate is None:
        return Group(label, counts, words("group.too_few"), 0.0, too_few=True)
    rate = words.numbers.percent(group.rate)
    if group.expected is None or group.lo is None or group.hi is None:
        return Group(label, counts, rate, bar_width(group.rate), too_few=False)
    has_band = group.ci_lo is not None
    band = (group.lo, group.hi) if has_band else (group.expected, group.expected)
    own = (group.ci_lo, group.ci_hi) if has_band else (group.lo, group.hi)
    return Group(
        label=label,
        counts=counts,
        rate=rate,
        bar=0.0,
        too_few=False,
        plot=interval_plot(group.rate, *own, band, end),
        expected=words.numbers.percent_range(*band)
        if has_band
        else words.numbers.percent(group.expected),
        apart=_is_apart(group, has_band=has_band),
    )


def _is_apart(group: GroupStat, *, has_band: bool) -> bool:
    if group.lo is None or group.hi is None or group.rate is None or group.expected is None:
        return False
    read = group.rate if has_band else group.expected
    return not group.lo <= read <= group.hi


def _strip(words: Wording, groups: Sequence[GroupStat], end: float) -> Strip:
    enough = [group for group in groups if group.n_eligible >= _FEWEST_IN_GROUP]
    apart = [group for group in enough if _is_apart(group, has_band=_has_bands([group]))]
    above = sum((group.rate or 0) > (group.expected or 0) for group in apart)
    return Strip(
        inside=marks((one.rate or 0.0 for one in enough if one not in apart), end),
        apart=marks((one.rate or 0.0 for one in apart), end),
        usual=marks([groups[0].expected or 0.0], end)[0],
        text=words(
            "group.strip",
            people=len(enough),
            inside=len(enough) - len(apart),
            above=above,
            below=len(apart) - above,
        ),
    )
