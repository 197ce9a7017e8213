"""What the arguments of `syscall` become: register words, and what the kernel may do to memory."""

from __future__ import annotations

import os
import sys
from _operator import index as whole  # operator itself is Python, and takes longer to load

from pysys import kept, parameters, signatures
from pysys._native import ABI_NAME, ffi, lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pysys.abi import ABI
    from pysys.parameters import Parameter

_CData = ffi.CData
_from_buffer = ffi.from_buffer
_address: Callable[[Any], int] = lib.pysys_address


def _is_number(known: Parameter) -> bool:
    return known.kind in ("int", "fd")


def _is_written(known: Parameter) -> bool:
    return known.kind == "memory" and known.direction != "in"


class Call:
    """What is known of a call on an ABI, for its arguments.

    layout: how they lie in registers where a 64-bit one takes two, as signatures.layout() tells it;
        empty where each takes one.
    """

    __slots__ = ("_parameters", "abi", "layout", "name")

    def __init__(self, name: str | None, abi: ABI) -> None:
        self.name = name
        self.abi = abi
        self.layout: tuple[tuple[int, int], ...] = ()
        self._parameters: tuple[Parameter, ...] | None = None
        if abi.pairs and name is not None:
            self.layout = signatures.layout(name, abi) or ()

    def parameter(self, index: int) -> Parameter | None:
        """The parameter at an index, None if nothing is known of it."""
        if self._parameters is None:
            if self.name is None:
                found = None
            elif self.abi.name == ABI_NAME:
                found = kept.defined(self.name)
            else:
                found = parameters.defined(self.name, self.abi)
            self._parameters = found or ()
        return self._parameters[index] if index < len(self._parameters) else None

    def describe(self, index: int) -> str:
        """How a message speaks of an argument: "argument 2 of openat (filename)"."""
        text = f"argument {index + 1}" + (f" of {self.name}" if self.name else "")
        known = self.parameter(index)
        return f"{text} ({known.name})" if known else text


def registers(abi: ABI) -> int:
    """How many words a call of an ABI can have."""
    return 7 if abi.name == "mips_o32" else 6


def words(call: Call, args: Sequence[int], *, byteorder: str = sys.byteorder) -> list[int]:
    """The register words of a call with these arguments, as the C library's syscall() takes them.

    args: ints, signed or unsigned, in the order of the call's usual definition; missing ones are 0.
    byteorder: of an ABI that has either.

    Each word is as a signed C integer. Raises OverflowError for what does not fit, TypeError for more
    words than registers.
    """
    bits = call.abi.register_bits
    found: list[int] = []
    if not call.layout:
        found += [_signed(call, index, value, bits) for index, value in enumerate(args)]
    else:
        big = (byteorder if call.abi.endian == "either" else call.abi.endian) == "big"
        taken = sum(index >= 0 for index, _ in call.layout)
        for index, size in (*call.layout, *((extra, 1) for extra in range(taken, len(args)))):
            value = args[index] if 0 <= index < len(args) else 0
            if size == 2:
                value = _signed(call, index, value, 64)
                low, high = _wrapped(value & 0xFFFFFFFF, 32), value >> 32
                found += (high, low) if big else (low, high)
            else:
                found.append(_signed(call, index, value, bits))
    most = registers(call.abi)
    if len(found) > most:
        raise TypeError(
            f"{call.name or 'a call'} takes at most {most} words, not the {len(found)} of these arguments"
        )
    return found


def _signed(call: Call, index: int, value: int, bits: int) -> int:
    if not -(1 << bits - 1) <= value < 1 << bits:
        raise OverflowError(f"{call.describe(index)}: {value:#x} does not fit {bits} bits")
    return _wrapped(value, bits)


def _wrapped(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> bits - 1 == 1 else value


def convert(call: Call, args: Sequence[object], held: list[object]) -> list[int]:
    """The ints that Python arguments stand for. What has to live during the call is put into held."""
    values = []
    for index, arg in enumerate(args):
        if isinstance(arg, int):
            values.append(arg)
        elif arg is None:
            values.append(0)
        elif isinstance(arg, bytes):
            values.append(_bytes(call, index, arg, held))
        else:
            values.append(_value(call, index, arg, held))
    return values


def _check_takes_address(call: Call, index: int, given: str) -> None:
    known = call.parameter(index)
    if known and _is_number(known):
        raise TypeError(f"{call.describe(index)} is a number: {given} would be passed as an address")


def _bytes(call: Call, index: int, arg: bytes, held: list[object]) -> int:
    _check_takes_address(call, index, "bytes or text")
    known = call.parameter(index)
    if known:
        if _is_written(known):
            raise TypeError(
                f"{call.describe(index)} is written to by the kernel: pass a writable buffer, "
                "a bytearray for instance, not bytes"
            )
        if known.kind in ("path", "string") and b"\0" in arg and b"\0" in arg.rstrip(b"\0"):
            raise ValueError(f"{call.describe(index)} contains a null byte")
    held.append(arg)
    return _address(arg)  # CPython ends every bytes object with a null byte


def _value(call: Call, index: int, arg: Any, held: list[object]) -> int:
    """The number that stands for an argument: an address or a descriptor."""
    kind = type(arg)
    if isinstance(arg, str):
        return _text(call, index, arg, held)
    if isinstance(arg, _CData):
        return _pointer(call, index, arg)
    cdata = getattr(arg, "cdata", None)
    if isinstance(cdata, _CData):  # a structure of pysys.structures, or an array of them
        held.append(arg)
        return _pointer(call, index, cdata)
    try:
        # Locks the memory: it can be neither resized nor closed.
        memory = _from_buffer(arg, require_writable=True)
    except (BufferError, TypeError, ValueError):
        pass
    else:
        _check_takes_address(call, index, kind.__name__)
        held.append(memory)
        return _address(memory)
    if hasattr(kind, "__index__"):
        try:
            return whole(arg)
        except TypeError:  # numpy's read-only arrays have the method, and refuse
            pass
    try:
        view = memoryview(arg)
    except TypeError:
        pass
    else:
        _check_read_only(call, index, view, kind.__name__)
        held.append(_from_buffer(arg))
        return _address(held[-1])
    if hasattr(kind, "fileno"):
        descriptor = arg.fileno()
        if not isinstance(descriptor, int):
            raise TypeError(f"{call.describe(index)}: fileno() gave no int")
        if descriptor < 0:
            raise ValueError(f"{call.describe(index)} is a {kind.__name__} without a descriptor")
        return descriptor
    if hasattr(kind, "__fspath__"):
        path = os.fspath(arg)
        return (_text if isinstance(path, str) else _bytes)(call, index, path, held)
    raise TypeError(
        f"{call.describe(index)} must be an int, None, bytes, a buffer, a str, a path, a CFFI "
        f"pointer or have fileno(), not {kind.__name__}"
    )


def _text(call: Call, index: int, arg: str, held: list[object]) -> int:
    if "\0" in arg:
        raise ValueError(f"{call.describe(index)} contains a null character")
    return _bytes(call, index, os.fsencode(arg), held)


def _check_read_only(call: Call, index: int, view: memoryview, kind: str) -> None:
    contiguous = view.c_contiguous
    view.release()
    if not contiguous:
        raise TypeError(f"{call.describe(index)}: the memory of this {kind} is not contiguous")
    known = call.parameter(index)
    if known and _is_written(known):
        raise TypeError(f"{call.describe(index)} is written to by the kernel, and this {kind} is read-only")


def _pointer(call: Call, index: int, arg: Any) -> int:
    kind = ffi.typeof(arg)
    if kind.kind in ("pointer", "array", "function"):
        return int(ffi.cast("uintptr_t", arg))
    if kind.kind in ("primitive", "enum") and kind.cname not in ("float", "double", "long double"):
        return int(arg)
    raise TypeError(f"{call.describe(index)}: a CFFI {kind.cname} is no pointer: take its address")


def paths(call: Call, args: Sequence[object]) -> list[object]:
    """The paths among the arguments, for the exception."""
    found: list[object] = []
    for index, arg in enumerate(args):
        if isinstance(arg, (str, bytes)):
            known = call.parameter(index)
            if known.kind == "path" if known else isinstance(arg, str):
                found.append(arg)
        elif hasattr(type(arg), "__fspath__") and not hasattr(type(arg), "fileno"):
            found.append(arg)
    return found
