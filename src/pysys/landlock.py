"""Landlock in words, for this process: what may be done with files, ports and processes outside.

    from pysys import landlock

    landlock.restrict({
        "paths": {"/usr": "read execute", "/tmp": "all"},   # other files are denied
        "connect": [443],                                   # TCP ports; others are denied
        "scopes": "signal abstract_unix_socket",            # what ends at this sandbox
        "abi": 0,                                           # what this kernel has of it, or nothing
    })

The rules are those of spawn(landlock=), which restricts a program that is started. `calls.landlock_*` are the
kernel's calls.
"""

from __future__ import annotations

from pysys._native import ffi, lib
from pysys.calls import close, landlock_abi, landlock_restrict_self, prctl
from pysys.errors import error
from pysys.loading import load
from pysys.process import spawn_settings
from pysys.process.naming import Renamed
from pysys.structures.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pysys._types import Descriptor, LandlockRules
    from pysys.flags import LandlockAccessFs, LandlockAccessNet, LandlockScope

__all__ = ["LandlockRights", "restrict", "rights", "ruleset"]

_NO_NEW_PRIVS = 38  # PR_SET_NO_NEW_PRIVS
_ALL_THREADS = 8  # LANDLOCK_RESTRICT_SELF_TSYNC


class LandlockRights(Record):
    """What a version of Landlock knows.

    paths: flags.LandlockAccessFs. ports: flags.LandlockAccessNet. scopes: flags.LandlockScope.
    """

    __slots__ = ("paths", "ports", "scopes")

    paths: LandlockAccessFs
    ports: LandlockAccessNet
    scopes: LandlockScope


def rights(abi: int | None = None) -> LandlockRights:
    """What can be restricted.

    abi: a version of Landlock, 1 to 10; None: the one of this kernel. Of a later version, it is what pysys
        knows; version 0 has nothing.

    Returns LandlockRights, for landlock_create_ruleset(2).

    Raises what calls.landlock_abi raises. Since Linux 5.13; without Landlock there is nothing.
    """
    flags, sets = load("pysys.flags"), ffi.new("uint64_t[3]")
    lib.pysys_landlock_known(landlock_abi() if abi is None else abi, sets)
    files, ports, scopes = sets
    return LandlockRights(
        flags.LandlockAccessFs(files), flags.LandlockAccessNet(ports), flags.LandlockScope(scopes)
    )


def ruleset(rules: LandlockRules) -> int | None:
    """landlock_create_ruleset(2) and landlock_add_rule(2): a set of rules in words.

    rules: a mapping with some of the keys paths, bind, connect, scopes and abi, as spawn() describes them.

    Returns a descriptor, which exec closes, for restrict() or spawn(landlock=); None if this kernel knows
    nothing of it and abi is 0.

    Raises TypeError and ValueError for what is not a rule; errors.EOPNOTSUPP if Landlock is turned off or its
    version is too low, errors.ENOSYS if there is none; for a path those of openat. Since Linux 5.13.
    """
    keep: list[object] = []
    with Renamed("spawn: landlock", "landlock"):
        if not callable(getattr(rules, "items", None)):
            raise TypeError(f"landlock: rules must be a mapping, not {type(rules).__name__}")
        made = spawn_settings.settings({"landlock": rules}, 0, keep)
    failed = ffi.new("struct pysys_failed *")
    result: int = lib.pysys_ruleset(made, failed)
    if result == lib.PYSYS_NO_RULESET:
        return None
    if result >= 0:
        return result
    paths = list(rules.get("paths", ()))
    path = paths[failed.element] if 0 <= failed.element < len(paths) else None
    raise error(-result, ffi.string(failed.call).decode(), filename=path)


def restrict(
    rules: LandlockRules | Descriptor, *, no_new_privs: bool = True, all_threads: bool = False
) -> int:
    """landlock_restrict_self(2): restrict this thread and what it starts from now on, for good.

    rules: as for ruleset(), or the descriptor of a set, which stays open.
    no_new_privs: first set it with prctl(PR_SET_NO_NEW_PRIVS), as a thread without CAP_SYS_ADMIN has to;
        False leaves it as it is.
    all_threads: restrict all threads of the process (LANDLOCK_RESTRICT_SELF_TSYNC, Linux 7.0).

    Python itself opens files: of modules that are not imported yet, of this package too (pysys.preload()).

    Returns the version of Landlock here, of which rights() says what it can deny; 0 if there is none, and
    that is allowed.

    Raises what ruleset() raises; errors.EPERM without no_new_privs and CAP_SYS_ADMIN, errors.E2BIG above 16
    sets, errors.EINVAL for all_threads on an older kernel. If it raises, no_new_privs may have been set.
    Since Linux 5.13.
    """
    version = landlock_abi()
    is_mapping = callable(getattr(rules, "items", None))
    made: Any = ruleset(rules) if is_mapping else rules  # type: ignore[arg-type]  # a mapping has items
    if made is None:
        return version
    try:
        if no_new_privs:
            prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
        landlock_restrict_self(made, _ALL_THREADS * all_threads)
    finally:
        if is_mapping:
            close(made)
    return version


LandlockRights.__module__ = __name__  # the public name, also for pickles


def __dir__() -> list[str]:
    return __all__
