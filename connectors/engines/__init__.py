"""The engines that the checks run on; DuckDB today."""
