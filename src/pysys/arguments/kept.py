"""The parameters of calls as the extension keeps them: they are there where no file can be read any more."""

from __future__ import annotations

from pysys import parameters
from pysys._native import ffi, lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys.parameters import Parameter


def defined(name: str) -> tuple[Parameter, ...] | None:
    """What parameters.defined() says of a call on this process's ABI; of one that it lacks, the usual."""
    text = getattr(lib, f"parameters_{name}", None) or getattr(lib, f"usual_{name}", None)
    return parameters.load(ffi.string(text).decode()) if text else None


def own(name: str) -> tuple[Parameter, ...]:
    """What parameters.parameters() reports of a call on this process's ABI, which has it."""
    return parameters.merged(defined(name) or ())


def usual(name: str) -> tuple[Parameter, ...] | None:
    """What parameters.parameters() says of a call, of whichever ABI."""
    text = getattr(lib, f"usual_{name}", None)
    return parameters.merged(parameters.load(ffi.string(text).decode())) if text else None


_WORD = 8 * ffi.sizeof("pysys_word")
_behaviour: dict[str, dict[str, str]] = {}


def behaviour(name: str) -> dict[str, str]:
    """What parameters.behaviour() says of a call on this process's ABI."""
    found = _behaviour.get(name)
    if found is None:
        text = getattr(lib, f"behaviour_{name}", None)
        words = ffi.string(text).decode().split() if text else ()
        found = _behaviour[name] = {key: value for key, _, value in (one.partition("=") for one in words)}
    return found


def value(name: str, result: int, most: int) -> int:
    """What a call's negative result stands for: an address and an id have no sign.

    most: the largest errno. With 32 bits an id may look like any errno, and counts as an id: getuid and its
        kin do not fail. Nobody has -1; with it a filter has answered EPERM.
    """
    known = behaviour(name)
    is_unsigned = (
        result < -most if "address" in known else "identity" in known and _WORD == 32 and result < -1
    )
    return result + (1 << _WORD) if is_unsigned else result
