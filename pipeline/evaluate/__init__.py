"""Figures of retrieval, measured on judged queries."""
