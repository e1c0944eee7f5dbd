"""Nearest neighbours by inner product: a FAISS index of unit vectors, memory-mapped, with an optional row filter."""

from indexes.vectors.index import FEW, HEAD, Built, VectorIndex

__all__ = ["FEW", "HEAD", "Built", "VectorIndex"]
