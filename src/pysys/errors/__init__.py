"""Exceptions that explain themselves: one class per errno, still an OSError.

Layout: `base` has what they share, `classes` finds the one for a number and makes it; the classes
themselves stand by family in `system`, `files`, `network` and `rare`. All are made at import: the
call that fails may be one after which no file can be opened any more.
"""

from pysys.errors import files, network, rare, system
from pysys.errors.base import MAX_ERRNO as MAX_ERRNO
from pysys.errors.base import RefusedError, SyscallError
from pysys.errors.classes import CLASSES, by_name, by_number, error
from pysys.errors.files import *  # noqa: F403
from pysys.errors.network import *  # noqa: F403
from pysys.errors.rare import *  # noqa: F403
from pysys.errors.system import *  # noqa: F403
from pysys.loading import NotLoadedError, hint

__all__ = ["CLASSES", "NotLoadedError", "RefusedError", "SyscallError", "by_name", "by_number", "error"]
__all__ += system.__all__
__all__ += files.__all__
__all__ += network.__all__
__all__ += rare.__all__

TYPE_CHECKING = False
if not TYPE_CHECKING:  # a type checker knows the names

    def __getattr__(name: str) -> object:
        more = "" if name.startswith("__") else hint(name, CLASSES)
        raise AttributeError(f"module 'pysys.errors' has no attribute {name!r}{more}")


def __dir__() -> list[str]:
    return sorted(__all__)
