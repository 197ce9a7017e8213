"""What C converts, and what Python converts where C does not: the same is taken, refused and passed.

Each function of a typed call is compared with `convert`, to which C turns with what it does not take itself.
"""

from __future__ import annotations

import copy
import functools
import gc
import inspect
import os
import pickle
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import typing
import weakref
from collections.abc import Callable
from operator import methodcaller
from typing import Any

import pytest
import safe_calls
from any_arguments import EDGES, NEEDED, OTHERS
from isolated import only_calls
from paths import SUPPORT

from pysys import abi, calls, errors, numbers, parameters, signatures, structures, syscall
from pysys._native import ffi
from pysys.calls import direct
from pysys.calls._make.build import family, is_made
from pysys.calls._make.in_python import convert
from pysys.flags import OpenFlags

HERE = abi.current()
VALUES: list[Any] = [
    *EDGES,
    None,
    True,
    1.5,
    OpenFlags.O_CREAT,
    "x",
    "x\0y",
    "\udcff",
    "\ud800",
    b"x" * 9,
    b"x\0y",
    [],
    [1],
    *OTHERS,
]


def _made() -> list[str]:
    """The calls that C makes, but for those that the interpreter cannot do without."""
    return [
        name
        for name in sorted(numbers.table())
        if is_made(getattr(direct, name, None)) and name not in NEEDED
    ]


def _outcome(function: Callable[..., Any], *args: Any) -> tuple[type, str, Any]:
    """The exception that all of these calls end with: its class, text and file name."""
    try:
        result = function(*args)
    except (errors.SyscallError, errors.RefusedError, TypeError, ValueError, OverflowError) as error:
        return type(error), str(error), getattr(error, "filename", None)
    raise AssertionError(f"{function} went through: {result}")


@pytest.mark.widths
@pytest.mark.isolated(timeout=300)
def test_the_same_is_taken_and_refused() -> None:
    """Each argument of each call, replaced by whatever there is. The kernel refuses all that gets to it."""
    events: list[tuple[Any, ...]] = []
    sys.addaudithook(lambda event, args: events.append(args) if event == "pysys.syscall" else None)
    names = _made()
    for name in names:
        _outcome(convert, name, tuple(object() for _ in direct.__dict__[name].parameters) or (object(),))
    only_calls([numbers.number(name) for name in NEEDED if name in numbers.table()], 1)
    compared = 0
    for name in names:
        function, args = getattr(direct, name), safe_calls.safe(name)[0]
        quiet = "quiet" in parameters.behaviour(name, HERE)
        for index in range(len(args)):
            for value in VALUES:
                count = sys.getrefcount(value)
                changed = (*args[:index], value, *args[index + 1 :])
                events.clear()
                ours = _outcome(function, *changed)
                assert events == ([] if quiet else [(name, changed)]), (name, changed)
                assert ours == _outcome(convert, name, changed), (name, changed)
                del changed, ours
                events.clear()
                if not isinstance(value, (int, type, type(None))):  # which others use
                    assert sys.getrefcount(value) == count, (name, value)
                compared += 1
    assert compared > 10000


@pytest.mark.widths
@pytest.mark.isolated(timeout=300)
def test_syscall_takes_and_refuses_the_same() -> None:
    """The same of syscall(), which makes calls in C and in Python."""
    from pysys import raw_in_python

    names = [name for name in sorted(numbers.table()) if name not in NEEDED]
    made = []
    for name in names:
        try:
            made.append(raw_in_python.find(name).name)
        except (errors.NoNumber, errors.RefusedError):
            pass
    only_calls([numbers.number(name) for name in NEEDED if name in numbers.table()], 1)
    compared = 0
    for name in filter(None, made):
        if parameters.defined(name, HERE) != parameters.parameters(name, HERE):
            continue  # a position in two pieces, which the safe arguments have in one
        args = safe_calls.safe(name)[0]
        for index in range(len(args)):
            for value in VALUES:
                changed = (*args[:index], value, *args[index + 1 :])
                assert _outcome(syscall, name, *changed) == _outcome(raw_in_python.syscall, name, *changed), (
                    name,
                    changed,
                )
                compared += 1
    assert compared > 10000


# ---- objects that are not what they say ----


class Number(int):
    """Has another value by each of its methods."""

    def __int__(self) -> int:
        return 5

    __index__ = __int__

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        raise KeyboardInterrupt

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __mul__(self, other: object) -> int:
        return 0

    __rmul__ = __and__ = __rand__ = __mul__


class Text(str):
    """Likewise."""

    def encode(self, *args: object) -> bytes:
        return b"/nonexistent/pysys"

    def __contains__(self, other: object) -> bool:
        return False

    def __str__(self) -> str:
        return "close"

    def __eq__(self, other: object) -> bool:
        raise KeyboardInterrupt

    def __hash__(self) -> int:
        raise KeyboardInterrupt


class Data(bytes):
    """Likewise."""

    def __len__(self) -> int:
        return 1 << 20

    def __contains__(self, other: object) -> bool:
        return False

    def rstrip(self, *args: object) -> bytes:
        return b""


@pytest.mark.parametrize("way", ["C", "Python"])
def test_only_the_value_of_a_subclass_counts(way: str) -> None:
    """Not what its methods answer."""
    from pysys import raw, raw_in_python

    def typed(name: str, *args: Any) -> int:
        return getattr(direct, name)(*args) if way == "C" else convert(name, args)

    plain: Callable[..., int] = syscall if way == "C" else raw_in_python.syscall
    assert typed("faccessat", Number(-100), Text("/"), Number(0)) == 0
    assert typed("lseek", os.open(os.devnull, os.O_RDONLY), Number(0), Number(0)) == 0
    for wrong in (Text("/\0"), Data(b"/\0x")):
        for name, args in (("faccessat", (-100, wrong, 0)), ("fsopen", (wrong, 0))):
            with pytest.raises(ValueError, match="null byte"):
                typed(name, *args)
            with pytest.raises(ValueError, match="null byte"):
                plain(name, *args)
    with pytest.raises(ValueError, match="1 byte long, but"):
        typed("write", -1, Data(b"x"), 100)
    with pytest.raises(ValueError, match="1 byte long, but"):
        plain("write", -1, Data(b"x"), 100)
    with pytest.raises(ValueError, match="8 bytes long, but"):
        typed("pread64", -1, bytearray(8), Number(9), 0)
    read, write = os.pipe()
    try:
        found = typed("fcntl", read, 0, Number(300))  # F_DUPFD
        os.close(found)
        assert found >= 300
        found = plain("fcntl", read, 0, Number(300))
        os.close(found)
        assert found >= 300
    finally:
        os.close(read)
        os.close(write)
    assert plain(Text("getppid")) == os.getppid()
    assert plain(Number(numbers.number("getppid"))) == os.getppid()
    kept = [*raw_in_python._calls, *raw._plain]
    assert {*map(type, kept)} <= {int, str}
    assert all(type(one.name) is str for one in raw_in_python._calls.values())


class Elsewhere(bytearray):
    """Has memory, and says that it is elsewhere."""

    cdata: Any


def test_memory_of_an_attribute() -> None:
    """An object's attribute `cdata` is its memory, whatever else it has."""
    read, write = os.pipe()
    try:
        os.write(write, b"abab")
        for way in (direct.read, lambda *args: convert("read", args), lambda *args: syscall("read", *args)):
            arg = Elsewhere(4)
            arg.cdata = ffi.new("char[]", 4)
            os.write(write, b"abab")
            assert way(read, arg, 4) == 4
            assert (bytes(arg), ffi.buffer(arg.cdata)[:]) == (bytes(4), b"abab")
    finally:
        os.close(read)
        os.close(write)


class Raises(bytearray):
    """Cannot say where its memory is."""

    @property
    def cdata(self) -> Any:
        raise self.error

    error: type[BaseException]


@pytest.mark.parametrize("error", [AttributeError, KeyboardInterrupt, OSError, TypeError])
def test_memory_of_an_attribute_that_raises(error: type[BaseException]) -> None:
    """What the attribute raises is raised, but that there is none."""
    arg = Raises(8)
    arg.error = error
    expected = errors.EBADF if error is AttributeError else error
    for way in (direct.pread64, lambda *args: convert("pread64", args)):
        with pytest.raises(expected):
            way(-1, arg, 8, 0)


def test_memory_of_a_structure_that_was_changed() -> None:
    """What is put into the place of a structure's memory is looked at."""
    time, fixed = structures.timespec(), bytes(16)
    read, write = os.pipe()
    try:
        os.write(write, b"x" * 16)
        time.cdata = fixed
        for way in (direct.read, lambda *args: convert("read", args)):
            with pytest.raises(TypeError, match="buf must be a writable buffer"):
                way(read, time, 16)
        assert fixed == bytes(16)
    finally:
        os.close(read)
        os.close(write)
    extents: list[Any] = ["x", None, 1 << 70, -1, 15]
    for extent in extents:
        time = structures.timespec()
        time._extent = extent
        ours = _ends(functools.partial(direct.clock_gettime, 0, time))
        assert ours == _ends(functools.partial(convert, "clock_gettime", (0, time))), extent


@pytest.mark.skipif(sys.version_info < (3, 12), reason="before Python 3.12 a class cannot have __buffer__")
def test_memory_of_a_class() -> None:
    """A class with __buffer__ is memory, but for text; what it raises is raised."""

    class Memory:
        def __init__(self, error: type[BaseException] | None = None) -> None:
            self.data = bytearray(8)
            self.error = error

        def __buffer__(self, flags: int) -> memoryview:
            if self.error:
                raise self.error
            return memoryview(self.data)

    class Both(str):
        def __buffer__(self, flags: int) -> memoryview:
            return memoryview(bytearray(8))

    for arg in (Memory(), Memory(KeyboardInterrupt), Memory(BufferError), Memory(OSError), Both("x")):
        ours = _ends_at_all(functools.partial(direct.pread64, -1, arg, 8, 0))
        assert ours == _ends_at_all(functools.partial(convert, "pread64", (-1, arg, 8, 0))), arg


def _ends_at_all(call: Callable[[], object]) -> type:
    try:
        return type(call())
    except BaseException as error:
        return type(error)


# ---- the functions as objects ----


def test_functions_are_made_here_only() -> None:
    """No object of their types can be made that has nothing in it."""
    kinds: list[Any] = [type(direct.getpid), type(family)]
    for kind in kinds:
        with pytest.raises(TypeError, match="cannot create"):
            kind()
        with pytest.raises(TypeError, match=r"not safe|cannot create"):
            object.__new__(kind)
        with pytest.raises(TypeError, match="immutable"):
            kind.more = 1


def test_what_cannot_be_a_name() -> None:
    functions: list[Any] = [direct.getpgid, syscall]
    number: Any = {1: 2}
    for function in functions:
        with pytest.raises(TypeError, match="keywords must be strings"):
            function.__call__(*["getppid"] * (function is syscall), **number)
        with pytest.raises(TypeError, match="name must be string"):
            methodcaller("__getattribute__", 1)(function)
    for module in (calls, direct):
        for name in ("\ud800", "x\0y", "getpid\0"):
            assert not hasattr(module, name), name


@pytest.mark.isolated
def test_syscall_holds_what_it_makes() -> None:
    """A call that runs may be forgotten meanwhile."""
    from pysys import raw

    syscall("getppid")
    held: list[Any] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "pysys.syscall" and args[0] == "getppid" and not held:
            held.append(weakref.ref(raw._plain["getppid"]))
            raw._plain.clear()
            gc.collect()
            held.append(held[0]() is not None)

    sys.addaudithook(hook)
    assert syscall("getppid") == os.getppid()
    assert held[1] is True
    assert held[0]() is None


@pytest.mark.isolated
def test_hooks_see_arguments_before_they_are_used() -> None:
    """The event comes before memory is held, in either way: a hook may resize it."""
    from pysys import raw_in_python

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "pysys.syscall":
            args[1][1].extend(bytes(100000))

    syscall("getppid")
    sys.addaudithook(hook)
    for way in (syscall, raw_in_python.syscall):
        for _ in range(2):
            with pytest.raises(errors.EBADF):
                way("pread64", -1, bytearray(8), 8, 0)


# What a process under strace does: each call twice, with the same objects, before each a call that marks it.
BOTH = """
import sys
sys.path[:0] = [{support!r}]
import safe_calls
from pysys import errors
from pysys.calls import direct
from pysys.calls._make.in_python import convert, typed_call
mark = {mark}
for name in {names!r}:
    args = safe_calls.safe(name)[0]
    function = getattr(direct, name)
    typed_call(name)
    for way in (lambda: function(*args), lambda: convert(name, args)):
        for call in (lambda: direct.getpgid(mark), way):
            try:
                call()
            except (errors.SyscallError, TypeError, ValueError):
                pass
        mark += 1
"""
MARK = 0x7F000000


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.isolated(timeout=120)
def test_the_same_is_passed() -> None:
    """The kernel sees the same words, but for the addresses of copies of strings."""
    names = [
        name
        for name in _made()
        if name not in {*safe_calls.IN_CHILD, *safe_calls.OPENS, *safe_calls.WAITING, "getpgid"}
        and parameters.parameters(name, HERE)
        and not {"strings"} & {one.kind for one in parameters.parameters(name, HERE) or ()}
    ]
    code = BOTH.format(support=str(SUPPORT), names=names, mark=MARK)
    with tempfile.NamedTemporaryFile("r") as log:
        strace = ["strace", "-qq", "-o", log.name, "-e", "raw=all", "-e", "signal=none"]
        python = [sys.executable, "-c", code]
        done = subprocess.run([*strace, *python], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        lines = re.findall(r"^(\w+)\(([^)]*)\)", log.read(), re.MULTILINE)
    seen: dict[int, list[str]] = {}  # the words of the first call of its name after each mark
    at = 0
    for call, listed in lines:
        words = listed.split(", ")
        if call == "getpgid":
            at = int(words[0], 16) - MARK
        elif call == names[at // 2]:
            seen.setdefault(at, words)
    compared = 0
    for at, name in enumerate(names):
        known = parameters.parameters(name, HERE) or ()
        is_wide = bool(HERE.pairs and signatures.layout(name, HERE))
        if is_wide or len(known) != len(parameters.defined(name, HERE) or ()) or 2 * at not in seen:
            continue  # what is wide is shown in two pieces; strace knows some by another name
        texts = {index for index, one in enumerate(known) if one.kind in ("path", "string")}
        ours, other = (
            [word for index, word in enumerate(seen.get(one, [])) if index not in texts]
            for one in (2 * at, 2 * at + 1)
        )
        assert ours == other, name
        compared += 1
    assert compared > 150


# ---- when memory runs out ----

WORDS = ffi.new("char[]", 8)
TIME = structures.timespec()
HOW = structures.open_how()
CLOCK = "clock_gettime64" if "clock_gettime64" in numbers.table() else "clock_gettime"


# Of what C does itself: Python code does not always survive it.
@functools.cache
def datagrams() -> int:
    """A socket that sends to itself."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.connect(made.getsockname())
    return made.detach()


WAYS: dict[str, Callable[[], object]] = {
    "numbers": lambda: direct.getpgid(0),
    "a path": lambda: direct.faccessat(-100, "/", 0),
    "a wide path": lambda: direct.faccessat(-100, "/\u00e9", 0),
    "a buffer": lambda: direct.pread64(-1, bytearray(8), 8, 0),
    "cffi's memory": lambda: direct.pread64(-1, WORDS, 8, 0),
    "a structure": lambda: getattr(direct, CLOCK)(0, TIME),
    "an error": lambda: direct.close(-1),
    "an error with a structure": lambda: direct.openat2(-1, "x", HOW, 24),
    "an error with a path": lambda: direct.chdir("/nonexistent/pysys"),
    "by name": lambda: direct.faccessat(dfd=-100, filename="/", mode=0),
    "memory of a length in memory": lambda: calls.getsockname(datagrams()),
    "an option": lambda: calls.getsockopt(datagrams(), socket.SOL_SOCKET, socket.SO_TYPE),
    "a message": lambda: (calls.sendmsg(datagrams(), [b"message"]), calls.recvmsg(datagrams(), 16)),
    "syscall": lambda: syscall("getpgid", 0),
    "syscall with memory": lambda: syscall("read", -1, bytearray(8), 8),
}


@pytest.mark.portable
@pytest.mark.isolated(timeout=120)
@pytest.mark.parametrize("way", sorted(WAYS))
def test_memory_runs_out(way: str) -> None:
    """At each allocation in turn: a MemoryError, or what the call gives otherwise; and nothing is kept."""
    testcapi = pytest.importorskip("_testcapi", reason="this Python has no _testcapi")
    call = WAYS[way]
    sys.addaudithook(lambda event, args: None)  # the event is made, too
    usual = _ends(call)
    _ends(call)
    failures = 0
    for number in range(200):
        before = sys.getallocatedblocks()
        testcapi.set_nomemory(number, number + 1)
        try:
            found = _ends(call)
        finally:
            testcapi.remove_mem_hooks()
        if found is MemoryError:
            failures += 1
        else:
            assert found == usual, number
        assert sys.getallocatedblocks() - before < 30, number  # free lists, and what is made once
    assert failures or "error" not in way  # there is something to allocate for an exception
    before = sys.getallocatedblocks()
    for _ in range(1000):
        _ends(call)
    assert sys.getallocatedblocks() - before < 30


def _ends(call: Callable[[], object]) -> object:
    """How a call ends: with a result, or with an exception of this class.

    Where CPython has no memory for a traceback it loses the exception, those of the standard library, too.
    """
    try:
        return type(call())
    except SystemError as error:
        return MemoryError if str(error) == "error return without exception set" else error
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("function", [direct.openat, calls.openat, syscall])
def test_what_functions_are_asked_for(function: Any) -> None:
    """What tools ask a function in Python for, one that C makes has as well."""
    assert pickle.loads(pickle.dumps(function)) is copy.deepcopy(function) is function
    assert inspect.isroutine(function) and callable(function)
    assert "filename" in str(inspect.signature(function)) or function is syscall
    assert typing.get_type_hints(function) == {}
    assert functools.wraps(function)(lambda: None).__doc__ == function.__doc__
    assert function.__qualname__ == function.__name__ in repr(function)
    assert weakref.ref(function)() is function
    assert str(function.__doc__).startswith(f"{function.__name__}(2): ")
