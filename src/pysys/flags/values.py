"""The values that differ between architectures."""

from __future__ import annotations

from pysys import abi as _abi
from pysys.loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.abi import ABI

_here = ""


def value(name: str, abi: str | ABI | None = None, default: int | None = None) -> int:
    """What the kernel defines a name to be on an ABI; without one, on that of this Python.

    It knows the names whose values differ somewhere. The default is for ABIs without the name;
    without a default, they raise LookupError.
    """
    constants = load("pysys.tables.constants")
    if name not in constants.USUAL:
        raise LookupError(f"{name} is not a constant that differs between architectures")
    where = here() if abi is None else _abi.get(abi).name
    found: int | None = constants.BY_ABI[where].get(name, constants.USUAL[name])
    if found is None:
        found = default
    if found is None:
        raise LookupError(f"{where} has no {name}")
    return found


def here() -> str:
    """The name of this Python's ABI, for members that only some have."""
    return _here or _find_out()


def _find_out() -> str:
    global _here
    _here = _abi.current().name
    return _here
