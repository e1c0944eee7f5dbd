"""Recommendations: from the rows a visitor likes, dislikes and has seen to ranked rows. No web, no database."""

from indexes.recommend.rank import STRATEGIES, Recommender, Taste, Wish
from indexes.recommend.space import Space

__all__ = ["STRATEGIES", "Recommender", "Space", "Taste", "Wish"]
