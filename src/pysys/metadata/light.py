"""Stand-ins for what takes longer to import than the first page of the reference may take.

    class Related(Record):
        name: str
        why: str = ""

`Record` is typing.NamedTuple and `cache` is functools.cache; to a type checker they are nothing else. A
record has the same constructor, fields, methods, equality and pickles. For each class namedtuple compiles a
constructor: for those of a page, that takes as long as all else that it needs.
"""

from __future__ import annotations

from _operator import itemgetter  # operator itself is Python, and takes longer to load

from pysys.loading import counted, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from functools import cache as cache
    from typing import NamedTuple as Record
else:

    def cache(function):
        """Keep what a function returned for the same positional arguments."""
        found = {}

        def cached(*args):
            if args in found:
                return found[args]
            return found.setdefault(args, function(*args))  # of two threads, both get one

        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(cached, name, getattr(function, name))
        cached.__wrapped__ = function
        cached.cache_clear = found.clear
        return cached

    class _Signature:
        """The constructor's signature, made when it is asked for."""

        def __get__(self, made, cls):
            inspect = load("inspect")
            empty = inspect.Parameter.empty
            return inspect.Signature(
                [
                    inspect.Parameter(
                        field,
                        inspect.Parameter.POSITIONAL_OR_KEYWORD,
                        default=cls._field_defaults.get(field, empty),
                        annotation=cls.__annotations__[field],
                    )
                    for field in cls._fields
                ]
            )

    class _Tuple(tuple):
        """What a record can do."""

        __slots__ = ()
        __signature__ = _Signature()

        def __new__(cls, /, *values, **named):
            if named or len(values) != len(cls._fields):
                values = cls._bound(values, named)
            return tuple.__new__(cls, values)

        @classmethod
        def _bound(cls, values, named):
            name, rest = cls.__name__, cls._fields[len(values) :]
            if len(values) > len(cls._fields):
                raise TypeError(f"{name} takes {counted(len(cls._fields), 'value')}, not {len(values)}")
            if twice := named.keys() & cls._fields[: len(values)]:
                raise TypeError(f"{name}: {min(twice)} is there twice")
            if unknown := named.keys() - rest:
                raise TypeError(f"{name} has no {min(unknown)}")
            all_named = {**cls._field_defaults, **named}
            if lacking := [field for field in rest if field not in all_named]:
                raise TypeError(f"{name} needs {', '.join(lacking)}")
            return (*values, *(all_named[field] for field in rest))

        @classmethod
        def _make(cls, iterable):
            return cls(*iterable)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, /, **named):
            return type(self)(**{**self._asdict(), **named})

        __replace__ = _replace  # copy.replace()

        def __repr__(self):
            fields = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({', '.join(fields)})"

        def __getnewargs__(self):
            return tuple(self)

    class _Maker(type):
        """Makes a record's class: properties of the names that it annotates, defaults of their values."""

        def __new__(mcs, name, bases, body):
            fields = tuple(body["__annotations__"])
            defaults = {field: body[field] for field in fields if field in body}
            for index, field in enumerate(fields):
                body[field] = property(itemgetter(index), doc=f"Item {index} of the tuple.")
            body |= {
                "__slots__": (),
                "__match_args__": fields,
                "_fields": fields,
                "_field_defaults": defaults,
            }
            return type(name, (_Tuple,), body)

    Record = type.__new__(_Maker, "Record", (), {})


__all__ = ["Record", "cache"]
