"""One value of an option, by the type that the option is declared with: read from a word, or checked from Python.

Types are bool, int, float, str, Path, an Enum and tuple[T, ...] of them, each also `| None`; `Annotated` adds a Range,
Names to choose from, a sentence of help, former names. Both ways raise OptionError with the option, what was found and
what was expected. `checked` holds all arguments of a function to its annotations. Opens no file and knows no option.
"""

from __future__ import annotations

import inspect
import math
import os
import re
import reprlib
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache, wraps
from numbers import Integral, Real
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from humaneval_x.errors import OptionError, unknown

BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
REPEATED = "\0"  # between the words of an option that was given more than once: no argument of a process has it
LONGEST_NUMBER = 18  # digits
MOST_SAMPLES = 1_000_000  # of one problem
P = ParamSpec("P")
T = TypeVar("T")
PLACEHOLDERS: dict[type, str] = {int: "N", float: "X", str: "TEXT", Path: "PATH"}


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from `low` to `high`; with `above`, `low` itself is not one of them."""

    low: float = -math.inf
    high: float = math.inf
    above: bool = False

    def __contains__(self, number: float) -> bool:
        return (number > self.low if self.above else number >= self.low) and number <= self.high

    def __str__(self) -> str:
        low = "" if self.low == -math.inf else f" above {self.low:.12g}" if self.above else f" from {self.low:.12g}"
        join = ", at most" if self.above else " to" if low else " up to"
        return low + ("" if self.high == math.inf else f"{join} {self.high:.12g}")


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a text may be; `kind` says what they name."""

    kind: str
    known: tuple[str, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()  # words that mean several of them

    def each(self, value: Any) -> tuple[Any, ...]:
        """Return what a word means: a group's names, or itself."""
        return dict(self.groups).get(value, (value,)) if isinstance(value, str) else (value,)


@dataclass(frozen=True, slots=True)
class Formerly:
    """Names that an option had before."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Of a parameter that is a record: goes before the names of its fields, and `help` after what is said of each."""

    text: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Internal:
    """Marks a field of a record that is no option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionKind:
    """What an annotation allows."""

    base: type
    many: bool = False
    optional: bool = False
    range: Range = Range()
    names: Names | None = None
    help: str = ""
    former: tuple[str, ...] = ()
    internal: bool = False

    def read(self, word: str, option: str) -> Any:
        """Return the value of a word of the command line. Raises OptionError."""
        if not word.strip():
            raise OptionError(f"{option} is empty; expected {self.expected}")
        if not self.many:
            return self._read(word, word, option)
        comma = self.base is not Path  # a path may hold commas: such an option is given once for each path
        parts = [part for each in word.split(REPEATED) for part in (each.split(",") if comma else [each])]
        parts = [each for part in parts for each in self._each(part.strip() if comma else part)]
        return tuple(dict.fromkeys(self._read(part, word, option) for part in parts))

    def check(self, value: Any, option: str) -> Any:
        """Return a value from Python as one of this kind: a list as a tuple, a name as its Enum. Raises OptionError."""
        if value is None and self.optional:
            return None
        if not self.many:
            return self._check(value, option)
        if isinstance(value, str | os.PathLike) or not isinstance(value, Iterable):
            value = value.split(",") if isinstance(value, str) and self.base is not Path else [value]
        found = tuple(dict.fromkeys(self._check(each, option) for part in value for each in self._each(part)))
        if not found:
            raise OptionError(f"{option} is empty; expected {self.expected}")
        return found

    def _each(self, part: Any) -> tuple[Any, ...]:
        return self.names.each(part) if self.names else (part,)

    def _read(self, part: str, whole: str, option: str) -> Any:
        found: Any = None
        if self.base is bool:
            found = BOOLEANS.get(part.lower())
        elif self.base is int and re.fullmatch(rf"[+-]?[0-9]{{1,{LONGEST_NUMBER}}}", part):
            found = int(part)
        elif self.base is float and re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", part, re.I):
            found = float(part)
        elif self.base in (str, Path) or issubclass(self.base, Enum):
            found = part
        if found is None:
            raise OptionError(f"{option} is {whole.split(REPEATED)[-1]!r}; expected {self.expected}")
        return self._check(found, option, part)

    def _check(self, value: Any, option: str, word: str = "") -> Any:
        if issubclass(self.base, Enum):
            try:
                return self.base(value)
            except ValueError:
                raise OptionError(unknown(option, value, [member.value for member in self.base])) from None
        if self.names and isinstance(value, str):
            if value not in self.names.known:
                raise OptionError(unknown(self.names.kind, value, self.names.known))
            return value
        found = _converted(value, self.base)
        if found is None or (self.base in (int, float) and not (math.isfinite(found) and found in self.range)):
            raise OptionError(f"{option} is {word or repr(value)}; expected {self.expected}")
        return found

    @property
    def expected(self) -> str:
        """The values that are allowed, in words."""
        if self.names or issubclass(self.base, Enum):
            return f"{'some' if self.many else 'one'} of {', '.join(self.choices)}"
        if self.base is bool:
            return "true or false (yes or no, on or off)"
        if self.base in (str, Path):
            return "a path" if self.base is Path else "a text"
        one = ("whole number" if self.base is int else "number") + ("s" if self.many else "")
        such = ", separated by commas, such as 1,10" if self.many else ""
        return f"{'' if self.many else 'a '}{one}{self.range}{such}"

    @property
    def choices(self) -> Sequence[str]:
        """The names to choose from, where there are some."""
        return (
            [each.value for each in self.base]
            if issubclass(self.base, Enum)
            else self.names.known
            if self.names
            else ()
        )

    @property
    def placeholder(self) -> str:
        """What help shows in place of a value."""
        one = "|".join(self.choices) if self.choices else PLACEHOLDERS.get(self.base, "")
        return f"{one},..." if self.many and self.base is not Path and not self.choices else one


def _converted(value: Any, base: type) -> Any:
    """Return a value as one of a plain type, None where it is none."""
    if base is bool:
        return value if isinstance(value, bool) else None
    if base is int:
        return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else None
    if base is float:  # a whole number stays one, so that files show it as it was given
        return value if isinstance(value, Real) and not isinstance(value, bool) else None
    if base is Path:
        return Path(value) if isinstance(value, str | os.PathLike) else None
    return os.fspath(value) if isinstance(value, str | os.PathLike) else None


@cache
def kind_of(annotation: Any) -> OptionKind:
    """Return what an annotation allows. Raises TypeError for one that is no option's."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _with(kind_of(arguments[0]), arguments[1:])
    if origin in (Union, types.UnionType):
        inner = [each for each in arguments if each is not type(None)]
        if len(inner) == 1:
            return _with(kind_of(inner[0]), (), optional=True)
    if origin is tuple:
        return _with(kind_of(arguments[0]), (), many=True)
    if not isinstance(annotation, type) or not issubclass(annotation, (bool, int, float, str, Path, Enum)):
        raise TypeError(f"{annotation!r} is no type of an option")
    return OptionKind(base=annotation)


def _with(kind: OptionKind, added: Iterable[Any], **changed: Any) -> OptionKind:
    values = {field.name: getattr(kind, field.name) for field in fields(kind)} | changed
    for each in added:
        values |= (
            {"range": each} if isinstance(each, Range)
            else {"names": each} if isinstance(each, Names)
            else {"former": each.names} if isinstance(each, Formerly)
            else {"internal": True} if isinstance(each, Internal)
            else {"help": each}
        )  # fmt: skip
    return OptionKind(**values)


_hints: Callable[[Any], dict[str, Any]] = cache(lambda of: get_type_hints(of, include_extras=True))


def check_fields(record: Any, option: str = "--{}") -> None:
    """Hold a frozen record to the types and ranges of its fields. Raises OptionError."""
    for field in fields(record):
        value = _held(getattr(record, field.name), _hints(type(record))[field.name], option.format(field.name))
        object.__setattr__(record, field.name, value)


def checked(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function that holds its arguments to their annotations before it begins. It raises OptionError."""
    signature = inspect.signature(function)

    @wraps(function)
    def call(*args: P.args, **options: P.kwargs) -> T:
        for name in options:
            if name not in signature.parameters:
                raise OptionError(unknown(f"argument of {function.__name__}", name, signature.parameters))
        try:
            given = signature.bind(*args, **options).arguments
        except TypeError as fault:
            raise OptionError(f"{function.__name__}: {fault}; it takes {', '.join(signature.parameters)}") from fault
        for name, value in given.items():
            _held(value, _hints(function).get(name, Any), name)
        return function(*args, **options)

    return call


def _held(value: Any, annotation: Any, name: str) -> Any:
    """Return a value as its annotation has it. Raises OptionError."""
    try:
        kind = kind_of(annotation)
    except TypeError:  # no option's type
        if not _allowed(value, annotation):
            raise OptionError(f"{name} is {reprlib.repr(value)}; expected {_told(annotation)}") from None
        return value
    return value if kind.many and isinstance(value, tuple) and not value else kind.check(value, name)


def _allowed(value: Any, annotation: Any) -> bool:
    """Whether a value is of an annotation's type; a text is no list of texts."""
    origin, arguments = get_origin(annotation) or annotation, get_args(annotation)
    if origin is Any:
        return True
    if origin is Annotated:
        return _allowed(value, arguments[0])
    if origin in (Union, types.UnionType):
        return any(_allowed(value, each) for each in arguments)
    if origin in (bool, int, float, str, Path):
        return _converted(value, origin) is not None
    if not isinstance(value, origin) or not arguments or issubclass(origin, Mapping):
        return isinstance(value, origin)
    if not issubclass(origin, Iterable) or isinstance(value, str | bytes):
        return not issubclass(origin, Iterable)
    return not isinstance(value, Collection) or all(_allowed(each, arguments[0]) for each in value)  # else used up


def _told(annotation: Any) -> str:
    """Return in words what an annotation allows."""
    origin, arguments = get_origin(annotation) or annotation, get_args(annotation)
    if origin is Annotated:
        return _told(arguments[0])
    if origin in (Union, types.UnionType):
        *most, last = (_told(each) for each in arguments)
        return f"{', '.join(most)} or {last}"
    if origin in (bool, int, float, str, Path):
        return OptionKind(base=origin).expected
    if arguments and issubclass(origin, Iterable) and not issubclass(origin, Mapping):
        return f"a list ({_told(arguments[0])} each)"
    return "None" if origin is type(None) else f"{'an' if origin.__name__[0] in 'AEIOU' else 'a'} {origin.__name__}"
