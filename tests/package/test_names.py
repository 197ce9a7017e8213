"""The names that pysys and its modules show: by import *, dir(), suggestions, and to editors."""

from __future__ import annotations

import ast
import copy
import enum
import inspect
import keyword
import pickle
import re
import subprocess
import sys
import traceback
import types
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import known_layouts
import pytest
from heavy_imports import loaded_by

import pysys
from pysys import (
    abi,
    calls,
    capabilities,
    errors,
    flags,
    idmap,
    landlock,
    metadata,
    mounts,
    namespaces,
    numbers,
    parameters,
    profiles,
    rings,
    seccomp,
    signatures,
    structures,
)
from pysys.calls import _HANDWRITTEN
from pysys.flags import index
from pysys.structures import addresses, control, readers, records
from pysys.structures.base import Array, Structure

pytestmark = pytest.mark.portable
MODULES = (
    pysys, abi, calls, calls.direct, errors, flags, metadata, mounts, numbers, structures,
    addresses, control, readers, records, parameters, profiles, rings, seccomp, signatures,
    capabilities, idmap, landlock, namespaces,
)  # fmt: skip
PUBLIC = {  # modules that may be seen in others, by those that they are seen in
    pysys: {
        "abi",
        "calls",
        "capabilities",
        "errors",
        "flags",
        "idmap",
        "ioctls",
        "landlock",
        "metadata",
        "mounts",
        "namespaces",
        "numbers",
        "profiles",
        "rings",
        "seccomp",
        "structures",
    },
    calls: {"direct"},
    structures: {"addresses", "control", "readers", "records"},
}


def star(module: str) -> set[str]:
    """What `from module import *` gives, in an interpreter that has used nothing of it."""
    code = f"""
import sys
import traceback
sys.path[:0] = {sys.path!r}
names = {{}}
exec("from {module} import *", names)
del names["__builtins__"]
assert all(value is getattr(sys.modules["{module}"], name) for name, value in names.items())
print(*names)
"""
    command = [sys.executable, "-I", "-S", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_star_of_flags_is_every_constant() -> None:
    """Each class, member and constant of the modules that define flags, where this architecture has it."""
    defined = set()
    for name in {*index.MODULES.values()}:
        module = import_module(f"pysys.flags.{name}")
        for kind in vars(module).values():
            if isinstance(kind, enum.EnumType) and kind.__module__ == module.__name__:
                defined |= {kind.__name__, *kind.__members__}
    found = star("pysys.flags")
    lone = {name for name in found - defined if isinstance(getattr(flags, name), int)}
    assert defined <= found
    # AT_FDCWD and the like, and what Python cannot have in a class
    assert found - defined - index.FUNCTIONS.keys() == lone
    assert index.FUNCTIONS.keys() <= found
    assert {"AT_FDCWD", "RLIM64_INFINITY", "__WALL", "MountFlags", "MS_BIND"} <= found
    assert ("MAP_32BIT" in found) == (abi.current().name in ("x86_64", "i386", "x32"))


def test_star_of_calls_is_every_call() -> None:
    """Each call of this ABI's table, and what is written by hand; neither direct nor machinery."""
    found = star("pysys.calls")
    assert star("pysys.calls.direct") == found - (_HANDWRITTEN.keys() - numbers.calls())
    fillers = {name for name in numbers.table() if name.rstrip("0123456789") in ("reserved", "unused")}
    assert {name for name in numbers.table() if not keyword.iskeyword(name)} - fillers <= found
    assert found - numbers.calls() <= {*_HANDWRITTEN, "llseek", "newselect", "sysctl", "break_"}
    assert all(callable(getattr(calls, name)) for name in found)


def test_star_of_structures_is_every_structure() -> None:
    """The structures that this ABI has and their second names, Array and Structure."""
    found = star("pysys.structures")
    here = {*known_layouts.SIZES[""], *known_layouts.SIZES[abi.current().name]}
    assert {name for name in here if hasattr(structures, name)} <= found
    assert {"Array", "Structure", "sigset_t"} <= found - structures.names()
    assert found - structures.names() <= {
        "Array", "Structure", "dirent", "dirent64", "sigset_t", "siginfo_t", "stack_t",
    }  # fmt: skip
    assert all(issubclass(getattr(structures, name), (Array, Structure)) for name in found)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_dir_shows_no_machinery(module: types.ModuleType) -> None:
    """dir() has names that can be had, and no module but those that are meant to be used."""
    names = dir(module)
    assert names == sorted(set(names))
    values = {name: getattr(module, name) for name in names}
    seen = {name for name, value in values.items() if isinstance(value, types.ModuleType)}
    assert seen == PUBLIC.get(module, set())
    machinery = {"annotations", "load", "hint", "TYPE_CHECKING", "__getattr__", "__dir__"}
    assert not (machinery - set(module.__all__)) & set(names)
    assert set(module.__all__) <= set(names)


@pytest.mark.parametrize(
    ("owner", "name", "better"),
    [
        (flags, "MS_BINDD", "MS_BIND"),
        (flags, "IORING_OP_REED", "IORING_OP_READ"),
        (flags, "mountflags", "MountFlags"),
        (flags.MountFlags, "MS_BINDD", "MS_BIND"),
        (flags.MountFlags, "ms_bind", "MS_BIND"),
        (flags.ClockId, "CLOCK_MONOTONC", "CLOCK_MONOTONIC"),
        (structures, "openhow", "open_how"),
        (structures, "sigset_", "sigset_t"),
        (errors, "EPREM", "EPERM"),
        (errors, "EAGIN", "EAGAIN"),
        (calls, "openatt", "openat"),
        (calls.direct, "openatt", "openat"),
    ],
)
def test_an_unknown_name_has_a_suggestion(owner: Any, name: str, better: str) -> None:
    """The AttributeError names what is like it, whatever its case."""
    with pytest.raises(AttributeError, match=rf"{name}'?: did you mean .*\b{better}\b") as caught:
        getattr(owner, name)
    shown = "".join(traceback.format_exception(caught.value))
    assert len(re.findall("[Dd]id you mean", shown)) == 1, shown  # Python does not add one


@pytest.mark.parametrize(
    ("module", "name", "better"),
    [
        ("", "spwan", "spawn"),
        (".abi", "currnet", "current"),
        (".metadata", "pag", "page"),
        (".numbers", "nmaes", "names"),
        (".structures.readers", "direntz", "dirents"),
    ],
)
def test_python_suggests(module: str, name: str, better: str) -> None:
    """Where names are few, it is the traceback that suggests: the import system asks for names as well."""
    code = f"import pysys{module}; pysys{module}.{name}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    _, _, suggestion = done.stderr.partition(f"has no attribute '{name}'. Did you mean")  # versions differ
    assert better in suggestion


def test_imports_look_for_no_suggestion() -> None:
    """No module, whether it is imported first or last, asks another for a name that it does not have.

    A search for those like it would cost more than the import.
    """
    package = Path(pysys.__file__).parent
    names = [
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in package.rglob("*.py")
        if "cli" not in path.parts and path.stem not in ("__main__", "_types")
    ]
    code = f"""
for name in {sorted(names)}:
    for module in [one for one in sys.modules if one.startswith("pysys") and one != "pysys._ffi"]:
        del sys.modules[module]
    __import__(name)
    assert "difflib" not in sys.modules, name
import {", ".join(sorted(names))}
"""
    assert "difflib" not in loaded_by(code)


def test_other_lookups_suggest() -> None:
    """Errnos, fields and calls that do not exist are answered with those like them."""
    with pytest.raises(LookupError, match=r"no errno is called 'EPREM': did you mean EPERM"):
        errors.by_name("EPREM")
    with pytest.raises(TypeError, match=r"did you mean flags\?"):
        structures.open_how(flgs=1)  # type: ignore[call-arg]  # wrong on purpose
    for ask, error in ((numbers.number, LookupError), (metadata.page, KeyError)):
        with pytest.raises(error, match=r"did you mean fork or vfork\?$"):
            ask("forkk")
    with pytest.raises(
        LookupError, match=r"^no ABI named 'sparc65': did you mean sparc64, sparc or sparcv9\?$"
    ):
        abi.get("sparc65")
    with pytest.raises(AttributeError, match=r"^timespec has no field 'tv_secs': did you mean tv_sec"):
        structures.timespec().tv_secs  # type: ignore[attr-defined]  # noqa: B018  # wrong on purpose
    with pytest.raises(AttributeError, match=r"no attribute 'FIONREAD': it is termios\.FIONREAD$"):
        flags.FIONREAD  # type: ignore[attr-defined]  # noqa: B018  # wrong on purpose
    with pytest.raises(AttributeError, match=r"no attribute 'QQQQQQQQ'$"):
        flags.QQQQQQQQ  # type: ignore[attr-defined]  # noqa: B018  # wrong on purpose


def test_editors_see_every_name() -> None:
    """Where names are loaded late, a stub has them: editors do not run __getattr__, nor believe in
    TYPE_CHECKING = False."""
    for path in sorted(Path(pysys.__file__).parent.rglob("__init__.py")):
        tree = ast.parse(path.read_text())
        if any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body):
            stub = ast.parse(path.with_suffix(".pyi").read_text())
            assigned = {
                node.target.id
                for node in stub.body
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
            }
            listed = {
                target.id
                for node in stub.body
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            assert "__all__" in assigned | listed, path


FUNCTIONS = {
    f"{module.__name__}.{name}": value
    for module in MODULES
    if module is not calls.direct
    for name in (_HANDWRITTEN if module is calls else module.__all__)
    for value in [getattr(module, name)]
    if inspect.isfunction(inspect.unwrap(value))
}


def returned(function: types.FunctionType) -> Iterator[type]:
    """The classes of this package that a function's annotation names as its result."""
    function = inspect.unwrap(function)
    names = dict(function.__globals__)
    tree = ast.parse(Path(function.__code__.co_filename).read_text())
    for block in tree.body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for node in block.body:
                named = str(node.module) if isinstance(node, ast.ImportFrom) else ""
                # Of _types nothing is a result, and it needs typing_extensions.
                if isinstance(node, ast.ImportFrom) and named.startswith("pysys") and named != "pysys._types":
                    module = import_module(str(node.module))
                    names |= {one.name: getattr(module, one.name, None) for one in node.names}
    for text in re.findall(r"[A-Za-z_][\w.]*", str(inspect.get_annotations(function)["return"])):
        value = names.get(text.partition(".")[0])
        for part in text.split(".")[1:]:
            value = getattr(value, part, None)
        if isinstance(value, type) and value.__module__.startswith("pysys"):
            yield value


RETURNED = {
    f"{kind.__module__}.{kind.__name__}": kind for one in FUNCTIONS.values() for kind in returned(one)
}


def test_the_classes_of_results_are_found() -> None:
    """Those of calls, of the reference and of processes are among them."""
    found = {kind.__name__ for kind in RETURNED.values()}
    assert {"Mount", "Capabilities", "KeyDescription", "LsmContext", "FanotifyEvent", "EpollEvents"} <= found
    assert {"Page", "Cause", "Term", "Child", "Resolution", "ABI", "SyscallError", "statx"} <= found


@pytest.mark.parametrize("kind", RETURNED.values(), ids=RETURNED)
def test_what_a_function_returns_has_a_public_class(kind: type) -> None:
    """It can be imported from the module that it names, is pickled by that name, and type checkers see it."""
    public = {module.__name__ for module in MODULES} | {
        f"pysys.flags.{name}" for name in index.MODULES.values()
    }
    assert kind.__module__ in public
    assert getattr(import_module(kind.__module__), kind.__name__) is kind
    assert pickle.loads(pickle.dumps(kind)) is kind
    home = "pysys.flags" if kind.__module__.startswith("pysys.flags.") else kind.__module__
    path = Path(str(import_module(home).__file__))
    seen = path.with_suffix(".pyi") if path.with_suffix(".pyi").exists() else path
    declared = set()
    for node in ast.walk(ast.parse(seen.read_text())):
        if isinstance(node, ast.ImportFrom):
            # In a stub, what has its own name once more; in a module, what __all__ has.
            exported = getattr(import_module(home), "__all__", ()) if seen == path else ()
            declared |= {one.asname or (one.name in exported and one.name) for one in node.names}
        elif isinstance(node, ast.ClassDef):
            declared.add(node.name)
    assert kind.__name__ in declared


def test_every_record_is_public() -> None:
    """All of them are in one module, or that of the functions that return them; a pickled copy is equal."""

    def below(kind: type) -> Iterator[type]:
        one: type
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    for family in {*_HANDWRITTEN.values()}:
        import_module(f"pysys.calls.{family}")
    kinds = [one for one in below(records.Record) if one.__module__.startswith("pysys.")]
    public = {getattr(records, name) for name in records.__all__}
    public |= {
        kind
        for module in (capabilities, idmap, landlock, namespaces)
        for name in module.__all__
        if isinstance(kind := getattr(module, name), type) and issubclass(kind, records.Record)
    }
    assert {*kinds, records.Record} == public
    for kind in kinds:
        if kind is records.Capabilities:
            made: object = records.Capabilities([1], [1, 2], [])
        else:
            made = kind(*range(len(kind.__slots__)))  # type: ignore[attr-defined]  # of Record
        assert pickle.loads(pickle.dumps(made)) == copy.copy(made) == copy.deepcopy(made) == made
