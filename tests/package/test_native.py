"""The extension, its types, the imports around it, and its build."""

from __future__ import annotations

import ast
import graphlib
import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from heavy_imports import HEAVY, loaded_by
from paths import PROJECT
from scripts import script

import pysys
from pysys.abi import ABIS
from tools.check.imports import circles, files, imports

PACKAGE = Path(pysys.__file__).parent


def test_the_stub_declares_what_the_extension_has() -> None:
    """src/pysys/_ffi.pyi names exactly the functions and constants of the extension, with their arity."""
    from pysys._native import ffi, lib

    tree = ast.parse((PACKAGE / "_ffi.pyi").read_text())
    declared = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    constants = {ast.unparse(node.target) for node in declared.body if isinstance(node, ast.AnnAssign)}
    arities = {
        node.name: len(node.args.posonlyargs) - 1
        for node in declared.body
        if isinstance(node, ast.FunctionDef)
    }
    kinds = ("behaviour_", "call_", "commands_", "parameters_", "usual_")
    generated = {name for name in dir(lib) if name.startswith(kinds)}  # by build_calls.py
    assert constants | arities.keys() == set(dir(lib)) - generated
    for name, arity in arities.items():
        assert len(ffi.typeof(getattr(lib, name)).args) == arity, name


# Which packages a package may import, at its own import and later; itself always.
ALLOWED = {
    "_ffi": (),
    "_types": (),
    "loading": (),
    "tables": (),
    "_native": ("_ffi",),
    "preloading": ("loading",),  # the rest it loads by name
    "abi": ("_native", "loading"),  # inside functions only, see below
    "flags": ("abi", "loading", "tables"),
    "ioctls": ("abi", "loading", "parameters"),
    "numbering": ("abi", "loading", "tables"),
    "numbers": ("loading", "numbering", "policy"),
    "signatures": ("abi", "loading", "tables"),
    "metadata": (
        "abi",
        "flags",
        "ioctls",
        "loading",
        "numbers",
        "parameters",
        "signatures",
        "structures",
        "tables",
    ),
    "parameters": ("abi", "loading", "signatures", "tables"),
    "policy": ("_native", "abi", "arguments", "loading", "numbering", "signatures", "tables"),
    "doc": ("loading", "metadata"),  # the page, when it is asked for
    "errors": ("abi", "doc", "loading", "metadata"),
    "owner": ("_native",),
    "arguments": ("_native", "abi", "loading", "owner", "parameters", "signatures"),
    "functions": ("_native", "errors", "loading", "owner"),
    "mounts": ("_native", "arguments", "errors", "loading"),
    "process": ("_native", "abi", "arguments", "doc", "errors", "loading", "mounts", "seccomp"),
    "raw": ("_native", "functions", "loading", "raw_in_python"),  # the last when it is needed
    "raw_in_python": (
        "_native",
        "abi",
        "arguments",
        "doc",
        "errors",
        "loading",
        "numbers",
        "policy",
        "tables",
    ),
    "structures": ("_native", "arguments", "loading", "owner"),
    "tracing": (
        "_native",
        "abi",
        "calls",
        "errors",
        "flags",
        "ioctls",
        "loading",
        "metadata",
        "numbering",
        "numbers",
        "parameters",
        "policy",
        "process",
        "seccomp",
        "signatures",
        "structures",
        "tables",
    ),
    "reasons": (
        "abi",
        "calls",
        "diagnosis",
        "errors",
        "flags",
        "loading",
        "metadata",
        "numbering",
        "parameters",
        "preloading",
        "process",
        "seccomp",
        "structures",
        "tables",
        "tracing",
    ),
    "profiles": (
        "abi",
        "loading",
        "metadata",
        "numbers",
        "seccomp",
        "signatures",
        "tables",
        "tracing",
    ),
    "rings": ("_native", "arguments", "calls", "errors", "flags", "loading", "structures"),
    "diagnosis": (
        "_native",
        "abi",
        "arguments",
        "calls",
        "errors",
        "flags",
        "ioctls",
        "loading",
        "metadata",
        "numbers",
        "parameters",
        "seccomp",
        "structures",
        "tables",
    ),
    "landlock": ("_native", "calls", "errors", "flags", "loading", "process", "structures"),
    "capabilities": ("arguments", "calls", "structures"),
    "idmap": ("calls", "errors", "process", "structures"),
    "namespaces": ("arguments", "calls", "errors", "flags", "ioctls", "structures"),
    "seccomp": (
        "_native",
        "abi",
        "arguments",
        "calls",
        "errors",
        "flags",
        "ioctls",
        "loading",
        "metadata",
        "numbers",
        "signatures",
        "structures",
        "tables",
    ),
    "calls": (
        "_native",
        "abi",
        "arguments",
        "errors",
        "flags",
        "doc",
        "functions",
        "loading",
        "numbers",
        "parameters",
        "policy",
        "structures",
    ),
}


def _package(name: str) -> str | None:
    parts = name.split(".")
    if len(parts) < 2:
        return None
    return parts[1] if parts[1] in {*ALLOWED, "cli"} else None


@pytest.mark.portable
@pytest.mark.parametrize("package", ALLOWED)
def test_imports_go_one_way(package: str) -> None:
    """Each package imports only packages below it; metadata, abi, numbers and flags never the extension."""
    if package == "preloading":  # it loads all of them
        assert imports("pysys.preloading").first == {"pysys.loading"}
        return
    imported: set[str | None] = set()
    for module in (name for name in files() if _package(name) == package):
        first, later = imports(module)
        packages = {str(_package(name)) for name in first | later} - {"None", package}
        assert packages <= set(ALLOWED[package]), (
            f"{module} imports {sorted(packages - set(ALLOWED[package]))}"
        )
        imported |= packages
        if package == "abi":
            assert not first
    assert imported == set(ALLOWED[package])


@pytest.mark.portable
def test_no_packages_go_in_a_circle() -> None:
    """There is an order in which every package comes after all that it imports."""
    list(graphlib.TopologicalSorter(ALLOWED).static_order())


@pytest.mark.portable
def test_no_modules_import_each_other() -> None:
    """Neither at their own import nor later, by whatever way."""
    assert [circle for circle in circles() if len(circle) > 1] == []


@pytest.mark.portable
def test_classes_have_their_names_alone() -> None:
    """Two modules do not call different things by one name."""
    homes: dict[str, set[str]] = {}
    for module, path in files().items():
        if path.suffix == ".py":
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    homes.setdefault(node.name, set()).add(module)
    shared = {name for name, modules in homes.items() if len(modules) > 1}
    # What a socket receives, and the types of that; a parameter's place among the arguments, and that with
    # its type in C.
    assert shared <= {"ControlMessage", "BoundParameter"}


@pytest.mark.portable
def test_every_package_is_in_the_table() -> None:
    """A new module has to say which packages it may import."""
    packages = {path.name.partition(".")[0] for path in PACKAGE.iterdir()}
    assert {package for package in packages if not package.startswith("__")} == {
        *ALLOWED,
        "cli",
        "py",
    }  # py.typed


def test_the_reference_works_without_the_extension() -> None:
    """Reference, numbers, ABIs and flags work where the extension cannot be loaded."""
    code = """
import sys
sys.modules["pysys._ffi"] = None
import pysys
from pysys.abi import ABIS
from tools.check.imports import circles, files, imports
from pysys import abi, flags, metadata, numbers
assert metadata.page("fork").name == "fork"
assert numbers.number("fork", "x86_64") == 57
assert abi.get("arm64").name == "aarch64"
assert flags.CLONE_VM == 0x100
try:
    from pysys import fork
except ImportError as error:
    print(type(error).__name__, "preload" in str(error), error.name)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    # It speaks of no preparation: the installation lacks the extension, not the process.
    assert (done.stdout, done.stderr) == ("NotLoadedError False pysys.fork\n", "")


@pytest.mark.portable
@pytest.mark.parametrize(
    "statement",
    [
        "import pysys",
        "from pysys import fork, vfork, clone, clone3, spawn, syscall, numbers, abi, errors",
        "import pysys.flags, pysys.calls, pysys.parameters, pysys.signatures",
        "from pysys.structures import timespec",
        "from pysys import errors; errors.error(11, 'fork').explain()",
    ],
)
def test_import_takes_no_heavy_module_along(statement: str) -> None:
    """What costs milliseconds to import comes with the first use that needs it, not with the package."""
    loaded = loaded_by(statement)
    assert not loaded & HEAVY
    assert "pysys" in loaded


# What no module of the package needs, whichever is imported: annotations are for type checkers alone.
UNUSED = frozenset("ast dataclasses dis inspect json pathlib tomllib typing typing_extensions".split())


@pytest.mark.portable
def test_all_of_the_package_takes_no_typing_along() -> None:
    """Every module but the command's, in one interpreter."""
    names = [name for name in files() if not name.startswith(("pysys.cli", "pysys.__main__", "pysys._types"))]
    loaded = loaded_by(f"import {', '.join(sorted(names))}")
    assert {name for name in loaded if name.startswith("pysys.")} >= set(names) - {"pysys"}
    assert not loaded & UNUSED


@pytest.mark.portable
def test_every_public_name_is_there() -> None:
    """Each name in pysys.__all__ can be had and has a docstring; a wrong one is an AttributeError."""
    for name in pysys.__all__:
        assert getattr(pysys, name) is getattr(pysys, name)
        assert name == "__version__" or inspect.getdoc(getattr(pysys, name)), name
    assert set(dir(pysys)) == set(pysys.__all__)
    with pytest.raises(AttributeError, match="frok"):
        pysys.frok  # type: ignore[attr-defined]  # noqa: B018  # wrong on purpose


@pytest.mark.portable
def test_build_elsewhere_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not Linux, not CPython, no compiler, no headers: the build ends with one line about what to do."""
    build = script("build_ffi")
    build.check_machine()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "darwin")
        with pytest.raises(SystemExit, match="install it on Linux"):
            build.check_machine()
    for other in ("pypy", "graalpy"):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "implementation", SimpleNamespace(name=other))
            with pytest.raises(SystemExit, match=f"this is {other}.*install it for CPython"):
                build.check_machine()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")
        patch.delenv("CC", raising=False)
        with pytest.raises(SystemExit, match="apt install gcc"):
            build.check_machine()
    with monkeypatch.context() as patch:
        patch.setattr(build.sysconfig, "get_path", lambda _: "/nonexistent")
        with pytest.raises(SystemExit, match="python3-dev"):
            build.check_machine()
    with monkeypatch.context() as patch:
        patch.setenv("CFLAGS", "-nostdinc")
        with pytest.raises(SystemExit, match=r"finds no stdlib\.h.*libc6-dev"):
            build.check_machine()
    with monkeypatch.context() as patch:
        patch.setattr(build, "has_header", lambda name: not name.startswith("linux/"))
        with pytest.raises(SystemExit, match=r"finds no linux/types\.h.*linux-libc-dev"):
            build.check_machine()
    with monkeypatch.context() as patch:
        patch.setenv("CC", "no-such-compiler -m64")
        with pytest.raises(SystemExit, match=r"no C compiler \(no-such-compiler\)"):
            build.check_machine()


@pytest.mark.portable
def test_the_preamble_has_what_each_abi_needs() -> None:
    """The C preamble gives each ABI that a compiler can be for its name, clone's order and numbers."""
    from pysys import abi

    build = script("build_ffi")
    for one in abi.ABIS.values():
        if one.compiler:
            text = build.preamble(one, "NR_clone NR_fork NR_clone3")
            assert f'"{one.name}"' in text
            assert ", ".join(one.clone_order) in text
            assert ("#define NR_fork " in text) == one.has_fork, one.name
            assert f"#if !({one.compiler})" in text
    assert build.target() is abi.current()


# What a child may call whose memory is another process's, or a copy of one with other threads: system calls
# by the C library's syscall(), and what the compiler puts in on its own.
WITHOUT_LOCKS = re.compile(
    r"syscall|___?errno_location|__errno|memset|memcpy|__stack_chk_fail(_local)?|_GLOBAL_OFFSET_TABLE_|__x86\.get_pc_thunk\.\w+"
)


def _called(tmp_path: Path, source: str) -> dict[str, set[str]]:
    """What each function of a C text refers to, functions and not data, by the relocations of its section."""
    build = script("build_ffi")
    (tmp_path / "unit.c").write_text(source)
    include = build.sysconfig.get_path("include")
    command = [*build.compiler(), "-O0", "-ffunction-sections", "-w", f"-I{build.CDEFS}", f"-I{include}"]
    command += ["-U_FORTIFY_SOURCE", "-c", "unit.c", "-o", "unit.o"]
    subprocess.run(command, cwd=tmp_path, check=True)
    listed = subprocess.run(
        ["readelf", "-rsW", "unit.o"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    called: dict[str, set[str]] = {}
    functions: set[str] = set()
    for line in listed.splitlines():
        if section := re.match(r"Relocation section '\.rela?\.text\.(\w+)'", line):
            functions = called.setdefault(section[1], set())
        elif line.startswith("Relocation section"):
            functions = set()
        elif entry := re.match(r"[0-9a-f]+ +[0-9a-f]+ +R_\w+ +[0-9a-f]+ +([\w.$]+)", line):
            name = entry[1].removeprefix(".text.")
            if not name.startswith("."):
                functions.add(name)
        elif symbol := re.search(r" FUNC +\w+ +\w+ +\d+ (\w+)$", line):  # some refer to nothing
            called.setdefault(symbol[1], set())
    return called


@pytest.mark.once
def test_what_is_returned_has_a_reference() -> None:
    """Python.h's macros take none where a newer Python compiles for the stable ABI of 3.11."""
    found = [
        path.name for path in (PROJECT / "cdefs").glob("**/*.[ch]") if "Py_RETURN_" in path.read_text("utf-8")
    ]
    assert not found


@pytest.mark.portable
@pytest.mark.parametrize("child", ["spawn_child", "native_child", "probe_child"])
def test_between_clone_and_exec_there_are_system_calls_only(child: str, tmp_path: Path) -> None:
    """The child that shares memory, or starts on a copy among other threads, calls nothing of the C library
    that could take a lock."""
    if not shutil.which("readelf"):
        pytest.skip("readelf, which shows what a function calls, is not installed (binutils)")
    build = script("build_ffi")
    concepts = [name for name in build.CONCEPTS if name != "abi"]
    text = "".join(
        (build.CDEFS / name).read_text() for name in ("system.h", *(f"{one}.c" for one in concepts))
    )
    source = build.preamble(build.target(), text) + '#include "system.h"\n'
    source += "".join(f'#include "{one}.h"\n#include "{one}.c"\n' for one in concepts)
    called = _called(tmp_path, source)
    reached, todo, outside = {child}, [child], set()
    while todo:
        for name in called.get(todo.pop(), set()):
            if name not in called:
                outside.add(name)
            elif name not in reached:
                reached.add(name)
                todo.append(name)
    assert "raw_sigaction" in reached
    if child == "probe_child":
        outside.remove("sigaction")  # of SIGSYS: it takes a lock for SIGABRT alone
    else:
        assert "default_caught_signals" in reached
    assert "syscall" in outside
    assert not {name for name in outside if not WITHOUT_LOCKS.fullmatch(name)}


@pytest.mark.once
def test_the_number_of_a_union() -> None:
    """SETVAL's is shifted on 64-bit big-endian ABIs, and nowhere else: the kernel reads a union there."""
    build_calls = script("build_calls")
    for abi in (one for one in ABIS.values() if one.compiler):
        text = build_calls.definitions(abi, frozenset())
        shifts = re.findall(
            r"call_semctl\([^)]*\)\n\{\n\n#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__\n.*\n.*<< 32", text
        )
        assert len(shifts) == text.count("<< 32") == (abi.bits == 64 and "call_semctl(" in text), abi.name


@pytest.mark.once
def test_wide_arguments_are_wide() -> None:
    """What the definitions for any ABI put into two registers is a number of 64 bits: a shift finds both."""
    build_calls = script("build_calls")
    for abi in (one for one in ABIS.values() if one.pairs):
        text = build_calls.definitions(abi, frozenset())
        found = re.findall(r"\bcall_(\w+)\((.*)\)\n\{\n(.*)\n", text)
        assert len(found) > 300, abi.name
        for name, parameters, body in found:
            types = parameters.split(", ")
            for index in re.findall(r"PYSYS_FIRST\(a(\d+)\)", body):
                assert "long long" in types[int(index)], (abi.name, name, parameters)
