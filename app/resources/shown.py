"""`/shown` and `/forget`."""

from flask import Response

from app.answer import as_json
from app.errors import Problem
from app.parameters import Choice, Texts
from app.resources.base import ServiceResource, row_of
from app.resources.forms import done, refuse_foreign, sent

IDS = Texts("id", "A work that was shown; repeat for each.", 200, most=100)
NOTED = Choice("value", "They were shown; `clear` forgets what was.", ("shown", "clear"))


class ShownResource(ServiceResource):
    """The works a visitor was shown during this visit: recommendations leave them out."""

    def get(self) -> Response:
        """The ids, in the order in which they were shown."""
        visitor = self.service.visitors.known()
        return as_json({"shown": list(self.service.shown.of(visitor)) if visitor else []})

    def post(self) -> Response:
        """Note works as shown; a page's form `more` does so before it asks for others. `value=clear` starts over."""
        values = sent(self.service.visitors)
        if NOTED.read(values) == "clear":
            return self._clear()
        works = IDS.read(values)
        if not works:
            raise Problem(400, "id: name the works that were shown", "id")
        release = self.service.loader.current()
        for work in works:
            row_of(release, work)
        visitor = self.service.visitors.present()
        self.service.shown.add(visitor, works)
        return done({"shown": list(works)}, "/recommend")

    def delete(self) -> Response:
        """Start over: everything is new again."""
        refuse_foreign()
        return self._clear()

    def _clear(self) -> Response:
        visitor = self.service.visitors.known()
        if visitor:
            self.service.shown.clear(visitor)
        return done({"shown": []}, "/recommend")


class ForgetResource(ServiceResource):
    """Everything that is kept about the visitor."""

    def post(self) -> Response:
        """Forget likes, dislikes, what was shown, and the visitor: the cookie goes too."""
        sent(self.service.visitors)
        visitor = self.service.visitors.known()
        if visitor:
            self.service.likes.take_back(visitor)
            self.service.shown.clear(visitor)
        self.service.visitors.forget()
        return done({"forgotten": True}, "/")
