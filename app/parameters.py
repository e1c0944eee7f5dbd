"""Parameters of addresses: declared once, read from requests, described in OpenAPI."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.errors import Problem

MAX_TEXT = 500  # characters of a query; longer than any title in a museum's records


@dataclass(frozen=True, slots=True)
class Text:
    """Free text. Blank is the same as not given."""

    name: str
    sentence: str
    limit: int = MAX_TEXT

    def read(self, values: MultiDict[str, str]) -> str | None:
        """The text, trimmed, or None. Raises Problem (400)."""
        return self._check(values.get(self.name, ""))

    def _check(self, value: str) -> str | None:
        if len(value) > self.limit:
            raise Problem(400, f"{self.name}: must be at most {self.limit} characters", self.name)
        return value.replace("\0", " ").strip() or None

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "string", "maxLength": self.limit}


@dataclass(frozen=True, slots=True)
class Filled(Text):
    """Text that may be left out, but not be blank: for what must not be done by a slip."""

    def read(self, values: MultiDict[str, str]) -> str | None:
        """The text, trimmed, or None where it is not given. Raises Problem (400)."""
        if self.name not in values:
            return None
        text = self._check(values[self.name])
        if text is None:
            raise Problem(400, f"{self.name}: must not be blank, but may be left out", self.name)
        return text

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "string", "maxLength": self.limit, "pattern": r"[^\s\x00]"}


@dataclass(frozen=True, slots=True)
class Texts(Text):
    """Free text that may be given several times."""

    most: int = 50

    def read(self, values: MultiDict[str, str]) -> tuple[str, ...]:  # type: ignore[override]
        """Every distinct text given, in order. Raises Problem (400)."""
        given = values.getlist(self.name)
        if len(given) > self.most:
            raise Problem(400, f"{self.name}: may be given at most {self.most} times", self.name)
        return tuple(dict.fromkeys(text for value in given if (text := self._check(value))))

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "array", "maxItems": self.most, "items": {"type": "string", "maxLength": self.limit}}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within limits."""

    name: str
    sentence: str
    default: int
    least: int
    most: int

    def read(self, values: MultiDict[str, str]) -> int:
        """The number. Raises Problem (400)."""
        text = values.get(self.name, "")
        if not text:
            return self.default
        whole = text.isascii() and text.removeprefix("-").isdigit()
        # Of more digits the first are too many as well; Python refuses to read thousands, in words of its own.
        number = int(text[:11]) if whole else None
        if number is not None and self.least <= number <= self.most:
            return number
        if self.most < 10**6:
            allowed = f"between {self.least} and {self.most}"
        else:  # a limit that nobody meets by chance is said to whoever did
            allowed = f"at most {self.most:,}" if number is not None and number > self.most else f"{self.least} or more"
        raise Problem(400, f"{self.name}: must be {allowed}", self.name)

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "integer", "default": self.default, "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few names; the first is the default."""

    name: str
    sentence: str
    choices: Sequence[str]

    def read(self, values: MultiDict[str, str]) -> str:
        """The name chosen. Raises Problem (400)."""
        value = values.get(self.name, "") or self.choices[0]
        if value not in self.choices:
            raise Problem(400, f"{self.name}: must be one of {', '.join(self.choices)}", self.name)
        return value

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "string", "enum": list(self.choices), "default": self.choices[0]}


Parameter = Text | Texts | Whole | Choice
