"""The values that differ between architectures."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.abi import ABI

_here = ""


def value(name: str, abi: str | ABI | None = None, default: int | None = None) -> int:
    """What the kernel defines a name to be on an ABI; without one, on that of this Python.

    It knows the names whose values differ somewhere. The default is for ABIs without the name;
    without a default, they raise LookupError.
    """
    from pysys.metadata.tables.constants import BY_ABI, USUAL

    if name not in USUAL:
        raise LookupError(f"{name} is no constant that differs between architectures")
    if abi is None:
        abi = here()
    else:
        from pysys.abi import get

        abi = get(abi).name
    found = BY_ABI[abi].get(name, USUAL[name])
    if found is None:
        found = default
    if found is None:
        raise LookupError(f"{abi} has no {name}")
    return found


def here() -> str:
    """The name of this Python's ABI, for members that only some have."""
    return _here or _find_out()


def _find_out() -> str:
    global _here
    from pysys import abi

    _here = abi.current().name
    return _here
