"""Makes the typed function of a call, from what pysys.parameters knows of its parameters.

The function is made from source, as namedtuple does it: its arguments go straight to the C function of
build_calls.py, which takes what fits; only where that fails are they looked at one by one, by `again`,
which converts, or says by name what is wrong. That is safe because CFFI converts every argument before it
makes the call. Memory is the exception: that it is long enough, and may be written to, is seen first; so
is what a command says of it, unless all that it decides about are ints.
"""

from __future__ import annotations

from errno import EINTR
from sys import audit

from pysys import errors
from pysys._native import ffi, lib
from pysys.arguments import bound, integers, kept, multiplexed, typed
from pysys.arguments.multiplexed import Copy
from pysys.arguments.typed import BoundParameter
from pysys.calls._make.describe import describe
from pysys.metadata.doc import PageDoc
from pysys.policy import refusals, restart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pysys.arguments.multiplexed import Told
    from pysys.parameters import Parameter
    from pysys.policy.fate import Fate

_compiled = bound.compiled


class TypedCall:
    """What is known of a call that this ABI has. is_address: of its result, which may look negative."""

    __slots__ = ("commands", "conditional", "is_address", "issue", "name", "needs", "places")

    def __init__(
        self, name: str, issue: Callable[..., int], places: tuple[BoundParameter, ...], *, conditional: bool
    ) -> None:
        self.name = name
        self.issue = issue
        self.places = places
        self.is_address = "address" in kept.behaviour(name)
        self.conditional = conditional
        self.needs = _compiled(places, typed.unsigned)
        self.commands = multiplexed.commands(name, places, self._under, typed.unsigned)

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
            second if isinstance(second, int) else 0,
        )


# Those made by now: pysys.calls and pysys.calls.direct share them.
_functions: dict[str, Callable[..., int]] = {}


def build(found: Fate) -> Callable[..., int]:
    """The function of a call exactly as this ABI has it; for one that is not made, a function that says why.

    Raises numbers.UnknownCallError for a name that no ABI has.
    """
    made = _functions.get(found.name)
    if made is None:  # or another thread was first
        made = _functions.setdefault(found.name, _new(found))
    return made


def _new(found: Fate) -> Callable[..., int]:
    name = found.name
    issue = getattr(lib, f"call_{name}", None)  # which build_calls.py has made if it is to be made
    if issue is not None:
        return _made(found, issue, kept.own(name))
    text, number = found.unmade(), found.number
    if number is None:
        return _raising(name, "", lambda: errors.NoNumber(text, syscall=name))
    if found.refusal:
        return _raising(name, text, lambda: errors.RefusedError(text, syscall=name))
    # A number without a definition: the kernel itself says that nothing is behind it.
    return _made(found, lambda: int(lib.pysys_syscall0(number)), ())


def _made(found: Fate, issue: Any, known: tuple[Parameter, ...]) -> Callable[..., int]:
    name = found.name
    arguments = ffi.typeof(issue).args if known else ()
    places = tuple(BoundParameter(name, one, kind) for one, kind in zip(known, arguments, strict=True))
    call = TypedCall(name, issue, places, conditional=found.conditional)
    space = _space(call)
    exec(_source(call), space)  # compile() would make Python's types of syntax trees first: 2 ms
    return finish(_with_newer(space[identifier(name)], known), name, describe(name, known, call.commands))


def _with_newer(function: Any, known: Sequence[Parameter]) -> Any:
    """The function, of which callers may omit what a newer kernel added."""
    function.__defaults__ = tuple(default(one) for one in known if one.since) or None
    return function


def default(one: Parameter) -> int | None:
    """What a call is given for a parameter with a default that its caller omits."""
    return None if one.default == "NULL" else 0


def omitting(function: Any, known: Sequence[Parameter] | None = None) -> Callable[..., int]:
    """The same function, of which callers may omit the last arguments that have a default.

    known: the parameters with the names that the function has; by default those that it was made from.
    """
    if known is None:
        known = function.__globals__["_known"]
    omitted = {one.python: default(one) for one in known if one.default}
    code = function.__code__
    defaults: list[int | None] = []
    for one in reversed(code.co_varnames[: code.co_argcount]):
        if one not in omitted:
            break
        defaults.insert(0, omitted[one])
    made: Callable[..., int] = function
    if len(defaults) > len(function.__defaults__ or ()):  # direct keeps its own, without defaults
        made = type(function)(code, function.__globals__, function.__name__, tuple(defaults))
        made.__doc__ = function.__doc__
        made.__module__ = function.__module__
        made.__qualname__ = function.__qualname__
    return made


def finish(function: Any, name: str, text: str, module: str = "pysys.calls.direct") -> Callable[..., Any]:
    """Give a function that was made from source a docstring, below which help() shows the page."""
    function.__code__ = function.__code__.replace(co_filename=f"<{module}.{name}>")
    function.__module__ = module
    function.__qualname__ = function.__name__
    function.__doc__ = PageDoc(text, name)
    made: Callable[..., Any] = function
    return made


def _raising(name: str, refusal: str, error: Callable[[], Exception]) -> Callable[..., int]:
    """A function with the call's usual parameters that only says why it cannot be made.

    refusal: the reason, if that is not this ABI's alone.
    """
    known = kept.usual(name) or ()
    header = ", ".join(one.python for one in known)
    space: dict[str, Any] = {"error": error, "_known": known}
    exec(f"def {identifier(name)}({header}):\n    raise error()", space)
    return finish(_with_newer(space[identifier(name)], known), name, describe(name, known, refusal=refusal))


def identifier(name: str) -> str:
    """The name of a call's function: of all calls, one is named as a word of Python's."""
    return "break_" if name == "break" else name


# ---- the source ----

# What the source refers to begins with an underscore: parameters do not, and some are called len or type.
_SPACE: dict[str, Any] = {
    "_CHARS": typed.CHARS,
    "_Owned": typed.OwnedCData,
    "_address": typed.address,
    "_audit": audit,
    "_followed": typed.followed,
    "_from_buffer": typed.from_buffer,
    "_len": len,
    "_memory": typed.memory,
    "_sizeof": typed.sizeof,
    "_strings": typed.strings,
    "_text": typed.text,
    "_unsigned": typed.unsigned,
    **bound.SPACE,
}


def _space(call: TypedCall) -> dict[str, Any]:
    space = {
        **_SPACE,
        "_UncertainError": _UncertainError,
        "_again": again,
        "_call": call,
        "_commanded": _commanded,
        "_issue": call.issue,
        "_known": tuple(place.parameter for place in call.places),
        "_looked_after": _looked_after,
        "_refuse": _refuse,
        "_settle": settle,
    }
    for index, place in enumerate(call.places):
        space[f"_place{index}"] = place
    return space


def _source(call: TypedCall) -> str:
    """The function."""
    names = [place.name for place in call.places]
    listed = ", ".join(names)
    args = f"({listed},)" if names else "()"
    before: list[str] = []
    held: list[str] = []
    passed = []
    for index, place in enumerate(call.places):
        lines, value, holds = _conversion(call, index, place)
        before += lines
        passed.append(value)
        held += holds
    if call.conditional:
        before.insert(0, f"{names[0]} = _refuse(_call, {names[0]})")
    good, value = "result >= 0", "result"
    if call.is_address:
        good, value = f"result >= 0 or result < -{errors.MAX_ERRNO}", f"result & {typed.MAX_WORD}"
    release = [f"{' = '.join(held)} = None"] if held else []  # a traceback would keep the memory locked
    lines = [f"def {identifier(call.name)}({listed}):"]
    if "quiet" not in kept.behaviour(call.name):
        lines.append(f"    _audit('pysys.syscall', {call.name!r}, {args})")
    if names:
        lines += [
            "    try:",
            *(f"        {line}" for line in before),
            f"        result = _issue({', '.join(passed)})",
        ]
        if call.commands:
            lines += [
                "    except _UncertainError:",
                *(f"        {line}" for line in release),
                "        result = None",
            ]
        lines += [
            "    except (TypeError, ValueError, OverflowError, BufferError):",
            *(f"        {line}" for line in release),
            f"        return _again(_call, {args})",
        ]
        if release:  # the handler of a signal raised
            lines += ["    except BaseException:", *(f"        {line}" for line in release), "        raise"]
    else:
        lines.append("    result = _issue()")
    if call.commands:  # not where the exception is handled: it would keep the memory locked
        lines += ["    if result is None:", f"        return _looked_after(_call, {args})"]
    lines += [
        f"    if {good}:",
        f"        return {value}",
        *(f"    {line}" for line in release),
        f"    return _settle(_call, {args}, result)",
    ]
    return "\n".join(lines)


# Whether a number is what 32 bits can mean.
_NARROW = f"{integers.NARROW[0]} <= {{}} <= {integers.NARROW[1]}"


def _conversion(call: TypedCall, index: int, place: BoundParameter) -> tuple[list[str], str, list[str]]:
    """Lines that convert an argument, what is passed, and the local names that hold memory."""
    name, local, kind = place.name, f"_{index}", place.parameter.kind
    args = f"({', '.join(one.name for one in call.places)},)"
    commanded = call.commands is not None and index in call.commands.varied
    if kind in ("word", "address"):
        other = f"0 if {name} is None else _commanded(_call, {index}, {args})"
        narrow = f" and {_NARROW.format(name)}" if call.commands and index in call.commands.narrow else ""
        line = f"{local} = {name} if _type({name}) is _int{narrow} else {other}"
        return [line], f"{local} if _type({local}) is _int else _address({local})", [local]
    if commanded and kind == "memory":
        return [f"{local} = _commanded(_call, {index}, {args})"], local, [local]
    if kind in ("path", "string"):
        return [f"{local} = _text({name}, _place{index})"], local, []
    if kind == "strings":
        return [f"{local} = _strings({name}, _place{index})"], f"{local}[0]", [local]
    if kind != "memory":
        return [f"if not {_NARROW.format(name)}: raise OverflowError"] * place.parameter.narrow, name, []
    need = bound.need(call.places, index)
    if place.how:
        first = call.places[0].name
        return [f"{local} = _followed({name}, _place{index}, {need}, {first})"], local, [local]
    if not _is_quick(place):
        return [f"{local} = _memory({name}, _place{index}, {need})"], local, [local]
    lines = [
        # Of one that has items without a size the length says nothing.
        f"if _type({name}) is _Owned and _len({name}) >= {need} <= _sizeof({name}):",
        f"    {local} = {name}",
        "else:",
        f"    {local} = _from_buffer(_CHARS, {name}, {place.written})",
        f"    if _len({local}) < {need}:",
        f"        _memory({name}, _place{index}, {need})",
    ]
    return lines, local, [local]


def _is_quick(place: BoundParameter) -> bool:
    """Whether memory is taken without a further function: arrays of chars, and what has a buffer."""
    length = place.parameter.length
    return (
        place.array is typed.CHARS
        and not place.parameter.nullable
        and not place.how
        and length.isidentifier()
    )


# ---- what happens when a call is not simply made ----


def again(call: TypedCall, args: tuple[Any, ...]) -> int:
    """After CFFI or a conversion refused an argument: convert them all and make the call.

    An exception that came from elsewhere, the handler of a signal, goes on: the call is not made twice.
    """
    try:
        if not all(_was_taken(call, index, args) for index in range(len(args))):
            return _result(call, args, _issue(call, args))
        _strict(call, args)
    except BaseException as error:
        _let_go(error)
        raise error from None  # what CFFI said is of no use to the caller
    raise  # noqa: PLE0704  # what the function that called is handling


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


class _UncertainError(Exception):
    """Memory has to be copied for the call, and back after it."""


def _commanded(call: TypedCall, index: int, args: tuple[Any, ...]) -> Any:
    """An argument of which the command decides what it is. _UncertainError if a copy has to be given back."""
    found = _as_told(call, index, args, call.told(args))
    if type(found) is Copy:
        if found.is_returned:
            raise _UncertainError
        return found.pointer
    return found


def _as_told(call: TypedCall, index: int, args: Sequence[Any], told: Told | None) -> Any:
    place = told.places[index] if told else call.places[index]
    need = told.needs(*args)[index] if told else 0
    if call.places[index].parameter.kind != "memory":
        return typed.word(args[index], place, told, need, args[0])
    return (typed.followed if place.how else _plain)(args[index], place, need, args[0])


def _plain(arg: Any, place: BoundParameter, need: int, first: Any) -> Any:
    return typed.memory(arg, place, need)


def _looked_after(call: TypedCall, args: tuple[Any, ...]) -> int:
    """The call, with copies of memory that are given back."""
    return _result(call, args, _issue(call, args))


def _was_taken(call: TypedCall, index: int, args: tuple[Any, ...]) -> bool:
    """Whether CFFI passes an argument as it is: then it was not what failed."""
    place, arg = call.places[index], args[index]
    if place.parameter.kind == "memory" and _is_quick(place):
        if isinstance(arg, typed.CData):
            try:
                need = call.needs(*args)[index]
                return type(arg) is typed.OwnedCData and len(arg) >= need <= typed.sizeof(arg)
            except (TypeError, ValueError):  # a pointer; another argument
                return False
        try:
            typed.from_buffer(typed.CHARS, arg, place.written)
        except (BufferError, TypeError, ValueError):
            return False
        return True
    if place.parameter.kind in ("word", "address"):
        return not isinstance(arg, int) or bool(place.low <= arg <= place.high)
    if place.parameter.kind not in ("int", "fd"):
        return True  # the conversions that come before it raise the same again
    if not hasattr(type(arg), "__int__"):
        return False
    try:
        value = int(arg)
    except (TypeError, ValueError):
        return False
    return bool(place.low <= value <= place.high)


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


def settle(call: TypedCall, args: tuple[Any, ...], result: int) -> int:
    """What a negative result means: the call is made again, or raises its error."""
    # Between two rounds the interpreter runs the handlers of signals.
    while result == -EINTR and _is_repeated(call, args):
        result = _issue(call, args)
    return _result(call, args, result)


def _is_repeated(call: TypedCall, args: tuple[Any, ...]) -> bool:
    """Whether an interrupted call is made again."""
    return restart.is_repeated(call.name, [*map(_restart_word, call.places, args)])


def _restart_word(place: BoundParameter, arg: object) -> int:
    """An argument as pysys.policy.restart looks at it: pointers count as NULL or not."""
    if place.parameter.kind in ("int", "fd"):
        return typed.number(arg, place)
    if isinstance(arg, int):
        return arg
    if arg is None or (isinstance(arg, typed.CData) and arg == typed.NULL):
        return 0
    return 1


def _result(call: TypedCall, args: tuple[Any, ...], result: int) -> int:
    if result >= 0:
        return result
    if result < -errors.MAX_ERRNO:  # no error: an address, a position, a count of ticks that went round
        return result & typed.MAX_WORD if call.is_address else result
    if result == -EINTR and _is_repeated(call, args):
        return settle(call, args, result)
    filename, filename2, *_ = [*typed.paths(call.places, args), None, None]
    raise errors.error(-result, call.name, filename=filename, filename2=filename2)


def _refuse(call: TypedCall, first: Any) -> Any:
    """The first argument as an int; raise if the call must not be made with it."""
    if type(first) is not int:
        place = call.places[0]
        if place.parameter.kind == "address":
            first = _passed(place, typed.word(first, place))
        first = typed.number(first, place)
    if why := refusals.reason_for(call.name, [first]):
        raise errors.RefusedError(refusals.text(call.name, why), syscall=call.name)
    return first
