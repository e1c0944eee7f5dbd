"""Benchmarks: each answers one question, prints a table, and runs on its own as `python -m bench.NAME`."""
