"""Hub templates: what ``{{hub … hub}}`` in a scalar of a policy becomes for one cluster.

The language is Go's text/template with the functions of stolostron/go-template-utils. Only what is
met in the scalars of policies is understood: values of ConfigMaps, the cluster's name and labels,
and functions that pass a text on. Everything else is :class:`Unknown`. Nothing is ever executed:
there are no loops, no definitions, and no function reaches beyond ``lookup``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import TypeAlias

from linter.records import dataclass, replace
from linter.regexes import regex

_LONGEST = 64 * 1024
_MOST_TOKENS = 2_000
_DEEPEST = 40

MARK = "{{hub"
"""What a hub template begins with."""

NAME = ".ManagedClusterName"
"""What stands for the name of the cluster."""


class Absence(Enum):
    """Why a ConfigMap has no value to give."""

    KEY = auto()
    CONFIG_MAP = auto()


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a ConfigMap; an empty namespace is that of the policy."""

    namespace: str
    config_map: str
    key: str


Lookup = Callable[[Key], str | Absence]


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a scalar becomes; ``key`` is the ConfigMap key that all of the text came from, if any.

    With ``raw`` the text stands there without quotes, so that YAML decides its type.
    """

    text: str
    key: Key | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why it is not known what a scalar becomes.

    ``missing`` is the key that a ConfigMap, which was found, does not have.
    """

    reason: str
    missing: Key | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a template is evaluated for: a cluster's name and labels, and the ConfigMaps.

    A name of None is not known, and neither is a label that is not listed.
    """

    cluster: str | None
    labels: Mapping[str, str]
    lookup: Lookup


class _UnknownError(Exception):
    """Evaluation stops; never leaves this module."""

    def __init__(self, reason: str, missing: Key | None = None) -> None:
        super().__init__(reason)
        self.missing = missing


@dataclass(frozen=True, slots=True)
class _Result:
    """A value while evaluating: ``whole`` is the key whose text it is, unchanged."""

    value: str | int | bool
    whole: Key | None = None
    raw: bool = False


class _Labels(Enum):
    """Stands for ``.ManagedClusterLabels`` itself."""

    ALL = auto()


_Operand: TypeAlias = _Result | _Labels

_SEGMENT = regex(r"\{\{hub(-?)[\s(/\"$.]")
_TOKEN = regex(
    r"""\s+ | (?P<comment>/\*.*?\*/)
    | (?P<string>"(?:[^"\\\n]|\\[^\n])*") | (?P<raw>`[^`]*`)
    | (?P<number>-?[0-9]+(?![\w.]))
    | (?P<assign>:=|=) | (?P<mark>[()|])
    | (?P<variable>\$[A-Za-z_]\w*) | (?P<field>\.[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
    | (?P<word>[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t", "\\r": "\r"}
_ESCAPE = regex(r"\\.", re.DOTALL)
_VERB = regex(r"%(.)", re.DOTALL)


def evaluate(text: str, context: Context) -> Resolved | Unknown:
    """Evaluate the hub templates of one scalar for one cluster.

    Other templates (``{{ … }}`` without ``hub``) are left as they are.
    """
    if len(text) > _LONGEST:
        return Unknown("the text is too long")
    variables: dict[str, _Operand] = {}
    pieces: list[str] = []
    last: _Result | None = None
    at = 0
    try:
        while (begin := text.find(MARK, at)) >= 0:
            end = text.find("hub}}", begin + len(MARK))
            if end < 0 or not _SEGMENT.match(text, begin):
                return Unknown("the template is not closed")
            before = text[at:begin]
            inner = text[begin + len(MARK) : end]
            if inner.startswith("-"):
                before, inner = before.rstrip(), inner[1:]
            at = end + len("hub}}")
            if inner.endswith("-"):
                inner = inner[:-1]
                at += len(text) - at - len(text[at:].lstrip())
            pieces.append(before)
            result = _Parser(inner, context, variables).statement()
            if result is not None:
                pieces.append(_shown(result))
                last = result
            if sum(map(len, pieces)) > _LONGEST:
                return Unknown("the value is too long")
    except _UnknownError as error:
        return Unknown(str(error), error.missing)
    pieces.append(text[at:])
    value = "".join(pieces)
    if last is None or value != _shown(last):
        return Resolved(value)
    return Resolved(value, last.whole, last.raw)


def _shown(result: _Result) -> str:
    if isinstance(result.value, bool):
        return "true" if result.value else "false"
    return str(result.value)


class _Parser:
    """Reads one action and evaluates it on the way, left to right."""

    def __init__(self, text: str, context: Context, variables: dict[str, _Operand]) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0
        self._context = context
        self._variables = variables

    def statement(self) -> _Result | None:
        """Evaluate an action: the value that it prints, or None where it prints nothing."""
        if not self._tokens:
            return None
        kind, word = self._tokens[0]
        if kind == "variable" and len(self._tokens) > 1 and self._tokens[1][0] == "assign":
            self._at = 2
            self._variables[word] = self._pipeline()
            self._finish()
            return None
        value = self._pipeline()
        self._finish()
        return _printable(value)

    def _finish(self) -> None:
        if self._at < len(self._tokens):
            raise _UnknownError(f"'{self._tokens[self._at][1]}' is not understood here")

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _pipeline(self) -> _Operand:
        value = self._command(None)
        while self._peek() == ("mark", "|"):
            self._at += 1
            value = self._command(value)
        return value

    def _command(self, piped: _Operand | None) -> _Operand:
        """Evaluate a function and its arguments; a piped value is the last argument."""
        kind, word = self._peek()
        if kind == "word" and word not in {"true", "false"}:
            self._at += 1
            arguments: list[_Operand] = []
            while self._peek()[0] != "end" and self._peek()[1] not in {"|", ")"}:
                arguments.append(self._operand())
            if piped is not None:
                arguments.append(piped)
            function = _FUNCTIONS.get(word)
            if function is None:
                raise _UnknownError(f"{word} is not understood")
            return function(arguments, self._context)
        if piped is not None:
            raise _UnknownError("a value is piped into something that is no function")
        return self._operand()

    def _operand(self) -> _Operand:
        kind, word = self._peek()
        self._at += 1
        match kind:
            case "string":
                return _Result(_unquoted(word))
            case "raw":
                return _Result(word[1:-1])
            case "number":
                return _Result(int(word))
            case "word" if word in {"true", "false"}:
                return _Result(word == "true")
            case "variable" if word in self._variables:
                return self._variables[word]
            case "field":
                return self._field(word)
            case "mark" if word == "(":
                return self._group()
        raise _UnknownError(f"'{word}' is not understood" if word else "it ends too early")

    def _group(self) -> _Operand:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _UnknownError("it nests too deep")
        value = self._pipeline()
        if self._peek() != ("mark", ")"):
            raise _UnknownError("a parenthesis is not closed")
        self._at += 1
        self._depth -= 1
        return value

    def _field(self, path: str) -> _Operand:
        if path == NAME:
            if self._context.cluster is None:
                raise _UnknownError("the cluster's name is not known")
            return _Result(self._context.cluster)
        head, _, label = path[1:].partition(".")
        if head == "ManagedClusterLabels":
            if not label:
                return _Labels.ALL
            if "." not in label:
                return _label(label, self._context)
        raise _UnknownError(f"{path} is not understood")


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(found) > _MOST_TOKENS:
            raise _UnknownError(f"'{text[at : at + 20]}' is not understood")
        at = match.end()
        if match.lastgroup not in {None, "comment"}:
            found.append((str(match.lastgroup), match.group()))
    return found


def _unquoted(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        if match.group() not in _ESCAPES:
            raise _UnknownError(f"the escape {match.group()} is not understood")
        return _ESCAPES[match.group()]

    return _ESCAPE.sub(plain, text[1:-1])


def _printable(value: _Operand) -> _Result:
    if isinstance(value, _Labels):
        raise _UnknownError("a map is no text")
    return value


def _text(value: _Operand) -> str:
    result = _printable(value)
    if not isinstance(result.value, str):
        raise _UnknownError("a text is wanted")
    return result.value


def _label(name: str, context: Context) -> _Result:
    if name not in context.labels:
        raise _UnknownError(f"the cluster has no label {name} here")
    return _Result(context.labels[name])


def _only(arguments: list[_Operand]) -> _Result:
    if len(arguments) != 1:
        raise _UnknownError("one argument is wanted")
    return _printable(arguments[0])


def _from_config_map(arguments: list[_Operand], context: Context) -> _Result:
    if len(arguments) != 3:
        raise _UnknownError("fromConfigMap takes a namespace, a name and a key")
    key = Key(*(_text(argument) for argument in arguments))
    found = context.lookup(key)
    if found is Absence.KEY:
        raise _UnknownError(f"ConfigMap {key.config_map} has no key {key.key}", key)
    if isinstance(found, Absence):
        raise _UnknownError(f"ConfigMap {key.config_map} is not here")
    return _Result(found, key)


def _printf(arguments: list[_Operand], context: Context) -> _Result:  # noqa: ARG001 - one shape
    if not arguments:
        raise _UnknownError("printf has no format")
    values = [_printable(argument) for argument in arguments[1:]]

    def verb(match: re.Match[str]) -> str:
        if match[1] == "%":
            return "%"
        if not values:
            raise _UnknownError("printf has too few arguments")
        result = values.pop(0)
        number = isinstance(result.value, int) and not isinstance(result.value, bool)
        fits = {"v": True, "d": number, "s": isinstance(result.value, str)}
        if not fits.get(match[1], False):
            raise _UnknownError(f"printf's %{match[1]} is not understood")
        return _shown(result)

    text = _VERB.sub(verb, _text(arguments[0]))
    if values or len(text) > _LONGEST:
        raise _UnknownError("printf has too many arguments")
    return _Result(text)


def _index(arguments: list[_Operand], context: Context) -> _Result:
    if len(arguments) != 2 or arguments[0] is not _Labels.ALL:
        raise _UnknownError("index is understood of the cluster's labels only")
    return _label(_text(arguments[1]), context)


def _to_int(arguments: list[_Operand], context: Context) -> _Result:  # noqa: ARG001 - one shape
    result = _only(arguments)
    digits = _shown(result).strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", digits, re.ASCII):
        raise _UnknownError("toInt is given no integer")
    return _Result(int(digits), result.whole, raw=True)


def _to_bool(arguments: list[_Operand], context: Context) -> _Result:  # noqa: ARG001 - one shape
    result = _only(arguments)
    word = _shown(result)
    if word in {"1", "t", "T", "TRUE", "true", "True"}:
        return _Result(value=True, whole=result.whole, raw=True)
    if word in {"0", "f", "F", "FALSE", "false", "False"}:
        return _Result(value=False, whole=result.whole, raw=True)
    raise _UnknownError("toBool is given no boolean")


def _to_literal(arguments: list[_Operand], context: Context) -> _Result:  # noqa: ARG001 - one shape
    return replace(_only(arguments), raw=True)


def _trim(arguments: list[_Operand], context: Context) -> _Result:  # noqa: ARG001 - one shape
    result = _only(arguments)
    return replace(result, value=_text(result).strip())


def _default(arguments: list[_Operand], context: Context) -> _Result:  # noqa: ARG001 - one shape
    if len(arguments) != 2:
        raise _UnknownError("default takes two arguments")
    fallback, given = (_printable(argument) for argument in arguments)
    return given if given.value else fallback


_FUNCTIONS: dict[str, Callable[[list[_Operand], Context], _Operand]] = {
    "fromConfigMap": _from_config_map,
    "printf": _printf,
    "index": _index,
    "toInt": _to_int,
    "toBool": _to_bool,
    "toLiteral": _to_literal,
    "trim": _trim,
    "default": _default,
}
