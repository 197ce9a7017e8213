"""What a filter does with a call, in words: ALLOW, errno("EPERM"), trace(7), ..."""

from __future__ import annotations

from pysys.errors import MAX_ERRNO
from pysys.loading import hint
from pysys.metadata.light import Record
from pysys.seccomp.disassembly import ACTIONS
from pysys.tables import errnos

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.abi import ABI

_NUMBERS = {name: value for value, name in ACTIONS.items()}
_DATA = 0xFFFF  # the bits of a result that go with the action


class Action(Record):
    """What is done with a call.

    name: as in the kernel, "ALLOW", "ERRNO", ... data: what goes with it, 0 for nothing; an errno may be its
    symbol, because its number depends on the ABI.
    """

    name: str
    data: int | str = 0

    def value(self, abi: ABI) -> int:
        """The number that a filter returns for it, to a process of an ABI."""
        data = errno_number(self.data, abi) if isinstance(self.data, str) else self.data
        return _NUMBERS[self.name] | data

    def __str__(self) -> str:
        return f"{self.name}({self.data})" if self.data else self.name


ALLOW = Action("ALLOW")
LOG = Action("LOG")
NOTIFY = Action("USER_NOTIF")
KILL_THREAD = Action("KILL_THREAD")
KILL_PROCESS = Action("KILL_PROCESS")


def errno(error: str | int) -> Action:
    """Do not make the call: it fails with an errno, or returns 0.

    error: its symbol, "EPERM", which each ABI has its own number for; or a number up to 4095.

    Returns an Action. Raises LookupError for a symbol that no ABI has, ValueError for another number.
    """
    if isinstance(error, str):
        if not any(error in table for table in errnos.ERRNOS.values()):
            raise LookupError(f"no errno named {error!r}{hint(error, errnos.ERRNOS['generic'])}")
        return Action("ERRNO", error)
    return Action("ERRNO", _number("errno", error, MAX_ERRNO))


def trap(data: int = 0) -> Action:
    """Do not make the call: the thread gets SIGSYS, with data (16 bits) as si_errno. Returns an Action."""
    return Action("TRAP", _number("trap", data, _DATA))


def trace(data: int = 0) -> Action:
    """Ask a tracer, which gets data (16 bits) by PTRACE_GETEVENTMSG; without one the call fails with ENOSYS.

    Returns an Action.
    """
    return Action("TRACE", _number("trace", data, _DATA))


def as_action(name: str, value: object) -> Action:
    """An action that a caller has passed."""
    if isinstance(value, Action):
        return value
    raise TypeError(f"{name} must be a seccomp.Action, as ALLOW or errno('EPERM'), not {value!r}")


def _number(name: str, value: int, most: int) -> int:
    if not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    number = value.__index__()
    if not 0 <= number <= most:
        raise ValueError(f"{name}: {number} is not from 0 to {most}")
    return number


def errno_number(symbol: str, abi: ABI) -> int:
    """The number that an ABI has for an errno. Raises LookupError if it has none."""
    own = errnos.ERRNOS.get(abi.errno_table, {})
    found = own.get(symbol, errnos.ERRNOS["generic"].get(symbol))
    if found is None:
        raise LookupError(f"{abi.name} has no {symbol}")
    return found
