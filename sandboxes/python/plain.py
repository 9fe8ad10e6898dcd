"""Values on their way between the program's process and the tests' process: plain data, as JSON, and nothing else.

What one side cannot turn into plain data stays where it is, and the other gets a `Remote` in its place: it can be
called, asked for an attribute and for its truth, and equals nothing. A value of a class derived from a plain one is
sent as what that plain class holds. So whatever the program's classes say about themselves, the tests compare values
of their own, of exact built-in (or numpy's) types. The tests' side hands over functions and plain data alone.
"""

import base64
import builtins
import collections
import decimal
import fractions
import importlib
import re
import types
from collections.abc import Callable
from types import FunctionType
from typing import Any

from sandboxes.wire import send, sized

EXACT = frozenset([type(None), bool, float])
BASES = (bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset)
LISTED = {
    collections.deque: "deque", type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items",
}  # fmt: skip
# Their contents: what they are equal to.
WRAPPERS: "dict[type, Callable[[Any], Any]]" = {
    collections.ChainMap: dict, types.MappingProxyType: dict,
    collections.UserDict: lambda value: value.data, collections.UserList: lambda value: value.data,
    collections.UserString: lambda value: value.data,
}  # fmt: skip
NUMBERS = re.compile(r"[<>|=][biufcU]\d{1,6}")
WIDTHS = {"f": 8, "c": 16}  # bytes of Python's own numbers
MOST_SHOWN = 16 << 10  # bytes of an answer that is kept for the text of a failed check: by more a program could tell
SAID_CHARACTERS = 2000  # of an exception's type, text and trace each, as they come


class Remote:
    """Something of the other side. Calls, attributes and truth are asked for there; nothing else is taken from it."""

    def __init__(self, side: "Side", key: int, kind: str, claims: bool) -> None:
        self.__dict__.update(_side=side, _key=key, _kind=kind, _claims=claims)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._side.call(self, arguments, named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what Python itself looks for is no question of the tests'
            raise AttributeError(name)
        return self._side.ask("attribute", self._key, name)

    def __bool__(self) -> bool:
        return self._side.ask("truth", self._key) is True

    def __eq__(self, other: object) -> bool:
        if self._claims and other is not self:
            raise Tampered(f"a {self._kind} was returned, which says itself what it equals")
        return self is other

    __hash__ = object.__hash__


class Tampered(BaseException):
    """The candidate process sent something no honest program could. No `except Exception` in tests may swallow it."""


class Side:
    """One of two processes: calls what the other has, and answers for what it has itself."""

    def __init__(self, reading: int, writing: int, *, answers: bool = True) -> None:
        self.reading, self.writing = reading, writing
        self.record: "Callable[[Any], None] | None" = None  # takes what the other side said
        self.answers = answers  # else the other side may call what it was given, and ask nothing
        self.kept: "list[Any]" = []  # what the other side holds as Remote
        self.size = 0  # of the last message that came, in bytes
        self.last: "tuple[Arguments, object] | None" = None  # the last call, if not large: what was given, what came

    def send(self, message: object) -> None:
        """Write one message to the other side. Raises Ended where that has closed its end."""
        try:
            send(self.writing, message)
        except BrokenPipeError:
            raise Ended from None

    def receive(self) -> "list[Any] | None":
        """Return the other side's next message; None where it has ended. Raises ValueError for what is not one."""
        try:
            self.size, message = sized(self.reading)
        except ValueError as broken:
            raise Tampered(f"the program's process sent no message: {broken}") from None
        if self.record is not None and message is not None:
            self.record(message)
        return message  # type: ignore[no-any-return]

    def encode(self, value: Any) -> Any:
        """Return a value as JSON can carry it: itself, a list, or a dict with its kind as the only key."""
        kind = type(value)
        if kind in EXACT:
            return value
        if kind is str:
            return value if value.isascii() else encoded_text(value)
        if kind is int:
            return value if -(1 << 60) < value < 1 << 60 else {"int": hex(value)}
        if kind is list:
            return [self.encode(each) for each in value]
        if kind is FunctionType:
            return self.held(value)
        if kind is tuple or kind is set or kind is frozenset:
            return {kind.__name__: [self.encode(each) for each in value]}
        if kind is dict:
            return {"dict": [[self.encode(key), self.encode(each)] for key, each in value.items()]}
        return self._rarer(value, kind)

    def _rarer(self, value: Any, kind: type) -> Any:
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind is bytes or kind is bytearray:
            return {kind.__name__: base64.b64encode(value).decode()}
        if kind is range:
            return {"range": [value.start, value.stop, value.step]}
        if kind in WRAPPERS:
            return self.encode(WRAPPERS[kind](value))
        if kind in LISTED:
            return {LISTED[kind]: [self.encode(each) for each in value]}
        if kind is decimal.Decimal:
            return {"Decimal": str(value)}
        if kind is fractions.Fraction:
            return {"Fraction": [hex(value.numerator), hex(value.denominator)]}
        if any(each.__module__ == "numpy" for each in kind.__mro__):
            numpy = importlib.import_module("numpy")
            if issubclass(kind, (numpy.generic, numpy.ndarray)) and NUMBERS.fullmatch(value.dtype.str):
                array = numpy.asarray(value)
                data = base64.b64encode(array.tobytes()).decode()
                return {"numpy": [array.dtype.str, list(array.shape), data, issubclass(kind, numpy.generic)]}
        if kind is Remote:
            return {"yours": value._key}
        for base in BASES:
            if issubclass(kind, base):  # isinstance would ask the value
                return self.encode(copied(value, base))
        if hasattr(kind, "__iter__") and not issubclass(kind, type):
            return {"iterator": [self.encode(each) for each in value]}
        if not self.answers and callable(value):
            name = getattr(value, "__name__", "")
            if getattr(builtins, name, None) is value:
                return {"builtin": name}
            # A method would hand over what it is bound to: the count of checks, the tests' names.
            if type(getattr(value, "__self__", None)) is not types.ModuleType:
                raise TypeError(f"a {kind.__name__} of the tests cannot be called from the program's process")
        return self.held(value)

    def held(self, value: Any) -> Any:
        """Keep a value here, and return what the other side gets in its place."""
        kind = type(value)
        self.kept.append(value)
        equal: Any = kind.__eq__
        claims = equal is not object.__eq__ and not hasattr(kind, "__dataclass_fields__")
        return {"mine": [len(self.kept) - 1, f"{kind.__module__}.{kind.__qualname__}", claims]}

    def decode(self, value: Any) -> Any:
        """Return the value that the other side sent. Raises ValueError, TypeError or KeyError for what it cannot be."""
        if type(value) is list:
            return [self.decode(each) for each in value]
        if type(value) is not dict:
            return value
        ((kind, content),) = value.items()
        if kind == "int":
            return int(content, 16)
        if kind == "text":
            return "".join(map(chr, content))
        if kind in ("tuple", "set", "frozenset", "deque", "iterator"):
            return MAKERS[kind](self.decode(content))
        if kind == "dict":
            return {self.decode(key): self.decode(each) for key, each in content}
        if kind == "mine":
            key, name, claims = content
            return Remote(self, int(key), str(name), bool(claims))
        if kind == "yours":
            return self.kept[content]
        if kind == "builtin" and self.answers:
            return getattr(builtins, content)
        if kind == "keys":
            return dict.fromkeys(self.decode(content)).keys()
        if kind == "items":
            return dict(self.decode(content)).items()
        if kind == "values":
            return dict(enumerate(self.decode(content))).values()
        if kind == "numpy":
            form, shape, data, scalar = content
            if not NUMBERS.fullmatch(form):
                raise ValueError(form)
            array = importlib.import_module("numpy").frombuffer(base64.b64decode(data), form).reshape(shape)
            if not self.answers and array.dtype.kind in WIDTHS and array.dtype.itemsize < WIDTHS[array.dtype.kind]:
                # An array's coarse numbers would round what the tests compare them with.
                array = array.astype(f"{array.dtype.kind}{WIDTHS[array.dtype.kind]}")
            return array[()] if scalar else array.copy()
        if kind == "Fraction":
            return fractions.Fraction(*[int(each, 16) for each in content])
        if kind in ("bytes", "bytearray"):
            return MAKERS[kind](base64.b64decode(content))
        return MAKERS[kind](*content if kind in ("complex", "range") else [content])

    def call(self, what: Remote, arguments: "tuple[Any, ...]", named: "dict[str, Any]") -> Any:
        """Call something of the other side; what it changes in place in its arguments is changed here too."""
        sent = [self.encode(each) for each in (*arguments, *named.values())]
        self.last = Arguments(arguments, named), "nothing"
        answer = self.exchange(["call", what._key, sent, list(named)])
        if len(answer) > 2:
            for here, old, new in zip((*arguments, *named.values()), sent, answer[2]):
                if old != new:
                    replace(here, self.decode(new))
        value = self.decode(answer[1])
        self.last = (self.last[0], value) if self.size <= MOST_SHOWN else None
        return value

    def ask(self, *message: object) -> Any:
        return self.decode(self.exchange(list(message))[1])

    def exchange(self, message: "list[Any]") -> "list[Any]":
        """Send a question and return the answer; answer what the other side asks meanwhile."""
        self.send(message)
        while True:
            said = self.receive()
            if said is None:
                raise Ended
            if said[0] == "value":
                return said
            if said[0] == "raised":
                raise raised(*said[1:])
            try:
                answer = self.reply(said)
            except Exception as error:
                answer = ["raised", type(error).__name__, str(error), ""]
            self.send(answer)

    def reply(self, question: "list[Any]") -> "list[Any]":
        """Answer one question: ["value", result, arguments where they changed] or ["raised", ...]."""
        what, key, *rest = question
        if what == "call":
            values, names = rest
            given = [self.decode(each) for each in values]
            split = len(given) - len(names)
            result = self.encode(self.kept[key](*given[:split], **dict(zip(names, given[split:]))))
            if any(type(each) in (list, dict, set, bytearray) for each in given):
                after = [self.encode(each) for each in given]
                return ["value", result, after] if after != values else ["value", result]
            return ["value", result]
        if not self.answers:
            raise PermissionError(what)
        if what == "attribute":
            return ["value", self.encode(getattr(self.kept[key], rest[0]))]
        return ["value", bool(self.kept[key])]


class Arguments:
    """What a call was given."""

    def __init__(self, given: "tuple[Any, ...]", named: "dict[str, Any]") -> None:
        self.given, self.named = given, named


class Ended(BaseException):
    """The other process is no more. No `except Exception` of the tests' may swallow it."""


class Raised(Exception):
    """An exception of the other side whose class is not built in."""


MAKERS: "dict[str, Callable[..., Any]]" = {
    "tuple": tuple, "set": set, "frozenset": frozenset, "deque": collections.deque, "iterator": iter,
    "complex": complex, "range": range, "bytes": bytes, "bytearray": bytearray, "Decimal": decimal.Decimal,
}  # fmt: skip


def encoded_text(value: str) -> object:
    """Return a text, or its characters' numbers where JSON would join two halves of a character to one."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return {"text": [ord(each) for each in value]}
    return value


def copied(value: Any, base: Any) -> Any:
    """Return what a value of a derived class holds as one of `base`, without asking that class."""
    if base is str:
        return str.__str__(value)
    if base is int:
        return int.__add__(value, 0)
    if base is float:
        return float.__add__(value, 0.0)
    if base is complex:
        return complex.__add__(value, 0)
    if base is dict:
        return dict(dict.items(value))
    return base(base.__iter__(value))


def replace(here: object, new: Any) -> None:
    """Make a list, dict, set or bytearray hold what `new` holds."""
    if isinstance(here, (list, bytearray)):
        here[:] = new
    elif isinstance(here, (dict, set)):
        here.clear()
        here.update(new)


def raised(name: str, text: str, trace: str) -> Any:
    """Return an exception like the one of the other side: its class if that is built in, its text, its traceback's text."""
    name, text, trace = (f"{each}"[:SAID_CHARACTERS] for each in (name, text, trace))
    kind = getattr(builtins, name, None)
    # StopIteration would end an `all(map(...))` of the tests as if nothing were left to check.
    if not (isinstance(kind, type) and issubclass(kind, Exception)) or issubclass(kind, StopIteration):
        kind = type(name, (Raised,), {})
    try:
        error: Any = kind(text)
    except TypeError:  # UnicodeDecodeError and the like want more than a text
        error = Raised(text)
    error.said, error.trace = f"{name}: {text}", trace
    return error
