"""The pictures of a collection in an order that does not depend on when they arrive."""

from collections.abc import Iterator, Mapping
from threading import Condition


class InOrder:
    """The digests of pictures by the names of their works, each as soon as it is settled."""

    def __init__(self, digests: Mapping[str, str | None]) -> None:
        """None for a picture that may still arrive."""
        self._digests = dict(digests)
        self._awaited = {name for name, digest in digests.items() if digest is None}
        self._changed = Condition()

    def __len__(self) -> int:
        """How many they are, if all arrive."""
        return len(self._digests)

    def settled(self, name: str, digest: str | None) -> None:
        """This work has this picture, or none that can be had."""
        with self._changed:
            if name in self._awaited:
                self._awaited.remove(name)
                self._digests[name] = digest
                self._changed.notify_all()

    def close(self) -> None:
        """Nothing more arrives."""
        with self._changed:
            self._awaited.clear()
            self._changed.notify_all()

    def __iter__(self) -> Iterator[str]:
        """Each digest once, in the order of the works; waits for the next, where it may still arrive."""
        given = set()
        for name in list(self._digests):
            digest = self._settled(name)
            if digest and digest not in given:
                given.add(digest)
                yield digest

    def _settled(self, name: str) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: name not in self._awaited)
            return self._digests[name]
