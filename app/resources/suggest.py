"""`/suggest`."""

from flask import Response, render_template, request

from app.answer import as_json, wants_page
from app.query import SearchQuery, SuggestQuery
from app.resources.base import ServiceResource
from indexes.text.suggestions import Suggestion
from indexes.words import all_words

_MINUTES = 5  # that a browser may keep an answer: a visitor types the same letters again and again


class SuggestResource(ServiceResource):
    """Names to search for while typing."""

    def get(self) -> Response:
        """Artists, titles, genres and collections with a word that begins as `q`; without `q`, those of most works.

        As HTML, the options of a `<datalist>`.
        """
        query = SuggestQuery.read(request.args)
        found = self.service.loader.current().text.suggestions.starting(query.q or "", query.size)
        body = {"query": query.to_json(), "suggestions": [_shown(suggestion) for suggestion in found]}
        response = Response(render_template("_suggestions.html", **body)) if wants_page() else as_json(body)
        response.headers["Vary"] = "Accept"
        response.headers["Cache-Control"] = f"public, max-age={_MINUTES * 60}"
        return response


def _shown(suggestion: Suggestion) -> dict[str, str | int]:
    """A suggestion and its address: a title is searched for as a phrase, the others are filters."""
    if suggestion.kind == "title":
        url = SearchQuery(q=f'"{" ".join(all_words(suggestion.text))}"').url()
    else:
        url = SearchQuery().toggle(suggestion.kind, suggestion.text)
    return {"text": suggestion.text, "kind": suggestion.kind, "count": suggestion.count, "url": url}
