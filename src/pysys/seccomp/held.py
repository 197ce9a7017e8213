"""HeldCall: a call of another process that the kernel holds until a supervisor answers."""

from __future__ import annotations

import errno as numbers_of_errors
import os
from _signal import SIG_BLOCK, SIG_SETMASK, pthread_sigmask, valid_signals
from sys import byteorder

from pysys import abi as abis
from pysys import calls, errors, ioctls, numbers, signatures, structures
from pysys.arguments import descriptors, integers
from pysys.seccomp.actions import errno_number
from pysys.seccomp.conditions import ARGUMENTS, parameter_of
from pysys.seccomp.instructions import X32
from pysys.seccomp.memory import LARGEST, PATH_MAX, taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, TypeVar

    from pysys._types import Descriptor
    from pysys.abi import ABI
    from pysys.seccomp.listener import Listener
    from pysys.structures.base import Structure

    S = TypeVar("S", bound=Structure)

_SEND = ioctls.SECCOMP_IOCTL_NOTIF_SEND
_ID_VALID = ioctls.SECCOMP_IOCTL_NOTIF_ID_VALID
_ADDFD = ioctls.SECCOMP_IOCTL_NOTIF_ADDFD
_GO_ON = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE
_SET_NUMBER, _AND_ANSWER = 1, 2  # SECCOMP_ADDFD_FLAG_*
_WORD = 1 << 64
_SIGNED = frozenset(
    "int long pid_t key_t loff_t off_t __s32 s32 ssize_t clockid_t timer_t mqd_t key_serial_t rwf_t".split()
)


class HeldCall:
    """A call of another process, which waits for an answer. A Listener makes it.

    id: the kernel's, of this call alone. pid: the thread, by its id here; 0 if it cannot be seen from here.
    abi: abi.ABI. number: as the thread has passed it. name: of the call, None for a number without one.
    registers: its six arguments; instruction_pointer: where the call was made.

    `call["flags"]` is an argument by the kernel's name of the parameter, as `pysys man` shows it.

    A process that waits may end, or be interrupted by a signal, at any time: the call is gone then. That
    raises nothing: what looks returns None, what answers returns False. After a signal whose handler returns
    the call may come again, as another one.

    What a pointer leads to can change as long as the call waits, and afterwards. So go_on() is not for
    deciding what a process may do, which the filter does, but for what it may do in any case.

    A call without an answer fails with ENOSYS when the object is deleted. Threads may share it.
    """

    __module__ = "pysys.seccomp"  # the public name
    __slots__ = (
        "__weakref__", "_answered", "_listener", "_place", "_receiver", "abi", "id", "instruction_pointer",
        "name", "number", "pid", "registers",
    )  # fmt: skip

    def __init__(self, listener: Listener, place: object, received: structures.seccomp_notif) -> None:
        data = received.data
        self._answered = False
        self._listener = listener
        self._place = place
        self._receiver = os.getpid()
        self.id = received.id
        self.pid = received.pid
        self.number = data.nr & 0xFFFFFFFF
        self.abi = _abi(data.arch, self.number)
        self.name = next(iter(numbers.names(self.number, self.abi)), None)
        self.registers: tuple[int, ...] = tuple(data.args)
        self.instruction_pointer = data.instruction_pointer

    def __repr__(self) -> str:
        name = self.name or f"call {self.number}"
        return f"<pysys.seccomp.HeldCall {self.id}: {name} of thread {self.pid}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a HeldCall cannot be copied or pickled: it is answered once")

    # ---- its arguments ----

    @property
    def arguments(self) -> dict[str, int]:
        """The arguments by the kernel's names; empty for a call that is not known."""
        if self.name is None:
            return {}
        known = signatures.signature(self.name, self.abi) or signatures.elsewhere(self.name) or ()
        found = {}
        for _, name in known:
            try:
                found[name] = self[name]
            except LookupError:  # on this ABI it is in memory
                continue
        return found

    def __getitem__(self, name: str) -> int:
        """An argument by the kernel's name, of as many bits as the kernel takes.

        Raises LookupError if the call has no such parameter, or is not known.
        """
        if self.name is None:
            raise LookupError(f"call {self.number} of {self.abi.name} is not known: see registers")
        low, high, bits = parameter_of(name, self.name, self.abi)
        value = self._half(low) | (0 if high is None else self._half(high)) << 32
        value &= (1 << bits) - 1
        known = signatures.signature(self.name, self.abi) or signatures.elsewhere(self.name) or ()
        kind = next(kind for kind, one in known if one == name)
        return value - (1 << bits) if kind in _SIGNED and value >> bits - 1 else value

    def _half(self, offset: int) -> int:
        """32 bits of the arguments, by their offset in struct seccomp_data."""
        place = offset - (structures.seccomp_data.nbytes - 8 * ARGUMENTS)
        register = self.registers[place // 8].to_bytes(8, byteorder)
        return int.from_bytes(register[place % 8 : place % 8 + 4], byteorder)

    # ---- the memory of the process ----

    def read(self, where: str | int, count: int) -> bytes | None:
        """process_vm_readv(2): bytes of the process's memory.

        where: a parameter that is an address, by its name, or an address. count: how many bytes.

        Returns the bytes; less if there are no more; None if there is nothing, or the call is gone. Raises
        errors.EPERM if this process may not look.
        """
        address, found = self._address(where), b""
        count = integers.count("read: count", count)
        try:
            while self.pid and len(found) < count:
                most = min(count - len(found), LARGEST)
                piece = taken(self.pid, address + len(found), most)
                found += piece
                if len(piece) < most:
                    break
        except (errors.EFAULT, errors.ESRCH):
            pass
        # Only now: the thread may have ended before, and its id be another's.
        return found if (found or not count) and self.is_waiting() else None

    def string(self, where: str | int, limit: int = PATH_MAX) -> bytes | None:
        """Bytes up to a null byte, which is not one of them.

        where: as for read(). limit: how many there may be.

        Returns the bytes; None if none of them is a null byte, if there is nothing to read, or if the call
        is gone. Raises errors.EPERM if this process may not look.
        """
        address, found = self._address(where), b""
        while len(found) < limit:
            # To the end of a page: the next one may not be there.
            count = min(limit - len(found), 4096 - (address + len(found)) % 4096)
            piece = self.read(address + len(found), count)
            if not piece:
                return None
            before, end, _ = piece.partition(b"\0")
            found += before
            if end:
                return found
        return None

    def path(self, where: str | int) -> str | None:
        """A path, as os.fsdecode makes it: see string(). It is relative to the process's own directories."""
        found = self.string(where)
        return None if found is None else os.fsdecode(found)

    def structure(self, kind: type[S], where: str | int) -> S | None:
        """A structure, a class of pysys.structures; a copy: see read().

        Returns it; None also if it is not there completely, and for a call of another ABI than this
        process's, where it may look different.
        """
        found = self.read(where, kind.nbytes) if self.abi is abis.current() else None
        if found is None or len(found) < kind.nbytes:
            return None
        return kind.from_buffer(bytearray(found))

    def write(self, where: str | int, data: bytes | Structure) -> bool:
        """Write into the process's memory, by /proc/PID/mem: what a call would give back through a pointer.

        where: as for read(). data: bytes, or a structure.

        Returns whether all of it was written: False where there is no memory, and if the call is gone.
        Raises errors.EACCES or errors.EPERM if this process may not.
        """
        address, content = self._address(where), bytes(data)
        try:
            memory = calls.openat(-1, f"/proc/{self.pid}/mem", os.O_RDWR | os.O_CLOEXEC)
        except (errors.ENOENT, errors.ESRCH):
            return False
        except (errors.EACCES, errors.EPERM):
            if self.is_waiting():
                raise
            return False  # what has ended is root's
        try:
            # The process that is open now is the one that waits.
            if not self.is_waiting():
                return False
            return calls.pwrite64(memory, content, len(content), address) == len(content)
        except (errors.EIO, errors.EFAULT, errors.EINVAL, errors.ESRCH):
            return False
        finally:
            os.close(memory)

    def _address(self, where: str | int) -> int:
        return self[where] if isinstance(where, str) else integers.within("where", where, (0, _WORD - 1))

    def is_waiting(self) -> bool:
        """ioctl(2) with SECCOMP_IOCTL_NOTIF_ID_VALID: whether the call still waits for its answer."""
        if self._answered:
            return False
        try:
            self._listener._ioctl(_ID_VALID, self.id.to_bytes(8, byteorder))
        except errors.ENOENT:
            return False
        return True

    # ---- answers ----

    def answer(self, value: int = 0) -> bool:
        """The call is not made, and returns a value.

        value: 64 bits with a sign, of which the process sees what its registers hold.

        Returns whether the answer was taken; False if the call is gone. Raises RuntimeError for a second
        answer.
        """
        return self._send(val=integers.within("answer: value", value, integers.LONG_LONG))

    def fail(self, error: str | int) -> bool:
        """The call is not made, and fails.

        error: the errno, by symbol, "EPERM", or by number. For the rest, see answer(). Raises LookupError
        for a symbol that the ABI does not have, ValueError for a number that is not an errno.
        """
        if isinstance(error, str):
            error = errno_number(error, self.abi)
        return self._send(error=-integers.within("fail: error", error, (1, 4095), below=ValueError))

    def go_on(self) -> bool:
        """The call is made, as if there were no filter. For the rest, see answer(). Since Linux 5.5."""
        return self._send(flags=_GO_ON)

    def give(
        self,
        fd: Descriptor,
        number: int | None = None,
        *,
        close_on_exec: bool = True,
        answer: bool = True,
    ) -> int | None:
        """ioctl(2) with SECCOMP_IOCTL_NOTIF_ADDFD: put a copy of a descriptor into the process.

        fd: the descriptor, or an object with fileno(); it stays open here.
        number: which number it gets, in place of what is open there; None: the lowest that is free.
        close_on_exec: whether the process's exec closes it.
        answer: whether the call returns that number, at once with it (Linux 5.14). False leaves the answer to
            another method.

        Returns the number; None if the call is gone. Raises errors.EMFILE if the process cannot have more,
        and other errors that the kernel has for it: the call still waits then. Raises RuntimeError if it has
        its answer. Since Linux 5.9.
        """
        if self._answered:
            raise RuntimeError(f"{self!r} has its answer already")
        asked = structures.seccomp_notif_addfd(
            id=self.id,
            srcfd=descriptors.number("give: fd", fd),
            newfd=0 if number is None else integers.unsigned("give: number", number),
            newfd_flags=os.O_CLOEXEC if close_on_exec else 0,
            flags=_SET_NUMBER * (number is not None) | _AND_ANSWER * answer,
        )
        before = pthread_sigmask(SIG_BLOCK, [])
        try:
            # A signal to this thread would leave the process with the answer 0, and without the descriptor.
            pthread_sigmask(SIG_BLOCK, valid_signals())
            found: int = self._listener._ioctl(_ADDFD, asked)
        except (errors.ENOENT, errors.ESRCH, errors.EINPROGRESS):
            self._settle()
            return None
        finally:
            pthread_sigmask(SIG_SETMASK, before)
        if answer:
            self._settle()
        return found

    def _send(self, **fields: int) -> bool:
        if self._answered:
            raise RuntimeError(f"{self!r} has its answer already")
        try:
            self._listener._ioctl(_SEND, structures.seccomp_notif_resp(id=self.id, **fields))
        except (errors.ENOENT, errors.EINPROGRESS):  # gone; another process was faster
            self._settle()
            return False
        self._settle()
        return True

    def _settle(self) -> None:
        self._answered = True
        self._listener._leave(self._place)

    def __del__(self, _error: int = -numbers_of_errors.ENOSYS, _getpid: Any = os.getpid) -> None:
        # Not in a process that was forked since: the other one answers.
        if not getattr(self, "_answered", True) and self._receiver == _getpid():
            try:
                self._send(error=_error)
            except (ValueError, OSError):  # the listener is closed, which is such an answer; or it may not be
                self._settle()


def _abi(arch: int, number: int) -> ABI:
    """The ABI of a call. Of those that share a value, that of this process, if it is one."""
    here = abis.current()
    order = [*map(abis.get, here.runs), *abis.ABIS.values()]
    found = [one for one in order if arch in (one.audit_arch, one.audit_arch_big)]
    if found and found[0].name in ("x86_64", "x32"):
        return abis.get("x32" if number & X32 else "x86_64")
    return found[0] if found else here
