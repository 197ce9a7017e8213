"""Makes values of what a call was passed and of what the kernel has written.

A value is never a guess: memory that is too short, of a layout that is not known on the call's ABI, or of
which it is not known how much the kernel has written, remains an Address.
"""

from __future__ import annotations

from os import fsdecode
from struct import unpack
from sys import byteorder

from pysys import flags, structures
from pysys._native import ffi
from pysys.calls._values.paths import AT_FDCWD
from pysys.flags.values import value as constant
from pysys.parameters import further_flags
from pysys.seccomp.memory import PATH_MAX
from pysys.structures import addresses
from pysys.tracing import memory
from pysys.tracing.named import Named, flagged, same_flags, shown
from pysys.tracing.values import Address, Data, Descriptor, SignalSet, signal_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pysys.parameters import Parameter
    from pysys.tracing.plan import Plan, Slot

__all__ = ["Decoder"]

_MOST = 1000  # elements of an array
_SMALL = 4096  # no address is below it
# Memory whose address says more than what lies there, or that is another process's to write.
_PLACES = frozenset(
    {
        "futex.uaddr",
        "futex.uaddr2",
        "futex_time64.uaddr",
        "futex_time64.uaddr2",
        "futex_wait.uaddr",
        "futex_wake.uaddr",
        "clone.parent_tidptr",
        "clone.child_tidptr",
        "process_vm_readv.rvec",
        "process_vm_writev.rvec",
    }
)
# What the kernel only writes, though it is said to be read as well: there is nothing there before.
_ANSWERS = frozenset({"getsockopt.optval"})
# The result is how many bytes or elements were written to this parameter.
_COUNTED = {
    "read": "buf",
    "pread64": "buf",
    "recv": "ubuf",
    "recvfrom": "ubuf",
    "getcwd": "buf",
    "readlink": "buf",
    "readlinkat": "buf",
    "syslog": "buf",
    "getxattr": "value",
    "lgetxattr": "value",
    "fgetxattr": "value",
    "getxattrat": "value",
    "listxattr": "list",
    "llistxattr": "list",
    "flistxattr": "list",
    "listxattrat": "list",
    "sched_getaffinity": "user_mask_ptr",
    "getdents": "dirent",
    "getdents64": "dirent",
    "getgroups": "grouplist",
    "getgroups16": "grouplist",
    "epoll_wait": "events",
    "epoll_pwait": "events",
    "epoll_pwait2": "events",
    "io_getevents": "events",
    "io_pgetevents": "events",
    "io_pgetevents_time64": "events",
    "mq_timedreceive": "u_msg_ptr",
    "mq_timedreceive_time64": "u_msg_ptr",
    "getrandom": "ubuf",
    "listmount": "mnt_ids",
    "listns": "ns_ids",
}
# Bytes that the kernel writes and that are a path.
_PATHS = frozenset({"getcwd.buf", "readlink.buf", "readlinkat.buf"})
# Bytes of these sizes are always written in full.
_IN_FULL = ("sigsetsize", "16", "1")
# A result of 0 says that nothing was written.
_NOTHING_AT_ZERO = frozenset({"wait4", "waitpid"})
_OPENING = frozenset(
    """
    accept accept4 creat dup dup2 dup3 epoll_create epoll_create1 eventfd eventfd2 fanotify_init fsmount
    fsopen fspick inotify_init inotify_init1 io_uring_setup landlock_create_ruleset memfd_create memfd_secret
    mq_open open open_by_handle_at open_tree open_tree_attr openat openat2 perf_event_open pidfd_getfd
    pidfd_open signalfd signalfd4 socket timerfd_create userfaultfd
    """.split()
)
_DUPLICATING = (0, 1030)  # F_DUPFD, F_DUPFD_CLOEXEC
_FIXED = frozenset({"uint8_t", "uint16_t", "uint32_t", "uint64_t", "int8_t", "int16_t", "int32_t", "int64_t"})
_FIXED |= {"char", "unsigned char", "signed char", "short", "unsigned short", "int", "unsigned int"}
_FIXED |= {"long long", "unsigned long long"}
# What a wait status, a set of signals and the like are, by the type of the parameter.
_SIGNALS = ("sigset_t", "compat_sigset_t")


class Decoder:
    """Reads the arguments of calls. size: how many bytes of a string or of memory it reads at most."""

    def __init__(self, size: int) -> None:
        self._size = size

    def entering(self, tid: int, plan: Plan, words: tuple[int, ...]) -> tuple[dict[str, Any], Any]:
        """The arguments at the beginning of a call, and what leaving() needs to know of them."""
        if plan.places is None:
            return {f"arg{index}": _word(word) for index, word in enumerate(words, 1)}, None
        places = plan.under(words)
        numbers = {place.parameter.name: place.number(words) for place in places}
        used = _used(plan, numbers)
        if used < len(places):
            places = places[:used]
        arguments = {}
        for place in places:
            arguments[place.name] = self._argument(tid, plan, place, numbers, places)
        lengths = {}
        for place in places:  # what says how much memory there is may itself be written to
            length = place.parameter.length
            if length.startswith("*") and place.parameter.direction in ("out", "inout"):
                lengths[place.name] = self._extent(tid, plan, place, numbers)
        return arguments, (places, numbers, arguments, lengths)

    def leaving(self, tid: int, plan: Plan, state: Any, result: int) -> tuple[dict[str, Any], Any]:
        """What the kernel has written, and the result, of a call that has not failed."""
        shown: Any = result
        if plan.addressed and result:
            shown = Address(result & (1 << plan.register) - 1)
        if state is None:
            return {}, shown
        places, numbers, arguments, lengths = state
        if plan.name in _OPENING or (
            plan.name in ("fcntl", "fcntl64") and numbers.get("cmd") in _DUPLICATING
        ):
            shown = Descriptor(result, memory.descriptor(tid, result))
        elif kinds := _result_flags(plan, numbers):
            shown = flagged(kinds, result, plan.abi, plan.foreign)
        written: dict[str, Any] = {}
        if result == 0 and plan.name in _NOTHING_AT_ZERO:
            return written, shown
        for place in places:
            one = place.parameter
            title = f"{plan.name}.{one.name}"
            if one.kind != "memory" or numbers[one.name] == 0 or title in _PLACES:
                continue
            if one.direction in ("out", "inout"):
                extent = self._written(tid, plan, place, numbers, result, lengths)
                value = None if extent is None else self._memory(tid, plan, place, numbers, extent, result)
                if value is not None and not isinstance(value, Address) and value != arguments[place.name]:
                    written[place.name] = value
            elif one.points == "iovec" and "writes:iov_base" in one.pieces:
                written[place.name] = self._pieces(tid, plan, place, numbers, result)
        return written, shown

    # ---- one argument ----

    def _argument(
        self, tid: int, plan: Plan, place: Slot, numbers: Mapping[str, int], places: tuple[Slot, ...]
    ) -> Any:
        one = place.parameter
        number = numbers[one.name]
        if one.kind == "fd":
            return Descriptor(number, "" if number == AT_FDCWD else memory.descriptor(tid, number))
        if one.kind == "int":
            kinds = self._kinds(plan, one, numbers, places)
            if one.name in _SIGNAL_NUMBERS and number:
                return Named(number, signal_name(number))
            if plan.name in _CLONING and one.name == "clone_flags":
                return _clone_flags(number, plan)
            if kinds:
                return flagged(kinds, number, plan.abi, plan.foreign)
            if one.signed and number == (1 << place.bits) - 1:
                return -1
            if plan.name == "ioctl" and one.name == "cmd":
                return flagged(("ioctl",), number, plan.abi, plan.foreign)
            return number
        if one.kind == "word":
            return _word(number & (1 << plan.register) - 1)
        if number == 0:
            return None
        if one.kind == "address" or f"{plan.name}.{one.name}" in _PLACES:
            return Address(number)
        if one.kind in ("path", "string"):
            found = memory.string(tid, number, PATH_MAX if one.kind == "path" else max(self._size, 1))
            if found is None:
                return Address(number)
            data, complete = found
            return fsdecode(data) if complete else Data(data, len(data) + 1)
        if one.kind == "strings":
            return self._strings(tid, plan, number)
        if one.direction == "out" or f"{plan.name}.{one.name}" in _ANSWERS:
            return Address(number)
        if one.points == "iovec":
            return self._pieces(tid, plan, place, numbers, None)
        extent = self._extent(tid, plan, place, numbers)
        value = None if extent is None else self._memory(tid, plan, place, numbers, extent, None)
        return Address(number) if value is None else value

    def _kinds(
        self, plan: Plan, one: Any, numbers: Mapping[str, int], places: tuple[Slot, ...]
    ) -> tuple[str, ...]:
        """The classes of pysys.flags that an argument is of."""
        further = further_flags.ARGUMENTS
        name = {"fcntl64": "fcntl"}.get(plan.name, plan.name)
        if plan.commands or name in _WITH_COMMANDS:
            for place in places:
                command = place.parameter
                if command is one or not command.flags:
                    continue
                member = same_flags(command.flags, numbers[command.name])
                found = further.get(f"{name}({member}).{one.name}") if member else None
                if found:
                    return tuple(found.split())
        found = further.get(f"{name}.{one.name}", _FURTHER.get(f"{name}.{one.name}", ""))
        return tuple(filter(None, (one.flags, *found.split())))

    def _strings(self, tid: int, plan: Plan, address: int) -> Any:
        found = []
        for pointer in memory.pointers(tid, address, plan.width, byteorder):
            text = memory.string(tid, pointer, max(self._size, 1))
            if text is None:
                return Address(address)
            data, complete = text
            found.append(fsdecode(data) if complete else Data(data, len(data) + 1))
            if len(found) == _MOST:
                break
        return tuple(found)

    # ---- memory ----

    def _extent(self, tid: int, plan: Plan, place: Slot, numbers: Mapping[str, int]) -> int | None:
        """How many bytes there are; None if that is not known."""
        one = place.parameter
        size = _size(one, plan)
        length = one.length
        if length == "":
            return size
        if size is None:
            return None
        if length.isdigit():
            return int(length) * size
        if length in numbers:
            return max(numbers[length], 0) * size
        if length[0] == "*" and length[1:] in numbers:
            data = memory.read(tid, numbers[length[1:]], 4)
            return int.from_bytes(data, _ORDER, signed=True) if len(data) == 4 else None
        if length.endswith("+long") and length.removesuffix("+long") in numbers:
            return plan.register // 8 + numbers[length.removesuffix("+long")]
        name, _, unit = length.partition(" ")
        name, _, least = name.partition(">")
        minus = name.endswith("-1")
        count = int(name) if name.isdigit() else numbers.get(name.removesuffix("-1"))
        if count is None:
            return None
        if unit == "bits":
            word = 64 if one.points == "unsigned long long" else plan.width * 8
            return (max(count - minus, 0) + word - 1) // word * (word // 8)
        if unit == "bytes":
            return max(count, int(least or 0))
        return None

    def _written(
        self,
        tid: int,
        plan: Plan,
        place: Slot,
        numbers: Mapping[str, int],
        result: int,
        lengths: Mapping[str, int | None],
    ) -> int | None:
        """How many bytes the kernel has written; None if that is not known."""
        one = place.parameter
        extent = self._extent(tid, plan, place, numbers)
        if extent is None:
            return None
        if _COUNTED.get(plan.name) == one.name:
            return max(min(result * (_size(one, plan) or 1), extent), 0)
        if one.length.startswith("*"):
            before = lengths.get(place.name)
            return None if before is None else max(min(extent, before), 0)
        if one.points != "void" or one.type.startswith("fd_set") or one.length in _IN_FULL:
            return extent
        return None

    def _memory(
        self, tid: int, plan: Plan, place: Slot, numbers: Mapping[str, int], extent: int, result: int | None
    ) -> Any:
        """What lies at an address, in extent bytes; None where it cannot be said."""
        one = place.parameter
        address = numbers[one.name]
        if extent < 0:
            return None
        if one.points == "void":
            if "sockaddr" in one.type:
                return _address(memory.read(tid, address, min(extent, 128)))
            if "fd_set" in one.type:
                return _descriptors(memory.read(tid, address, extent), numbers.get("n", 0))
            if any(name in one.type for name in _SIGNALS):
                data = memory.read(tid, address, extent)
                return _signals(data) if data and len(data) == extent else None
            if result is not None and f"{plan.name}.{one.name}" in _PATHS:
                data = memory.read(tid, address, min(extent, PATH_MAX))
                return fsdecode(data.rstrip(b"\0")) if len(data) == extent else None
            data = memory.read(tid, address, min(extent, self._size))
            return Data(data, extent) if len(data) == min(extent, self._size) else None
        size = _size(one, plan)
        if not size:
            return None
        if _is_number(one.points):
            return self._numbers(tid, place, address, extent, size)
        if one.points == "msghdr" and not plan.foreign:
            return self._message(tid, plan, place, address, result)
        kind = getattr(structures, one.points)
        if "bytes" in one.length:  # it grows with the kernel
            data = memory.read(tid, address, min(extent, kind.nbytes))
            if not data or len(data) < min(extent, kind.nbytes):
                return None
            return kind.from_bytes(data.ljust(kind.nbytes, b"\0"))
        count = min(extent // size, _MOST)
        data = memory.read(tid, address, count * size)
        if len(data) < count * size:
            return None
        if one.length == "":
            return kind.from_bytes(data) if count else None
        return tuple(kind.from_bytes(data[at : at + size]) for at in range(0, len(data), size))

    def _numbers(self, tid: int, place: Slot, address: int, extent: int, size: int) -> Any:
        one = place.parameter
        count = min(extent // size, _MOST)
        data = memory.read(tid, address, count * size)
        if len(data) < count * size:
            return None
        signed = not one.points.startswith("unsigned")
        found = tuple(
            int.from_bytes(data[at : at + size], _ORDER, signed=signed) for at in range(0, len(data), size)
        )
        if one.name in _NEW_DESCRIPTORS:
            found = tuple(Descriptor(number, memory.descriptor(tid, number)) for number in found)
        if one.name == "stat_addr":
            return Named(found[0], _wait_status(found[0]))
        return found if one.length else found[0]

    def _pieces(
        self, tid: int, plan: Plan, place: Slot, numbers: Mapping[str, int], result: int | None
    ) -> Any:
        """An array of iovec as the pieces of memory: addresses before the kernel has written there."""
        one = place.parameter
        count = min(max(numbers.get(one.length, 0), 0), _MOST)
        return self._vector(tid, plan, numbers[one.name], count, "reads" in one.pieces, result)

    def _vector(
        self, tid: int, plan: Plan, address: int, count: int, is_read: bool, result: int | None
    ) -> Any:
        width = plan.width
        data = memory.read(tid, address, 2 * width * count)
        if len(data) < 2 * width * count:
            return Address(address)
        words = unpack("=" + {4: "I", 8: "Q"}[width] * 2 * count, data)
        found: list[Any] = []
        left = result
        for base, length in zip(words[::2], words[1::2], strict=True):
            if left is None and not is_read:
                found.append(Address(base))
                continue
            have = length if left is None else min(length, left)
            left = None if left is None else left - have
            piece = memory.read(tid, base, min(have, self._size))
            found.append(Data(piece, have) if len(piece) == min(have, self._size) else Address(base))
        return tuple(found)

    def _message(self, tid: int, plan: Plan, place: Slot, address: int, result: int | None) -> Any:
        """A msghdr with what its pointers lead to: name, data, control, flags."""
        kind = structures.msghdr
        raw = memory.read(tid, address, kind.nbytes)
        if len(raw) < kind.nbytes:
            return None
        header = kind.from_bytes(raw)
        is_read = "reads:iov_base" in place.parameter.pieces
        known = is_read or result is not None
        name: Any = None
        if header.msg_name:
            name = Address(header.msg_name)
            if known and header.msg_namelen <= 128:
                name = _address(memory.read(tid, header.msg_name, header.msg_namelen))
        control: Any = None
        if header.msg_control:
            control = Address(header.msg_control)
            if known:
                piece = memory.read(tid, header.msg_control, min(header.msg_controllen, self._size))
                control = Data(piece, header.msg_controllen)
        data = None
        if header.msg_iov:
            count = min(header.msg_iovlen, _MOST)
            data = self._vector(tid, plan, header.msg_iov, count, is_read, None if is_read else result)
        found = {"name": name, "data": data, "control": control}
        if result is not None:
            found["flags"] = flagged(("MessageFlags",), header.msg_flags, plan.abi, plan.foreign)
        return found


_ORDER: Any = byteorder
_FUTEX_MASK = 127
_FUTEX_USED = {0: 4, 1: 3, 3: 5, 4: 6, 7: 2}  # by operation: how many arguments
_OPENS = frozenset({"open", "openat"})


def _used(plan: Plan, numbers: Mapping[str, int]) -> int:
    """How many of the arguments the call looks at; in the registers of the others is what was left there."""
    name = plan.name
    if name in _OPENS:
        makes = constant("O_CREAT", plan.abi)
        makes |= constant("O_TMPFILE", plan.abi) & ~constant("O_DIRECTORY", plan.abi)
        return len(numbers) if numbers["flags"] & makes else len(numbers) - 1
    if name in ("fcntl", "fcntl64"):
        command = same_flags("FcntlCommand", numbers["cmd"])
        return 2 if command.startswith("F_GET") and str(numbers["cmd"]) not in plan.commands else 3
    if name in ("futex", "futex_time64"):
        return _FUTEX_USED.get(numbers["op"] & _FUTEX_MASK, len(numbers))
    return len(numbers)


_SIGNAL_NUMBERS = frozenset({"sig", "signum", "signr"})
_CLONING = frozenset({"clone"})
# Flags that are joined to what the table says of an argument.
_FURTHER = {"socket.type": "SocketFlags", "socketpair.type": "SocketFlags"}
_NEW_DESCRIPTORS = frozenset({"fildes", "usockvec"})
_WITH_COMMANDS = frozenset({"setsockopt", "getsockopt", "socket"})
_OF_ALL_ABIS = ("__kernel_timespec", "__kernel_itimerspec")
_NUMBER_SIZES = {"int": 4, "unsigned int": 4, "short": 2, "unsigned short": 2}
_NUMBER_SIZES |= {"long long": 8, "unsigned long long": 8}


def _word(number: int) -> int:
    return Address(number) if number >= _SMALL else number


def _is_number(points: str) -> bool:
    return points in _NUMBER_SIZES or points in ("long", "unsigned long")


def _size(one: Parameter, plan: Plan) -> int | None:
    """The bytes of what memory is said to point to; None where that is not known on the call's ABI."""
    points = one.points
    if points in ("void", ""):
        return 1
    if points in ("long", "unsigned long"):
        return plan.register // 8
    if points in _NUMBER_SIZES:
        return _NUMBER_SIZES[points]
    kind = getattr(structures, points, None) if points.isidentifier() else None
    if kind is None:
        return None
    if plan.foreign and not any(name in one.type for name in _OF_ALL_ABIS) and not _same_everywhere(points):
        return None
    return int(kind.nbytes)


_same: dict[str, bool] = {}


def _same_everywhere(name: str) -> bool:
    """Whether a structure has the same layout on all ABIs of one byte order: no long, no pointer, no gap."""
    if name not in _same:
        ctype = getattr(structures, name)._pointer.item
        _same[name] = ctype.kind == "struct" and _packed(ctype) is not None
    return _same[name]


def _packed(ctype: Any) -> int | None:
    """The bytes of a type whose layout does not depend on how wide fields are aligned; None for others."""
    if ctype.kind == "array":
        inner = _packed(ctype.item)
        return None if inner is None or ctype.length is None else inner * ctype.length
    if ctype.kind == "primitive":
        return ffi.sizeof(ctype) if ctype.cname in _FIXED else None
    if ctype.kind != "struct":
        return None
    end = 0
    for _, field in ctype.fields or ():
        inner = _packed(field.type)
        if inner is None or field.bitsize >= 0 or field.offset != end:
            return None
        end += inner
    return end if end == ffi.sizeof(ctype) else None


def _address(data: bytes) -> Any:
    """A socket's address as Python's socket module has it, with its family in front."""
    if len(data) < 2:
        return Data(data, len(data))
    family = int.from_bytes(data[:2], _ORDER)
    try:
        found = addresses.unpack(data)
    except (ValueError, TypeError):
        return Data(data, len(data))
    try:
        return flags.AddressFamily(family), found
    except ValueError:
        return family, found


def _signals(data: bytes) -> SignalSet:
    bits = int.from_bytes(data, _ORDER)
    return SignalSet(one + 1 for one in range(8 * len(data)) if bits >> one & 1)


def _descriptors(data: bytes, most: int) -> tuple[int, ...]:
    bits = int.from_bytes(data, "little") if byteorder == "little" else 0
    return tuple(one for one in range(min(most, 8 * len(data))) if bits >> one & 1)


def _result_flags(plan: Plan, numbers: Mapping[str, int]) -> tuple[str, ...]:
    name = {"fcntl64": "fcntl"}.get(plan.name, plan.name)
    found = further_flags.RESULTS.get(name)
    if found is None and plan.commands:
        for place in plan.places or ():
            if place.parameter.flags:
                member = same_flags(place.parameter.flags, numbers[place.parameter.name])
                found = found or further_flags.RESULTS.get(f"{name}({member})")
    return tuple(found.split()) if found else ()


def _clone_flags(number: int, plan: Plan) -> int:
    """The flags of clone, and the signal that its child's end sends."""
    made = shown(flagged(("CloneFlags",), number & ~0xFF, plan.abi, plan.foreign)) if number & ~0xFF else ""
    sent = signal_name(number & 0xFF) if number & 0xFF else ""
    return Named(number, "|".join(filter(None, (made, sent))) or "0")


def _wait_status(status: int) -> str:
    """A status of wait4 in words."""
    number = status & 0x7F
    if status == 0xFFFF:
        return "continued"
    if number == 0x7F:
        return f"stopped by {signal_name(status >> 8 & 0xFF)}"
    if number:
        return f"ended by {signal_name(number)}"
    return f"ended with {status >> 8 & 0xFF}"
