"""A typed call in Python: what its function, which is made in C, asks for.

`convert` gets arguments of which one does not fit its parameter: it converts what needs more than C knows and
makes the call, or says by name what is wrong. `settle` gets the errors. Loaded when it is first needed, and
held in memory until then.
"""

from __future__ import annotations

from _operator import index as _index  # operator itself is Python, and takes longer to load
from errno import EINTR

from pysys import errors, functions
from pysys._native import ffi, lib
from pysys.arguments import bound, kept, multiplexed, typed
from pysys.arguments.multiplexed import Copy
from pysys.arguments.typed import BoundParameter
from pysys.calls._make.describe import describe
from pysys.doc import PageDoc
from pysys.loading import load
from pysys.policy import refusals, restart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pysys.arguments.multiplexed import Told
    from pysys.parameters import Parameter

_compiled = bound.compiled


class TypedCall:
    """What is known of a call that this ABI has."""

    __slots__ = ("commands", "conditional", "issue", "name", "needs", "places")

    def __init__(self, name: str) -> None:
        self.name = name
        self.conditional = refusals.depends_on_arguments(name)
        self.issue = getattr(lib, f"call_{name}")  # which build_calls.py has made
        known = kept.own(name)
        types = ffi.typeof(self.issue).args if known else ()
        self.places = tuple(BoundParameter(name, one, kind) for one, kind in zip(known, types, strict=True))
        self.needs = _compiled(self.places, typed.unsigned)
        self.commands = multiplexed.commands(name, self.places, self._under, typed.unsigned)

    def _under(self, index: int, parameter: Parameter) -> BoundParameter:
        return self.places[index].under(self.name, parameter)

    def told(self, args: Sequence[Any]) -> Told | None:
        """What the command among the arguments says of the others; None for a call without commands."""
        commands = self.commands
        if commands is None:
            return None
        first = args[commands.first]
        second = args[commands.second] if commands.second >= 0 else 0
        return commands.told(
            first if type(first) is int else typed.number(first, self.places[commands.first]),
            _index(second) if isinstance(second, int) else 0,
        )


_calls: dict[str, TypedCall] = {}


def typed_call(name: str) -> TypedCall:
    """What is known of a call. It is found out when C first asks: nothing of it needs a file."""
    found = _calls.get(name)
    if found is None:  # or another thread was first
        found = _calls.setdefault(name, TypedCall(name))
    return found


# ---- what C asks ----


def convert(name: str, args: tuple[Any, ...]) -> int:
    """The call, with arguments of which C does not take one as it is."""
    try:
        call = typed_call(name)
        return _result(call, args, _issue(call, args))
    except BaseException as error:
        _let_go(error)
        raise


def settle(name: str, args: tuple[Any, ...], result: int) -> int:
    """What -EINTR and -ENOSYS mean: the call is made again, or raises its error."""
    call = typed_call(name)
    # Between two rounds the interpreter runs the handlers of signals.
    try:
        while result == -EINTR and is_repeated(name, args):
            result = _issue(call, args)
        return _result(call, args, result)
    except BaseException as error:
        _let_go(error)
        raise


def about(function: Any, what: str) -> Any:
    """The docstring of a function, or its signature."""
    name = function.__name__
    if what == "__signature__":
        return functions.signature(function)
    call = typed_call(name)
    return PageDoc(describe(name, [place.parameter for place in call.places], call.commands), name)


def ctypes(name: str) -> tuple[Any, ...]:
    """Of each parameter its C type, and that of an array of what it points to."""
    found: list[Any] = []
    for place in typed_call(name).places:
        found += (place.ctype, place.array)
    return tuple(found)


def _let_go(error: BaseException | None) -> None:
    """Let no frame of the conversions keep memory locked for as long as the exception lives."""
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            space = trace.tb_frame.f_globals
            if space is globals() or space is typed.__dict__:
                try:
                    trace.tb_frame.clear()
                except RuntimeError:  # it still runs
                    pass
            trace = trace.tb_next
        error = error.__context__


def _as_told(call: TypedCall, index: int, args: Sequence[Any], told: Told | None) -> Any:
    place = told.places[index] if told else call.places[index]
    need = told.needs(*args)[index] if told else 0
    if call.places[index].parameter.kind != "memory":
        return typed.word(args[index], place, told, need, args[0])
    return (typed.followed if place.how else _plain)(args[index], place, need, args[0])


def _plain(arg: Any, place: BoundParameter, need: int, first: Any) -> Any:
    return typed.memory(arg, place, need)


def _strict(call: TypedCall, args: tuple[Any, ...]) -> list[Any]:
    """Every argument as CFFI takes it. The errors are those that the caller sees."""
    found: list[Any] = list(args)
    for index, place in enumerate(call.places):
        if place.parameter.kind in ("int", "fd"):
            found[index] = typed.number(args[index], place)
    told = call.told(found)
    if told:  # a word may be a number under this command, and the length of memory
        for index, place in enumerate(told.places):
            if place.parameter.kind == "int" and call.places[index].parameter.kind == "word":
                found[index] = typed.word(args[index], place)
    needs = call.needs(*found)
    for index, place in enumerate(call.places):
        kind, arg = place.parameter.kind, args[index]
        if kind in ("word", "address"):
            found[index] = _as_told(call, index, found, told)
            if type(found[index]) is int:
                found[index] = typed.number(found[index], place)
        elif kind in ("path", "string"):
            found[index] = typed.text(arg, place)
        elif kind == "strings":
            found[index] = typed.strings(arg, place)
        elif kind == "memory":
            if told and index in call.commands.varied:  # type: ignore[union-attr]  # told: there are commands
                found[index] = _as_told(call, index, found, told)
            elif place.how:
                found[index] = typed.followed(arg, place, needs[index], found[0])
            else:
                found[index] = typed.memory(arg, place, needs[index])
            _check_pointer(found[index], place)
    return found


def _check_pointer(arg: Any, place: BoundParameter) -> None:
    """Refuse a pointer to something else."""
    try:
        ffi.new(ffi.getctype(place.ctype, "[1]"), [arg])
    except TypeError:
        own, other = (one.cname.replace("kernel_", "") for one in (place.ctype, ffi.typeof(arg)))
        raise TypeError(f"{place.title}: this leads to {other}, not {own}") from None


def _issue(call: TypedCall, args: tuple[Any, ...]) -> int:
    values = _strict(call, args)
    passed: list[Any] = []
    try:
        if call.conditional:
            _refuse(call, values[0])
        passed += map(_passed, call.places, values)
        result: int = call.issue(*passed)
        for value in values:
            if type(value) is Copy:
                value.give_back()
        return result
    finally:  # an exception's traceback would keep the memory locked
        values.clear()
        passed.clear()


def _passed(place: BoundParameter, value: Any) -> Any:
    """A converted argument as the C function takes it."""
    if place.parameter.kind == "strings":
        return value[0]
    if place.parameter.kind in ("word", "address") and type(value) is not int:
        return typed.address(value.pointer if type(value) is Copy else value)
    return value


def is_repeated(name: str, args: tuple[Any, ...]) -> bool:
    """Whether an interrupted call is made again."""
    return restart.is_repeated(name, [*map(_restart_word, typed_call(name).places, args)])


def _restart_word(place: BoundParameter, arg: object) -> int:
    """An argument as pysys.policy.restart looks at it: pointers count as NULL or not."""
    if place.parameter.kind in ("int", "fd"):
        return typed.number(arg, place)
    if isinstance(arg, int):
        return _index(arg)
    if arg is None or (isinstance(arg, typed.CData) and arg == typed.NULL):
        return 0
    return 1


def _result(call: TypedCall, args: tuple[Any, ...], result: int) -> int:
    if result >= 0:
        return result
    result = kept.value(call.name, result, errors.MAX_ERRNO)
    if (
        not -errors.MAX_ERRNO <= result < 0
    ):  # a position, or a count of ticks that went round, is negative, too
        return result
    if result == -EINTR and is_repeated(call.name, args):
        return settle(call.name, args, result)
    filename, filename2, *_ = [*typed.paths(call.places, args), None, None]
    made = load("pysys.errors.arguments").kept([place.parameter for place in call.places], args)
    raise errors.error(-result, call.name, filename=filename, filename2=filename2, arguments=made)


def _refuse(call: TypedCall, first: Any) -> None:
    """Raise if the call must not be made with this first argument."""
    if type(first) is not int:
        place = call.places[0]
        if place.parameter.kind == "address":
            first = _passed(place, typed.word(first, place))
        first = typed.number(first, place)
    if why := refusals.reason_for(call.name, [first]):
        raise errors.RefusedError(refusals.text(call.name, why), syscall=call.name)
