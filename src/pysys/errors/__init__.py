"""Exceptions that explain themselves: one class per errno, still an OSError.

Layout: `base` has what they share, `classes` finds the one for a number and makes it; the classes
themselves stand by family in `system`, `files`, `network`, `legacy` and `internal`.
"""

from . import files, internal, legacy, network, system
from .base import RefusedError, SyscallError
from .classes import CLASSES, by_name, by_number, error
from .files import *  # noqa: F403
from .internal import *  # noqa: F403
from .legacy import *  # noqa: F403
from .network import *  # noqa: F403
from .system import *  # noqa: F403

__all__ = ["CLASSES", "RefusedError", "SyscallError", "by_name", "by_number", "error"]
__all__ += system.__all__
__all__ += files.__all__
__all__ += network.__all__
__all__ += legacy.__all__
__all__ += internal.__all__
