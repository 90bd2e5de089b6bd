"""Differences between people, told from chance: pure functions of counts, numpy and scipy only."""
