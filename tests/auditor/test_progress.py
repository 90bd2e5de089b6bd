"""What a measurement of the stages tells."""

from __future__ import annotations

from auditor.progress import Stopwatch


def test_a_stage_within_another_counts_for_itself_alone() -> None:
    ticks = iter((0.0, 10.0, 14.0, 20.0))  # judgement begins, statistics begin, end, it ends
    watch = Stopwatch(lambda: next(ticks))
    with watch.stage("judgement"), watch.stage("statistics"):
        pass
    assert watch.seconds == {"judgement": 16.0, "statistics": 4.0}


def test_a_stage_adds_up_what_it_does_in_several_turns() -> None:
    ticks = iter((0.0, 1.0, 5.0, 8.0))
    watch = Stopwatch(lambda: next(ticks))
    for _ in range(2):
        with watch.stage("checks"):
            pass
    assert watch.seconds == {"checks": 4.0}
