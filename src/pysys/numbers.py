"""Names, numbers and entry points of system calls, on every ABI.

Each ABI's table is generated from the kernel source and loaded when it is first asked for, or by
pysys.preload(). A name may be absent on an ABI (``fork`` on aarch64), and one number may have several names
(alpha's ``umount`` and ``umount2``).
"""

from __future__ import annotations

from pysys import numbering as _numbering
from pysys.loading import load as _load
from pysys.numbering import (
    NOT_IMPLEMENTED,
    NoNumberError,
    UnknownCallError,
    calls,
    names,
    suggestions,
    table,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.abi import ABI

__all__ = [
    "NOT_IMPLEMENTED",
    "NoNumberError",
    "UnknownCallError",
    "calls",
    "entry",
    "names",
    "number",
    "suggestions",
    "table",
]


def number(name: str, abi: str | ABI | None = None) -> int:
    """The number of a call on an ABI.

    name: as in the kernel's tables, "openat".
    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns an int. It does not promise that the kernel implements the call: see entry().

    Raises UnknownCallError if no ABI has the name, NoNumberError if only others have it, with what to use
    instead where that is known; LookupError for an ABI that is unknown.
    """
    try:
        return _numbering.number(name, abi)
    except NoNumberError as error:
        raise _explained(error) from None


def entry(name: str, abi: str | ABI | None = None) -> str:
    """The kernel's function behind a call on an ABI.

    name: as in the kernel's tables, "fork".
    abi: the name or alias of an ABI, or an ABI; None: that of this process.

    Returns its name, "sys_fork"; "sys_ni_syscall" answers ENOSYS. A 64-bit kernel may run another function
    for a 32-bit process.

    Raises what number() raises.
    """
    try:
        return _numbering.entry(name, abi)
    except NoNumberError as error:
        raise _explained(error) from None


def _explained(error: NoNumberError) -> NoNumberError:
    """The same error with what to use instead."""
    try:
        found: NoNumberError = _load("pysys.policy.fate").fate(error.name, error.abi).missing()
    except ImportError:  # out of reach: that there is no number is still true
        return error
    return found


def __dir__() -> list[str]:
    return __all__
