"""What is loaded later than by an import statement, and what is said where it cannot be loaded.

After chroot, in a sandbox or without a descriptor left an import fails, with an errno that a caller would
take for that of a call. Whatever the package loads when it is first used goes through `load`.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType


class NotLoadedError(ImportError):
    """What was asked for is not loaded yet, and cannot be loaded where this process is by now.

    No OSError, because no call has failed: none was made. `name` is what was asked for, `__cause__` what the
    import met. Before a process shuts itself in, import the names that it will use
    (`from pysys.calls import statx`), or call pysys.preload(), which loads all there is. When files can be
    read again, so can this.
    """

    __module__ = "pysys.errors"  # where it is to be found


def failure(name: str, error: BaseException) -> NotLoadedError:
    """The exception for what could not be loaded; the caller raises it from this error."""
    text = f"{name} is not loaded, and cannot be loaded now: {error}"
    if _may_be_out_of_reach(error):
        text += (
            "; import it by name, or call pysys.preload(), before this process shuts itself in "
            "(chroot, Landlock, a filter, another user, the last descriptor)"
        )
    return NotLoadedError(text, name=name)


def _may_be_out_of_reach(error: BaseException) -> bool:
    """Whether it may be the process that lacks a file, for which it can prepare, and not the installation."""
    if isinstance(error, ModuleNotFoundError) and error.name in ("_cffi_backend", "pysys._ffi"):
        return not os.path.exists(__file__)
    # Without a path: an extension that refuses this interpreter, the interpreter's end.
    return type(error) is not ImportError or error.path is not None


def load(module: str, name: str = "") -> ModuleType:
    """A module of the package. NotLoadedError if it cannot be had.

    name: what the module is loaded for, if it is not the module itself.
    """
    try:
        # The package first: another thread may be loading it, and an import of its module does not wait.
        __import__(module.rpartition(".")[0] or module)
        __import__(module)  # importlib.import_module would import importlib, and warnings with it
    except NotLoadedError as error:  # something that it needs itself
        cause = error.__cause__ or error
    except (ImportError, OSError) as error:
        cause = error
    else:
        return sys.modules[module]
    _forget_directories()
    raise failure(name or module, cause) from cause


def _forget_directories() -> None:
    """Have directories looked at again: what is missing there now may be back at the next try.

    Else an import system that met a directory without the right to read it holds it for empty.
    """
    for path, finder in list(sys.path_importer_cache.items()):
        if finder is None:
            sys.path_importer_cache.pop(path, None)
        elif hasattr(finder, "path_hook"):  # importlib's FileFinder
            finder.invalidate_caches()  # type: ignore[attr-defined]  # as it has


def near(word: str, possible: Iterable[str], most: int = 3, likeness: float = 0.6) -> list[str]:
    """The names that look like this one, nearest first; none where difflib cannot be loaded."""
    try:
        found: list[str] = load("difflib").get_close_matches(word, list(possible), most, likeness)
    except (ImportError, OSError):  # of difflib's own as well, which newer Pythons import when it is used
        return []
    return found


def hint(word: str, possible: Iterable[str]) -> str:
    """The end of a message about an unknown name: those that look like it, in any case; "" if none does."""
    names = list(possible)
    found = near(word, names)
    if not found:
        folded = {name.casefold(): name for name in names}
        found = [folded[one] for one in near(word.casefold(), folded)]
    return f": did you mean {', '.join(found[:-1])}{' or ' * (len(found) > 1)}{found[-1]}?" if found else ""
