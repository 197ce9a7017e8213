"""Makes the typed function of a call, from what pysys.parameters knows of its parameters.

The function is made from source, as namedtuple does it: its arguments go straight to the C function of
build_calls.py, which takes what fits; only where that fails are they looked at one by one, by `again`,
which converts, or says by name what is wrong. That is safe because CFFI converts every argument before it
makes the call. Memory is the exception: that it is long enough, and may be written to, is seen first.
"""

from __future__ import annotations

from errno import EINTR
from os import sysconf
from sys import audit

from pysys import errors, kept, parameters, refusals, restart
from pysys._native import ffi, lib
from pysys.calls import convert
from pysys.calls.convert import Place
from pysys.calls.describe import describe
from pysys.loading import load
from pysys.metadata.doc import PageDoc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pysys.parameters import Parameter

_MAX_ERRNO = 4095
_LONG = ffi.sizeof("kernel_long")
_PAGE = sysconf("SC_PAGESIZE")

# Calls whose result is an address, which may look negative.
_ADDRESSES = frozenset({"brk", "get_tls", "mmap", "mmap2", "mremap", "shmat"})

# Calls without an audit event, as their like in os: they read, write, wait, or tell what anybody may know.
_QUIET = frozenset(
    """
    clock_getres clock_gettime clock_gettime64 clock_nanosleep epoll_pwait epoll_pwait2 epoll_wait fstat
    futex futex_wait futex_waitv futex_wake getcpu getegid geteuid getgid getpgid getpgrp getpid getppid
    getrandom getsid gettid gettimeofday getuid lseek membarrier nanosleep pause poll ppoll
    pread64 preadv preadv2 pselect6 pwrite64 pwritev pwritev2 read readv restart_syscall rseq_slice_yield
    sched_yield select time times write writev
    """.split()
)


class Call:
    """What is known of a call that this ABI has."""

    __slots__ = ("conditional", "issue", "name", "needs", "places")

    def __init__(self, name: str, issue: Callable[..., int], places: tuple[Place, ...]) -> None:
        self.name = name
        self.issue = issue
        self.places = places
        self.conditional = refusals.depends_on_arguments(name)
        self.needs: Callable[..., tuple[int, ...]]


def build(name: str) -> Callable[..., int]:
    """The function of a call, for pysys.calls.direct; for one that cannot be made, one that says so.

    Raises numbers.UnknownCallError for a name that no ABI has.
    """
    issue = getattr(lib, f"call_{name}", None)
    if issue is not None:
        return _made(name, issue, parameters.merged(kept.defined(name) or ()))
    numbers = load("pysys.numbers")
    try:
        number = numbers.number(name)
    except numbers.NoNumberError as error:
        text = str(error)
        return _raising(name, lambda: errors.NoNumber(text, syscall=name))
    if why := refusals.reason(name, numbers.entry(name)):
        text = f"pysys.calls does not make {name}: {why}"
        return _raising(name, lambda: errors.RefusedError(text, syscall=name))
    # A number without a definition: the kernel itself says that there is none.
    return _made(name, lambda: int(lib.pysys_syscall0(number)), ())


def _made(name: str, issue: Any, known: tuple[Parameter, ...]) -> Callable[..., int]:
    arguments = ffi.typeof(issue).args if known else ()
    places = tuple(Place(name, one, kind) for one, kind in zip(known, arguments, strict=True))
    call = Call(name, issue, places)
    space = _space(call)
    exec(_source(call), space)  # compile() would make Python's types of syntax trees first: 2 ms
    call.needs = space["_needs"]
    return finish(space[identifier(name)], name, describe(name, known))


def finish(function: Any, name: str, text: str, module: str = "pysys.calls.direct") -> Callable[..., Any]:
    """Give a function that was made from source a docstring, below which help() shows the page."""
    function.__code__ = function.__code__.replace(co_filename=f"<{module}.{name}>")
    function.__module__ = module
    function.__qualname__ = function.__name__
    function.__doc__ = PageDoc(text, name)
    made: Callable[..., Any] = function
    return made


def _raising(name: str, error: Callable[[], Exception]) -> Callable[..., int]:
    """A function with the call's usual parameters that only says why it cannot be made."""
    known = kept.usual(name) or ()
    header = ", ".join(one.python for one in known)
    space: dict[str, Any] = {"error": error}
    exec(f"def {identifier(name)}({header}):\n    raise error()", space)
    return finish(space[identifier(name)], name, describe(name, known))


def identifier(name: str) -> str:
    """The name of a call's function: of all calls, one is named as a word of Python's."""
    return "break_" if name == "break" else name


# ---- the source ----

# What the source refers to begins with an underscore: parameters do not, and some are called len or type.
_SPACE: dict[str, Any] = {
    "_CHARS": convert.CHARS,
    "_Owned": convert.OwnedCData,
    "_address": convert.address,
    "_audit": audit,
    "_from_buffer": convert.from_buffer,
    "_int": int,
    "_len": len,
    "_max": max,
    "_memory": convert.memory,
    "_pointed_int": convert.pointed_int,
    "_strings": convert.strings,
    "_text": convert.text,
    "_type": type,
    "_word": convert.word,
}


def _space(call: Call) -> dict[str, Any]:
    space = {
        **_SPACE,
        "_again": again,
        "_call": call,
        "_issue": call.issue,
        "_refuse": _refuse,
        "_settle": settle,
    }
    for index, place in enumerate(call.places):
        space[f"_place{index}"] = place
    return space


def _source(call: Call) -> str:
    """The function, and `_needs`: how many bytes each argument must have."""
    names = [place.name for place in call.places]
    given = ", ".join(names)
    args = f"({given},)" if names else "()"
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
    if call.name in _ADDRESSES:
        good, value = f"result >= 0 or result < -{_MAX_ERRNO}", f"result & {convert.MAX_WORD}"
    release = [f"{' = '.join(held)} = None"] if held else []  # a traceback would keep the memory locked
    lines = [f"def {identifier(call.name)}({given}):"]
    if call.name not in _QUIET:
        lines.append(f"    _audit('pysys.syscall', {call.name!r}, {args})")
    if names:
        lines += [
            "    try:",
            *(f"        {line}" for line in before),
            f"        result = _issue({', '.join(passed)})",
            "    except (TypeError, ValueError, OverflowError, BufferError):",
            *(f"        {line}" for line in release),
            f"        return _again(_call, {args})",
        ]
        if release:  # the handler of a signal raised
            lines += ["    except BaseException:", *(f"        {line}" for line in release), "        raise"]
    else:
        lines.append("    result = _issue()")
    lines += [
        f"    if {good}:",
        f"        return {value}",
        *(f"    {line}" for line in release),
        f"    return _settle(_call, {args}, result)",
        f"def _needs({given}):",
        f"    return ({''.join(_need(call, place) + ', ' for place in call.places)})",
    ]
    return "\n".join(lines)


def _conversion(call: Call, index: int, place: Place) -> tuple[list[str], str, list[str]]:
    """Lines that convert an argument, what is passed, and the local names that hold memory."""
    name, local, kind = place.name, f"_{index}", place.parameter.kind
    if kind in ("word", "address"):
        line = f"{local} = {name} if _type({name}) is _int else _word({name}, _place{index})"
        return [line], f"{local} if _type({local}) is _int else _address({local})", [local]
    if kind in ("path", "string"):
        return [f"{local} = _text({name}, _place{index})"], local, []
    if kind == "strings":
        return [f"{local} = _strings({name}, _place{index})"], f"{local}[0]", [local]
    if kind != "memory":
        return [], name, []
    need = _need(call, place)
    if not _is_quick(place):
        return [f"{local} = _memory({name}, _place{index}, {need})"], local, [local]
    lines = [
        f"if _type({name}) is _Owned and _len({name}) >= {need}:",
        f"    {local} = {name}",
        "else:",
        f"    {local} = _from_buffer(_CHARS, {name}, {place.written})",
        f"    if _len({local}) < {need}:",
        f"        _memory({name}, _place{index}, {need})",
    ]
    return lines, local, [local]


def _is_quick(place: Place) -> bool:
    """Whether memory is taken without a further function: arrays of chars, and what has a buffer."""
    length = place.parameter.length
    return place.array is convert.CHARS and not place.parameter.nullable and length.isidentifier()


def _need(call: Call, place: Place) -> str:
    """An expression: how many bytes the kernel is told of. The notation is that of Parameter.length."""
    length, size = place.parameter.length, place.size
    if place.parameter.kind != "memory":
        return "0"
    if length in ("", "?"):
        return str(0 if length == "?" and size == 1 else size)
    what, _, unit = length.partition(" ")
    what, plus, _ = what.partition("+")
    what, minus, _ = what.partition("-")
    what, _, least = what.partition(">")
    if what.isdigit() and plus:
        return f"{what} + _pointed_int({place.name}, _place{call.places.index(place)})"
    if what.isdigit():
        return str(int(what) * (1 if unit == "bytes" else size))
    by_name = {one.parameter.name: one for one in call.places}
    source = by_name[what.removeprefix("*")]
    name = source.name
    if what.startswith("*"):
        return f"_pointed_int({name}, _place{call.places.index(source)})"
    if unit or plus or size > 1:  # numbers of others, as numpy's, go round where an int does not
        name = f"({name} if _type({name}) is _int else _int({name}))"
    if plus:
        return f"{name} + {_LONG}"
    if unit == "bits":
        word = max(size, _LONG)
        # Processes of 32 bits get a bit more of a result than 64-bit ones.
        count = f"_max({name} - 1, 0)" if minus and not (place.written and _LONG == 4) else name
        return f"({count} + {8 * word - 1}) // {8 * word} * {word}"
    if unit == "pages":
        return f"({name} + {_PAGE - 1}) // {_PAGE}"
    if least:
        return f"_max({name}, {least})"
    return name if unit == "bytes" or size <= 1 else f"{name} * {size}"


# ---- what happens when a call is not simply made ----


def again(call: Call, args: tuple[Any, ...]) -> int:
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
            if space is globals() or space is convert.__dict__:
                try:
                    trace.tb_frame.clear()
                except RuntimeError:  # it still runs
                    pass
            trace = trace.tb_next
        error = error.__context__


def _was_taken(call: Call, index: int, args: tuple[Any, ...]) -> bool:
    """Whether CFFI passes an argument as it is: then it was not what failed."""
    place, arg = call.places[index], args[index]
    if place.parameter.kind == "memory" and _is_quick(place):
        if isinstance(arg, convert.CData):
            try:
                return type(arg) is convert.OwnedCData and len(arg) >= call.needs(*args)[index]
            except (TypeError, ValueError):  # a pointer; another argument
                return False
        try:
            convert.from_buffer(convert.CHARS, arg, place.written)
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


def _strict(call: Call, args: tuple[Any, ...]) -> list[Any]:
    """Every argument as CFFI takes it. The errors are those that the caller sees."""
    found: list[Any] = list(args)
    for index, place in enumerate(call.places):
        if place.parameter.kind in ("int", "fd"):
            found[index] = convert.number(args[index], place)
    needs = call.needs(*found)
    for index, place in enumerate(call.places):
        kind, arg = place.parameter.kind, args[index]
        if kind in ("word", "address"):
            found[index] = convert.word(arg, place)
            if type(found[index]) is int:
                found[index] = convert.number(found[index], place)
        elif kind in ("path", "string"):
            found[index] = convert.text(arg, place)
        elif kind == "strings":
            found[index] = convert.strings(arg, place)
        elif kind == "memory":
            found[index] = convert.memory(arg, place, needs[index])
            _check_pointer(found[index], place)
    return found


def _check_pointer(arg: Any, place: Place) -> None:
    """Raise what CFFI says of a pointer to something else, with the parameter's name."""
    try:
        ffi.new(ffi.getctype(place.ctype, "[1]"), [arg])
    except TypeError as error:
        text = str(error)
        if place.ctype.item.kind in ("struct", "union"):
            own, other = (one.cname.replace("kernel_", "") for one in (place.ctype, ffi.typeof(arg)))
            text = f"this leads to {other}, not {own}"
        raise TypeError(f"{place.title}: {text}") from None


def _issue(call: Call, args: tuple[Any, ...]) -> int:
    values = _strict(call, args)
    passed: list[Any] = []
    try:
        if call.conditional:
            _refuse(call, values[0])
        passed += map(_passed, call.places, values)
        result: int = call.issue(*passed)
        return result
    finally:  # an exception's traceback would keep the memory locked
        values.clear()
        passed.clear()


def _passed(place: Place, value: Any) -> Any:
    """A converted argument as the C function takes it."""
    if place.parameter.kind == "strings":
        return value[0]
    if place.parameter.kind in ("word", "address") and type(value) is not int:
        return convert.address(value)
    return value


def settle(call: Call, args: tuple[Any, ...], result: int) -> int:
    """What a negative result means: the call is made again, or raises its error."""
    # Between two rounds the interpreter runs the handlers of signals.
    while result == -EINTR and restart.is_repeated(call.name, [*map(_restart_word, args)]):
        result = _issue(call, args)
    return _result(call, args, result)


def _restart_word(arg: object) -> int:
    """An argument as pysys.restart looks at it: pointers count as NULL or not."""
    if isinstance(arg, int):
        return arg
    if arg is None or (isinstance(arg, convert.CData) and arg == convert.NULL):
        return 0
    return 1


def _result(call: Call, args: tuple[Any, ...], result: int) -> int:
    if result >= 0:
        return result
    if result < -_MAX_ERRNO:  # no error: an address, a position, a count of ticks that went round
        return result & convert.MAX_WORD if call.name in _ADDRESSES else result
    if result == -EINTR and restart.is_repeated(call.name, [*map(_restart_word, args)]):
        return settle(call, args, result)
    filename, filename2, *_ = [*convert.paths(call.places, args), None, None]
    raise errors.error(-result, call.name, filename=filename, filename2=filename2)


def _refuse(call: Call, first: Any) -> Any:
    """The first argument as an int; raise if the call must not be made with it."""
    if type(first) is not int:
        place = call.places[0]
        if place.parameter.kind == "address":
            first = _passed(place, convert.word(first, place))
        first = convert.number(first, place)
    if why := refusals.reason_for(call.name, [first]):
        raise errors.RefusedError(f"pysys.calls does not make {call.name}: {why}", syscall=call.name)
    return first
