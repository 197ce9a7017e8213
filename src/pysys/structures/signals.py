"""Sets of signals, and what is known of one."""

from __future__ import annotations

import _signal  # signal itself brings enum along

from pysys._native import ffi
from pysys.arguments import integers, iterables
from pysys.structures.base import Structure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

_BITS = 8 * ffi.sizeof("unsigned long")


class Sigset(Structure):
    """A set of signals, a bit for each."""

    __slots__ = ()

    if TYPE_CHECKING:
        sig: tuple[int, ...]

    @classmethod
    def of(cls, signals: Iterable[int] = ()) -> Self:
        """A set of signals.

        signals: an iterable of their numbers, from 1, or of signal.Signals.

        Returns the set. Raises TypeError and ValueError for what is not a signal.
        """
        words = [0] * (8 * cls._size // _BITS)
        for index, one in enumerate(iterables.items(f"{cls.__name__}.of: signals", signals, "signals")):
            title, most = f"{cls.__name__}.of: signals[{index}]", 8 * cls._size
            signal = integers.within(title, one, (1, most), below=ValueError)
            words[(signal - 1) // _BITS] |= 1 << (signal - 1) % _BITS
        return cls(sig=words)

    def signals(self) -> set[int]:
        """What is in the set.

        Returns a set of the signals' numbers.
        """
        words = self.sig
        return {
            number
            for number in range(1, 8 * self._size + 1)
            if words[(number - 1) // _BITS] >> (number - 1) % _BITS & 1
        }


# What counts with si_signo, si_errno and si_code: by a si_code that means the same for any signal, or by the
# signal for the codes between SI_USER and SI_KERNEL; the kernel's siginfo_layout() chooses in this way.
_BY_CODE = {
    0: "si_pid si_uid",  # SI_USER
    -1: "si_pid si_uid si_int si_ptr",  # SI_QUEUE
    -2: "si_tid si_overrun si_int si_ptr",  # SI_TIMER
    -3: "si_pid si_uid si_int si_ptr",  # SI_MESGQ
    -5: "si_band si_fd",  # SI_SIGIO
    -6: "si_pid si_uid",  # SI_TKILL
}
_BY_SIGNAL = {
    "SIGCHLD": "si_pid si_uid si_status si_utime si_stime",
    "SIGILL": "si_addr",
    "SIGFPE": "si_addr",
    "SIGSEGV": "si_addr",
    "SIGBUS": "si_addr si_addr_lsb",
    "SIGTRAP": "si_addr",
    "SIGIO": "si_band si_fd",
    "SIGSYS": "si_call_addr si_syscall si_arch",
}
_QUEUED = "si_pid si_uid si_int si_ptr"
_POLLED = "si_band si_fd"  # F_SETSIG gives any signal the codes of SIGIO
_NSIGPOLL = 6
_SI_KERNEL = 0x80


class Siginfo(Structure):
    """What is known of a signal. Many fields share a place; the representation has those that count."""

    __slots__ = ()

    if TYPE_CHECKING:
        si_signo: int
        si_code: int

    def _shown(self) -> Iterable[str]:
        code = self.si_code
        if 0 < code < _SI_KERNEL:
            names = (name for name in _BY_SIGNAL if getattr(_signal, name) == self.si_signo)
            usual = _POLLED if code <= _NSIGPOLL else "si_pid si_uid"
            counts = _BY_SIGNAL.get(next(names, ""), usual)
        else:
            counts = _BY_CODE.get(code, _QUEUED if code < 0 else "si_pid si_uid")
        return ("si_signo", "si_errno", "si_code", *counts.split())
