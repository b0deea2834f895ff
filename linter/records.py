"""Data classes that cost little to define.

A program that starts for one file pays for every class it defines: the standard library's decorator
compiles six methods for each and imports ``inspect`` to do so, some 40 ms in all here. This one
understands the same words (``frozen``, ``slots``, ``order``, ``field``) and behaves the same where
this project uses it, but shares its methods between classes and compiles an ``__init__`` only for
a class of which there are many instances. A test holds it against :mod:`dataclasses`.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

FEW = 40
"""Instances of a class that take as long to fill without an ``__init__`` as compiling one takes."""


class FrozenRecordError(AttributeError):
    """Raised where a frozen record would be changed."""


class Field:
    """What :func:`field` says of a field."""

    __slots__ = ("compared", "default", "factory", "shown")

    def __init__(
        self,
        default: object,
        factory: Callable[[], object] | None = None,
        *,
        shown: bool = True,
        compared: bool = True,
    ) -> None:
        self.default = default
        self.factory = factory
        self.shown = shown
        self.compared = compared


class _Missing:
    """Stands for a default that there is not."""


_MISSING = _Missing()
_PLAIN = Field(_MISSING)
"""What nothing is said of."""


@overload
def field(*, default: T, repr: bool = True, compare: bool = True) -> T: ...
@overload
def field(*, default_factory: Callable[[], T], repr: bool = True, compare: bool = True) -> T: ...
@overload
def field(*, repr: bool = True, compare: bool = True) -> Any: ...
def field(
    *,
    default: object = _MISSING,
    default_factory: Callable[[], object] | None = None,
    repr: bool = True,  # noqa: A002 - the name that dataclasses gave it
    compare: bool = True,
) -> Any:
    """Describe a field: its default or how to make one; is it shown, does it count in ``==``."""
    return Field(default, default_factory, shown=repr, compared=compare)


@overload
def dataclass(cls: type[T], /) -> type[T]: ...
@overload
def dataclass(
    *,
    frozen: bool = False,
    slots: bool = False,
    eq: bool = True,
    order: bool = False,
    repr: bool = True,
) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(field_specifiers=(field,))
def dataclass(
    cls: type[T] | None = None,
    /,
    *,
    frozen: bool = False,
    slots: bool = False,
    eq: bool = True,
    order: bool = False,
    repr: bool = True,  # noqa: A002 - the name that dataclasses gave it
) -> type[T] | Callable[[type[T]], type[T]]:
    """Make a record class of a class with annotations, as :func:`dataclasses.dataclass` would.

    Raises:
        TypeError: A field without a default follows one with a default.
    """

    def make(given: type[T]) -> type[T]:
        made: type[T] = _make(given, frozen=frozen, slots=slots, eq=eq, order=order, shown=repr)
        return made

    return make if cls is None else make(cls)


def replace(record: T, **changes: object) -> T:
    """Return a copy of a record in which some fields have other values."""
    names: tuple[str, ...] = type(record).__record_fields__  # type: ignore[attr-defined]
    values = {name: getattr(record, name) for name in names}
    return type(record)(**(values | changes))


def _make(cls: Any, *, frozen: bool, slots: bool, eq: bool, order: bool, shown: bool) -> Any:
    body = dict(cls.__dict__)
    own = [
        name
        for name, annotation in body.get("__annotations__", {}).items()
        if not str(annotation).startswith("ClassVar")
    ]
    fields: dict[str, Field] = dict(getattr(cls, "__record_specs__", {}))
    for name in own:
        given = body.pop(name, _PLAIN)
        fields[name] = given if isinstance(given, Field) else Field(given)
    names = tuple(fields)
    _check_order(cls.__name__, fields)
    body["__record_specs__"] = fields
    body["__record_fields__"] = names
    body["__match_args__"] = names
    body.setdefault("__init__", _first_calls(cls, names, fields, frozen=frozen))
    compared = [name for name, spec in fields.items() if spec.compared]
    key = attrgetter(*compared) if compared else _nothing
    if eq:
        body.setdefault("__eq__", _equal(key))
        body.setdefault("__hash__", _hash(key) if frozen else None)
    if frozen:
        body["__setattr__"] = body["__delattr__"] = _refuse
    if shown:
        body.setdefault("__repr__", _show)
    if order:
        body.update(_comparisons(key))
    if not slots:
        for name, value in body.items():
            if name not in {"__dict__", "__weakref__"}:
                setattr(cls, name, value)
        for name in own:
            default = fields[name].default
            if default is _MISSING:
                if name in cls.__dict__:
                    delattr(cls, name)
            else:
                setattr(cls, name, default)
        return cls
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    body["__slots__"] = tuple(own)
    body.setdefault("__getstate__", _state)
    body.setdefault("__setstate__", _restore)
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


def _check_order(owner: str, fields: dict[str, Field]) -> None:
    optional = ""
    for name, spec in fields.items():
        if spec.default is not _MISSING or spec.factory is not None:
            optional = name
        elif optional:
            raise TypeError(f"{owner}.{name} has no default and follows {optional}, which has one")


def _first_calls(
    cls: Any, names: tuple[str, ...], fields: dict[str, Field], *, frozen: bool
) -> Callable[..., None]:
    """Return an ``__init__`` that in the end compiles the real one, and puts it in its own place.

    That one raises the error where the arguments do not fit.
    """
    left = FEW
    finishes = hasattr(cls, "__post_init__")

    def init(self: Any, *args: object, **kwargs: object) -> None:
        nonlocal left
        left -= 1
        if left > 0 and _filled(self, names, fields, args, kwargs):
            if finishes:
                self.__post_init__()
            return
        owner: Any = next(c for c in type(self).__mro__ if c.__dict__.get("__init__") is init)
        made = _compile_init(owner, names, fields, frozen=frozen)
        type.__setattr__(owner, "__init__", made)
        made(self, *args, **kwargs)

    return init


def _filled(
    record: object,
    names: tuple[str, ...],
    fields: dict[str, Field],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> bool:
    """Give a record the values of its fields; say whether the arguments fit them."""
    if len(args) > len(names) or not kwargs.keys() <= set(names[len(args) :]):
        return False
    given = dict(zip(names, args, strict=False)) | kwargs
    for name in names:
        if name in given:
            value = given[name]
        else:
            spec = fields[name]
            value = spec.factory() if spec.factory is not None else spec.default
            if value is _MISSING:
                return False
        object.__setattr__(record, name, value)
    return True


def _compile_init(
    owner: Any, names: Iterable[str], fields: dict[str, Field], *, frozen: bool
) -> Callable[..., None]:
    scope: dict[str, Any] = {"_missing": _MISSING, "_set": object.__setattr__}
    parameters, lines = [], []
    for name in names:
        spec, value = fields[name], name
        if spec.factory is not None:
            scope[f"_make_{name}"] = spec.factory
            parameters.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        elif spec.default is not _MISSING:
            scope[f"_default_{name}"] = spec.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        lines.append(f"_set(self, '{name}', {value})" if frozen else f"self.{name} = {value}")
    if hasattr(owner, "__post_init__"):
        lines.append("self.__post_init__()")
    source = f"def __init__(self, {', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"])
    exec(source, scope)  # noqa: S102 - names are Python identifiers of our own classes
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{owner.__qualname__}.__init__"
    return made


def _nothing(record: object) -> tuple[()]:  # noqa: ARG001 - the key of a record without fields
    return ()


def _equal(key: Callable[[Any], object]) -> Callable[[Any, object], object]:
    def equal(self: Any, other: object) -> object:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or key(self) == key(other)

    return equal


def _hash(key: Callable[[Any], object]) -> Callable[[Any], int]:
    def hashed(self: Any) -> int:
        return hash(key(self))

    return hashed


def _comparisons(key: Callable[[Any], Any]) -> dict[str, Callable[[Any, Any], Any]]:
    def compare(name: str, result: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
        def method(self: Any, other: Any) -> Any:
            if other.__class__ is not self.__class__:
                return NotImplemented
            return result(key(self), key(other))

        method.__name__ = name
        return method

    return {
        "__lt__": compare("__lt__", lambda a, b: a < b),
        "__le__": compare("__le__", lambda a, b: a <= b),
        "__gt__": compare("__gt__", lambda a, b: a > b),
        "__ge__": compare("__ge__", lambda a, b: a >= b),
    }


def _refuse(self: Any, name: str, *value: object) -> None:  # noqa: ARG001 - two methods in one
    raise FrozenRecordError(f"cannot change field {name!r}: {type(self).__name__} is frozen")


def _show(self: Any) -> str:
    specs: dict[str, Field] = self.__record_specs__
    shown = (f"{name}={getattr(self, name)!r}" for name, spec in specs.items() if spec.shown)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _state(self: Any) -> list[object]:
    return [getattr(self, name) for name in self.__record_fields__]


def _restore(self: Any, state: list[object]) -> None:
    for name, value in zip(self.__record_fields__, state, strict=True):
        object.__setattr__(self, name, value)
