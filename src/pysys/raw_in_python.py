"""The same as `syscall`, in Python: for arguments that C does not take as they are, and for what is refused.

Loaded when it is first needed, and held in memory until then (pysys.raw).
"""

from __future__ import annotations

import sys
from _operator import index  # operator itself is Python, and takes longer to load
from errno import EINTR
from sys import audit

from pysys import abi as _abi
from pysys import errors, numbers
from pysys._native import lib
from pysys.arguments import integers, kept
from pysys.arguments.words import RawCall, give_back, paths, registers, release, words
from pysys.arguments.words import convert as converted
from pysys.doc import documented
from pysys.loading import load
from pysys.policy import refusals, restart
from pysys.policy.fate import fate, of_number, reachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, SupportsIndex

    from pysys._types import Buffer, HasFileno, Path
    from pysys.metadata.model import Page

    Argument = SupportsIndex | None | Buffer | Path | HasFileno | Any  # Any: CFFI's pointers

_ABI = _abi.current()
for _name in reachable(_ABI):
    numbers.table(_name)
if _ABI.pairs:
    load("pysys.tables.wide")

_ISSUE = (
    lib.pysys_syscall0,
    lib.pysys_syscall1,
    lib.pysys_syscall2,
    lib.pysys_syscall3,
    lib.pysys_syscall4,
    lib.pysys_syscall5,
    lib.pysys_syscall6,
    lib.pysys_syscall7,
)[: registers(_ABI) + 1]

_MAX_NUMBER = 0x7FFFFFFF  # kernels look at 32 bits of it, some with a sign


class _Call(RawCall):
    """What is known of a call on this ABI. plain: whether C may make it."""

    __slots__ = ("conditional", "number", "plain", "title")

    def __init__(self, name: str | None, number: int, *, conditional: bool = False) -> None:
        super().__init__(name, _ABI)
        self.number: int = number
        self.title: str = name or f"call {number}"
        self.conditional: bool = conditional
        self.plain: bool = not self.conditional and not self.layout


# The calls made by now, by name and by number.
_calls: dict[str | int, _Call] = {}


@documented("syscall")
def syscall(call: str | int | Page, /, *args: Argument) -> int:
    """syscall(2): make any call of the kernel, by its name or number.

    call: a name ("getppid"), a number of this ABI, or a page of pysys.metadata.
    args: up to six, in the order of the kernel's definition; omitted ones are 0. Each is
        an int, or an object with __index__: as it is, signed or unsigned;
        None: NULL;
        bytes: the address of its bytes, where a null byte follows; read only;
        a buffer (bytearray, array, memoryview, mmap, ctypes, numpy, ...) or a structure: the address of its
            memory, which can neither move nor go away during the call;
        str, or an object with __fspath__: the address of its encoded name (os.fsencode), with a null
            byte at the end;
        an object with fileno(): its descriptor;
        a CFFI pointer, array or function: its address.
    On ABIs with 32-bit registers a 64-bit argument is one int, and is split here as the call wants. Memory
    that is passed as an object must be as long as the other arguments say, and writable where the kernel
    writes, also behind the pointers of structures, as far as pysys.parameters knows the call and its command.
    For commands that it does not know, bytes and read-only buffers are copied, and ioctl and fcntl get a copy
    of a short buffer, which shows whether they wrote behind its end. An address that is passed as an int is
    not checked.

    Other Python threads run during the call, unless it is one that never waits and runs no code of the
    process (getpid, umask, kill, ...: those that pysys.parameters.table calls brief). A call that a signal
    interrupts is repeated, unless the Python handler raises or a repetition would do something else: close,
    connect, those that wait for a signal, and those with a time limit that would start again, raise
    errors.EINTR (see pysys.policy.restart). The C library is not involved: setuid and the like change only
    the calling thread, copies that the C library or Python keep are not refreshed, and the structures are the
    kernel's, not the C library's.

    Returns the result, as a C long; for mmap, mremap, brk and shmat an address.

    Raises the documented error of the call, with the path if an argument is one; errors.NoNumber, an
    errors.ENOSYS, where this ABI has no such call, and numbers.UnknownCallError where no ABI has;
    errors.RefusedError for calls that return twice or would crash the interpreter (fork, exit,
    rt_sigreturn, ...; see pysys.policy.refusals); TypeError, ValueError and OverflowError for arguments,
    before the kernel is asked. The audit event pysys.syscall has the name, or else the number, and the
    arguments.
    """
    known = find(call)
    audit("pysys.syscall", known.name or known.number, args)
    return _make(known, args)


def _make(call: _Call, args: Sequence[Any]) -> int:
    """A call whose arguments have to be looked at."""
    held: list[Any] = []
    try:
        values = converted(call, args, held)
        if call.conditional and (why := refusals.reason_for(call.title, values)):
            raise errors.RefusedError(refusals.text(call.title, why), syscall=call.title)
        if call.layout:
            values = words(call, values)
        try:
            result: int = _ISSUE[len(values)](call.number, *values)
        except (IndexError, OverflowError):  # too many, or unsigned
            if _fit(values):
                raise  # by the handler of a signal
            values = words(call, values)
            result = _ISSUE[len(values)](call.number, *values)
        if result < 0:
            result = _settle(call, values, args, result)
        give_back(held)
        return result
    finally:
        release(held)  # an exception's traceback would keep the buffers locked


def _fit(values: Sequence[Any]) -> bool:
    """Whether these ints fit the kernel's registers as they are, signed."""
    half = 1 << _ABI.register_bits - 1
    return len(values) < len(_ISSUE) and all(-half <= value < half for value in values)


def _settle(call: _Call, values: Sequence[Any], args: Sequence[Any], result: int) -> int:
    """What a negative result means: the call is made again, it is an address, an exception."""
    # Between two rounds the interpreter runs the handlers of signals.
    while (value := _value(call, result)) == -EINTR and restart.is_repeated(call.name, values):
        result = _ISSUE[len(values)](call.number, *values)
    if -errors.MAX_ERRNO <= value < 0:
        filename, filename2, *_ = [*paths(call, args), None, None]
        made = load("pysys.errors.arguments").kept([place.parameter for place in call.places], args)
        raise errors.error(-value, call.title, filename=filename, filename2=filename2, arguments=made)
    return value


def _value(call: _Call, result: int) -> int:
    return result if call.name is None else kept.value(call.name, result, errors.MAX_ERRNO)


def find(call: object) -> _Call:
    """The call that is meant. Raises what syscall's docstring says of unknown and refused ones."""
    if isinstance(call, str):
        name = str.__str__(call)  # of a subclass, too, only what it is counts
        return _calls.get(name) or _named(name)
    if isinstance(call, int):
        number = index(call)
        return _calls.get(number) or _numbered(number)
    model = sys.modules.get("pysys.metadata.model")  # which is loaded if there is any page
    if model is not None and isinstance(call, model.Page):
        return find(call.name)
    kind = type(call).__name__
    raise TypeError(f"syscall: call must be a name, a number or a page of pysys.metadata, not {kind}")


def _named(name: str) -> _Call:
    found = fate(name, _ABI)
    number = found.number
    if number is None:
        raise errors.NoNumber(found.unmade(), syscall=name)
    if found.refusal:
        raise errors.RefusedError(found.unmade(), syscall=name)
    return _calls.setdefault(name, _Call(name, number, conditional=found.conditional))


def _numbered(number: int) -> _Call:
    if not 0 <= number <= _MAX_NUMBER:
        raise ValueError(f"syscall: call: {integers.beyond(number, 0, _MAX_NUMBER)}")
    found = of_number(number, _ABI)
    if found is None:
        if number >= refusals.FATAL_FROM.get(_ABI.name, _MAX_NUMBER + 1):
            raise errors.RefusedError(refusals.text("a call without a name", refusals.FATAL, number))
        return _Call(None, number)
    if found.refusal:
        raise errors.RefusedError(found.unmade(number), syscall=found.name)
    known = _calls[number] = _named(found.name)
    return known


# ---- what C asks ----


def names(call: str) -> list[str] | None:
    """The kernel's names of a call's parameters, a position in two words among them."""
    found = kept.defined(call)
    return None if found is None else [one.name for one in found]


def convert(name: str, args: tuple[Any, ...]) -> int:
    """A call with arguments of which C does not take one as it is; its event is raised."""
    return _make(find(name), args)


def settle(name: str, args: tuple[Any, ...], result: int) -> int:
    """What -EINTR and -ENOSYS mean, of a call that C has made."""
    known = find(name)
    words = [index(arg) if isinstance(arg, int) else int(arg is not None) for arg in args]
    if result == -EINTR and restart.is_repeated(name, words):
        return _make(known, args)
    return _settle(known, words, args, result)
