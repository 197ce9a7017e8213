"""Loads modules when they are first used, and says why where that fails.

After chroot, in a sandbox or when no descriptor is left an import fails, with an errno that a caller would
take for that of a call; or it finds what lies in the new root. Whatever the package loads when it is first
used goes through `load`. What a name needs for all its calls and errors is imported with it, or, where few
programs ever use it, held in memory by `hold`.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import MAGIC_NUMBER, cache_from_source
from _imp import _fix_co_filename  # type: ignore[attr-defined]  # typeshed lacks it
from _thread import get_ident
from marshal import loads
from time import sleep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType

_PACKAGE, _FOLDER = __name__.partition(".")[0], os.path.dirname(__file__)
_ModuleSpec: type[ModuleSpec] = type(__spec__)
# Of modules that are held, by name, the file and what the cache has of it: a header and the compiled code.
_held: dict[str, tuple[str, bytes]] = {}
_HEADER = 16  # bytes (PEP 552)
_BEGINNING = MAGIC_NUMBER + bytes(4)  # of the header, where times decide
# Where the cache has a module: what stands before its folder, between that and its name, and behind the name.
try:
    _BEFORE, _BETWEEN, _BEHIND = cache_from_source(f"{_FOLDER}/\0/\0.py").split("\0")
except NotImplementedError:  # from an interpreter without a cache
    _BEFORE = _BETWEEN = _BEHIND = ""


class NotLoadedError(ImportError):
    """A part of pysys is not loaded yet, and cannot be loaded any more in this process.

    It is not an OSError, because no call has failed: none was made. `name` is what was asked for, `__cause__`
    the exception of the import. Before a process restricts itself, import the names that it will use
    (`from pysys.calls import statx`), or call pysys.preload(), which loads everything. When the files can be
    read again, the import works again.
    """

    __module__ = "pysys.errors"  # the public name


def failure(name: str, error: BaseException) -> NotLoadedError:
    """The exception for a part that could not be loaded. The caller raises it from `error`."""
    text = f"{name} is not loaded, and cannot be loaded now: {error}"
    if _may_be_out_of_reach(error):
        text += (
            "; import it by name, or call pysys.preload(), before this process shuts itself in "
            "(chroot, Landlock, a filter, another user, the last descriptor)"
        )
    return NotLoadedError(text, name=name)


def _may_be_out_of_reach(error: BaseException) -> bool:
    """Whether the process may be unable to reach a file, so that preloading would help; otherwise the
    installation lacks it."""
    if isinstance(error, ModuleNotFoundError) and error.name in ("_cffi_backend", "pysys._ffi"):
        return not os.path.exists(__file__)
    # An error without a path: an extension that refuses this interpreter, or the interpreter's end.
    return type(error) is not ImportError or error.path is not None


def hold(package: str, names: str = "") -> None:
    """Read the code of modules into memory, from which they are imported when they are first needed.

    One whose code is not in the interpreter's cache (__pycache__) is imported at once, which puts it there.

    package: the folder that they are in, "calls/_make"; "" for pysys itself. The package is held as well.
    names: what they are called there, in one string.
    """
    own = f"{_PACKAGE}.{package.replace('/', '.')}" if package else _PACKAGE
    for file in ("__init__", *names.split()):
        name = own if file == "__init__" else f"{own}.{file}"
        if name not in _held and name not in sys.modules and not _read(name, package, file):
            load(name)


def hold_errors() -> None:
    """Hold what an exception needs, for a module that makes calls."""
    hold("", "doc")
    hold("errors", "arguments base classes table system files network rare")


def _read(name: str, folder: str, file: str) -> bool:
    """Read the code of a module into memory. Returns whether the cache has that of the file as it is."""
    path = f"{_FOLDER}/{folder}/{file}.py" if folder else f"{_FOLDER}/{file}.py"
    try:
        fd = os.open(f"{_BEFORE}{folder}{_BETWEEN}{file}{_BEHIND}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            kept = os.read(fd, os.fstat(fd).st_size)
        finally:
            os.close(fd)
        source = os.stat(path)
    except OSError:
        return False
    when, size = int(source.st_mtime) & 0xFFFFFFFF, source.st_size & 0xFFFFFFFF
    if not kept.startswith(_BEGINNING + when.to_bytes(4, "little") + size.to_bytes(4, "little")):
        return False
    _held[name] = path, kept
    return True


def _find(name: str) -> bool:
    """Whether a module can be imported from memory; it may be read only now."""
    if name in _held:
        return True
    package, _, module = name.partition(".")
    if package != _PACKAGE:
        return False
    module = module.replace(".", "/")
    folder, _, file = module.rpartition("/")
    return _read(name, folder, file) or _read(name, module, "__init__")


class _Held:
    """Finds the modules of the package: those that are held, and others that the cache has.

    It comes before the import system's finders, which would go through directories: that takes longer.
    """

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if not _find(name):
            return None
        file, _ = _held[name]
        is_package = file.endswith("/__init__.py")
        found = _ModuleSpec(name, _Held, origin=file, is_package=is_package)  # type: ignore[arg-type]  # it loads
        found.has_location = True
        if found.submodule_search_locations is not None:
            found.submodule_search_locations.append(os.path.dirname(file))
        return found

    @staticmethod
    def create_module(spec: object) -> None:
        """The usual one."""

    @staticmethod
    def get_code(name: str) -> CodeType:
        """For exec_module, and `python -m`."""
        file, kept = _held[name]
        code: CodeType = loads(memoryview(kept)[_HEADER:])
        _fix_co_filename(code, file)  # which may have been moved, with the cache
        return code

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        exec(_Held.get_code(module.__name__), module.__dict__)
        _held.pop(module.__name__, None)  # not before: what a signal's handler raises ends this


sys.meta_path.insert(0, _Held)


def load(module: str, name: str = "") -> ModuleType:
    """Import a module. Returns it. Raises NotLoadedError if that fails.

    module: its full name.
    name: what the module is loaded for, if that is not the module itself.
    """
    found = sys.modules.get(module)
    if found is not None and not getattr(found.__spec__, "_initializing", False):
        return found
    _busy.append(get_ident())
    try:
        cause = _import(module)
    finally:
        _busy.remove(get_ident())
    if cause is None:
        return sys.modules[module]
    _forget_directories()
    raise failure(name or module, cause) from cause


def _import(module: str) -> BaseException | None:
    """Import a module. Returns why it could not be loaded."""
    try:
        # The packages first: another thread may be loading one, and an import of its module would not wait.
        parts = module.split(".")
        for count in range(1, len(parts)):
            __import__(".".join(parts[:count]))
        __import__(module)  # importlib.import_module would import importlib, and warnings with it
    except NotLoadedError as error:  # of a module that this one needs
        return error.__cause__ or error
    except (ImportError, OSError) as error:
        return error
    except RuntimeError as error:
        if "allocate lock" in str(error):  # the import system's words for no memory
            raise MemoryError from error
        raise
    return None


# ---- forks ----

# The threads that are loading something. A process that is forked meanwhile would wait for them forever when
# it loads the same: a fork waits for them, but not for long, because they may wait for what its caller has
# locked.
_busy: list[int] = []
_PAUSE, _PAUSES = 0.001, 1000  # seconds, and how many of them


def _wait_for_others() -> None:
    pauses = 0
    while _busy and pauses < _PAUSES and any(one != get_ident() for one in _busy):
        sleep(_PAUSE)
        pauses += 1


def _forget_others() -> None:
    if _busy:
        _busy[:] = [one for one in _busy if one == get_ident()]


os.register_at_fork(before=_wait_for_others, after_in_child=_forget_others)


def _forget_directories() -> None:
    """Have directories listed again: a file that is missing now may be back at the next attempt.

    Otherwise the import system would take a directory that it once could not read for empty.
    """
    for path, finder in list(sys.path_importer_cache.items()):
        if finder is None:
            sys.path_importer_cache.pop(path, None)
        elif hasattr(finder, "path_hook"):  # importlib's FileFinder
            finder.invalidate_caches()  # type: ignore[attr-defined]  # a finder with a hook has it


def near(word: str, possible: Iterable[str], most: int = 3, likeness: float = 0.7) -> list[str]:
    """The names that resemble this one, the nearest first. Returns no name if difflib cannot be loaded."""
    try:
        found: list[str] = load("difflib").get_close_matches(word, list(possible), most, likeness)
    except (ImportError, OSError):  # also of modules that difflib imports later, on newer Pythons
        return []
    return found


def hint(word: str, possible: Iterable[str]) -> str:
    """The end of a message about an unknown name: those that look like it, in any case; "" if none does."""
    names = list(possible)
    folded = {name.casefold(): name for name in names}
    same = folded.get(word.casefold(), "")  # near() takes a shorter name in the same case for more alike
    found = [same] if same else near(word, names) or [folded[one] for one in near(word.casefold(), folded)]
    return offer(found)


def offer(names: Sequence[str]) -> str:
    """The same with names that are known: ": did you mean a, b or c?"; "" without any."""
    return f": did you mean {', '.join(names[:-1])}{' or ' * (len(names) > 1)}{names[-1]}?" if names else ""


def counted(count: float, noun: str) -> str:
    """A number of things in a message: "1 byte", "2 bytes"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
