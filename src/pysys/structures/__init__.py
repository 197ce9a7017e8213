"""The kernel's structures, with the layout that they have on this ABI.

    from pysys.structures import timespec, iovec
    timeout = timespec(tv_sec=1, tv_nsec=500_000_000)
    pieces = iovec.over([bytearray(16), bytearray(4096)])

With the first name all that the others need is loaded. A name is the kernel's, without the underscores in
front: `timespec` is `struct __kernel_timespec`. Names that end in 32 are what the old calls of 32-bit ABIs
take. `iovec.nbytes` is how many bytes one has, on the class and on an object. A structure that this ABI does
not have is an AttributeError; `dir(pysys.structures)` lists what it has, `describe(name)` their fields.

`base` says what every structure can do, `readers` and `control` take apart what the kernel writes into a
buffer (directory entries, events, ancillary data), `addresses` socket addresses; `records` has what these and
some calls return (Mount, Capabilities, InotifyEvent).
"""

from __future__ import annotations

from pysys.loading import load as _load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys.structures.base import Array as Array
    from pysys.structures.base import Structure as Structure
    from pysys.structures.build import describe as describe
    from pysys.structures.build import names as names

    __all__: list[str]

_HOMES = {"Array": "base", "Structure": "base", "describe": "build", "names": "build"}
_CLASSES = ("Array", "Structure")
_MODULES = ("addresses", "control", "readers", "records")


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return sorted({*_CLASSES, *_kernel()})
    if name.startswith("__"):
        raise AttributeError(f"module 'pysys.structures' has no attribute {name!r}")
    home = name if name in _MODULES else _HOMES.get(name, "build")
    module = _load(f"pysys.structures.{home}", f"pysys.structures.{name}")
    if name in _MODULES:
        return module
    value = getattr(module, name) if name in _HOMES else module.build(name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*_HOMES, *_MODULES, *_kernel()})


def _kernel() -> set[str]:
    """The structures that this ABI has, by all their names."""
    build = _load("pysys.structures.build")
    return {*build.names(), *(alias for alias, name in build.tables.ALIASES.items() if name in build.names())}
