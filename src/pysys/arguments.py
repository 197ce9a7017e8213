"""What the arguments of `syscall` become: register words, and what the kernel may do to memory."""

from __future__ import annotations

import os
import sys
from operator import index as whole

from pysys import signatures
from pysys._native import ffi, lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pysys.abi import ABI

_CData = ffi.CData
_from_buffer = ffi.from_buffer
_address: Callable[[Any], int] = lib.pysys_address

# Parameters that only read, by call, where the kernel's definition does not say const.
READS: dict[str, str] = {
    "bind": "umyaddr",
    "bpf": "uattr",
    "cachestat": "cstat_range",
    "clock_nanosleep": "rqtp",
    "clock_settime": "tp",
    "connect": "uservaddr",
    "epoll_ctl": "event",
    "file_setattr": "ufattr",
    "futex_requeue": "waiters",
    "futex_wait": "timeout",
    "futex_waitv": "waiters timeout",
    "futimesat": "utimes",
    "getxattrat": "uargs",
    "init_module": "umod",
    "io_cancel": "iocb",
    "io_getevents": "timeout",
    "io_pgetevents": "timeout",
    "io_pgetevents_time64": "timeout",
    "io_submit": "iocbpp",
    "io_uring_register": "arg",
    "ipc": "ptr",
    "kexec_load": "segments",
    "lsm_set_self_attr": "ctx",
    "modify_ldt": "ptr",
    "mount": "dev_name dir_name type data",
    "mount_setattr": "uattr",
    "mq_open": "u_attr",
    "msgctl": "buf",
    "msgsnd": "msgp",
    "nanosleep": "rqtp",
    "open_by_handle_at": "handle",
    "open_tree_attr": "uattr",
    "openat2": "how",
    "pciconfig_write": "buf",
    "pidfd_send_signal": "info",
    "pselect6": "sig",
    "pselect6_time64": "sig",
    "quotactl": "addr",
    "quotactl_fd": "addr",
    "reboot": "arg",
    "rt_sigprocmask": "nset",
    "rt_sigqueueinfo": "uinfo",
    "rt_sigsuspend": "unewset",
    "rt_sigtimedwait": "uthese uts",
    "rt_sigtimedwait_time64": "uthese uts",
    "rt_tgsigqueueinfo": "uinfo",
    "sched_setaffinity": "user_mask_ptr",
    "sched_setparam": "param",
    "sched_setscheduler": "param",
    "seccomp": "uargs",
    "semop": "tsops",
    "semtimedop": "tsops",
    "semtimedop_time64": "tsops",
    "send": "buff",
    "sendmsg": "msg",
    "sendto": "buff addr",
    "setdomainname": "name",
    "setgroups": "grouplist",
    "setgroups32": "grouplist",
    "sethostname": "name",
    "setitimer": "value",
    "setrlimit": "rlim",
    "setsockopt": "optval",
    "settimeofday": "tv tz",
    "shmat": "shmaddr",
    "shmctl": "buf",
    "shmdt": "shmaddr",
    "sigaction": "act",
    "signalfd": "user_mask",
    "signalfd4": "user_mask",
    "sigprocmask": "nset",
    "sigsuspend": "uset",
    "socketcall": "args",
    "stime": "tptr",
    "subpage_prot": "map",
    "timer_create": "timer_event_spec",
    "umount": "name",
    "umount2": "name",
    "utime": "times",
    "utimensat": "utimes",
    "utimensat_time64": "utimes",
    "utimes": "utimes",
}

# Types of pointers to structures that the kernel writes to: typedefs, in which no star shows.
_POINTERS = ("cap_user_header_t", "cap_user_data_t")

# Types that hold no address, on any ABI: a long may.
_NUMBERS = frozenset(
    [
        "__s32",
        "__u32",
        "clockid_t",
        "gid_t",
        "int",
        "loff_t",
        "off_t",
        "pid_t",
        "size_t",
        "u32",
        "uid_t",
        "umode_t",
        "unsigned",
        "unsigned int",
    ]
)

# Names of `const char *` parameters that are strings, and those of them which are paths.
_PATHS = frozenset(
    [
        "dev_name",
        "dir_name",
        "filename",
        "from_pathname",
        "new_root",
        "newname",
        "oldname",
        "path",
        "pathname",
        "put_old",
        "special",
        "specialfile",
        "to_pathname",
    ]
)
_STRINGS = _PATHS | frozenset(
    [
        "_callout_info",
        "_description",
        "_fs_name",
        "_key",
        "_type",
        "name",
        "name_user",
        "type",
        "u_name",
        "uname",
    ]
)
# `name` as a path, and as bytes whose length is told.
_NAME_IS_PATH = frozenset({"acct", "name_to_handle_at", "oldumount", "umount", "umount2"})
_NAME_HAS_LENGTH = frozenset({"setdomainname", "sethostname"})


class Parameter:
    """A parameter of a call, as the kernel defines it."""

    __slots__ = ("is_number", "is_path", "is_string", "is_written", "name")

    def __init__(self, call: str, kind: str, name: str) -> None:
        self.name = name
        pointer = "*" in kind or kind in _POINTERS
        self.is_number = kind.removeprefix("const ") in _NUMBERS
        self.is_written = (
            pointer and not kind.startswith("const ") and name not in READS.get(call, "").split()
        )
        self.is_string = (
            "char *" in kind and not self.is_written and name in _STRINGS and call not in _NAME_HAS_LENGTH
        )
        self.is_path = self.is_string and (name in _PATHS or (name == "name" and call in _NAME_IS_PATH))


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
            try:
                self._parameters = self._read()
            except OSError:  # no descriptor to load the table with: the call may be made for that reason
                return None
        return self._parameters[index] if index < len(self._parameters) else None

    def _read(self) -> tuple[Parameter, ...]:
        if self.name is None:
            return ()
        found = signatures.signature(self.name, self.abi) or ()
        return tuple(Parameter(self.name, kind, name) for kind, name in found)

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
    if known and known.is_number:
        raise TypeError(f"{call.describe(index)} is a number: {given} would be passed as an address")


def _bytes(call: Call, index: int, arg: bytes, held: list[object]) -> int:
    _check_takes_address(call, index, "bytes or text")
    known = call.parameter(index)
    if known:
        if known.is_written:
            raise TypeError(
                f"{call.describe(index)} is written to by the kernel: pass a writable buffer, "
                "a bytearray for instance, not bytes"
            )
        if known.is_string and b"\0" in arg and b"\0" in arg.rstrip(b"\0"):
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
    if known and known.is_written:
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
            if known.is_path if known else isinstance(arg, str):
                found.append(arg)
        elif hasattr(type(arg), "__fspath__") and not hasattr(type(arg), "fileno"):
            found.append(arg)
    return found
