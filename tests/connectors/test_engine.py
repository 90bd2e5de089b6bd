"""The engine: what a second connection shares with the first."""

from datetime import date

from connectors.engines.duckdb import Engine


def test_a_second_connection_counts_days_on_the_same_clock_even_after_the_lock(tmp_path):
    engine = Engine(tmp_path)
    engine.use_time_zone("Europe/Paris")
    engine.lock(tmp_path)

    beside = engine.beside()

    day = beside.value("select day_of(timestamp '2026-10-29 23:30:00')")
    assert day == date(2026, 10, 30)
