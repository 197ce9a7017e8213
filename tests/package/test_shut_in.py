"""Where no file can be read any more: after chroot, Landlock, a filter on openat, without a descriptor.

What was imported by name works, after preload() everything does, and what is first used there says that it
was not loaded. The processes of these tests are in shut_in.py.
"""

from __future__ import annotations

import ast
import functools
import itertools
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import shut_in
from paths import SUPPORT
from patience import PATIENCE

import pysys
from pysys import loading, numbers
from pysys.calls import _FLAGS, _HANDWRITTEN

pytestmark = pytest.mark.portable  # what loads when does not depend on the kernel
PACKAGE = Path(pysys.__file__).parent

ways = pytest.mark.parametrize("way", shut_in.WAYS)  # in which a process is shut in
# What has to be loaded may differ from Python to Python, but not with the way.
one_way_everywhere = pytest.mark.parametrize(
    "way", [shut_in.WAYS[0], *(pytest.param(way, marks=pytest.mark.once) for way in shut_in.WAYS[1:])]
)


def run(scene: str, way: str, folder: Path) -> list[str]:
    """What is wrong in a scene; a skip where the way is not open here."""
    if way == "chroot":
        folder.chmod(0o555)
    found = {name: numbers.table()[name] for name in shut_in.CALLS if name in numbers.table()}
    values = {
        "empty": str(folder),
        "RLIMIT_NOFILE": resource.RLIMIT_NOFILE,
        "hard": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
    }
    path = [str(SUPPORT), *(one for one in sys.path if one)]
    start = (
        f"import sys; sys.path[:0] = {path!r}; sys.argv = {['', scene, way, repr(found), repr(values)]!r}; "
    )
    command = [
        sys.executable,
        "-I",
        "-S",
        "-X",
        "faulthandler",
        "-c",
        f"{start}import shut_in; shut_in.main()",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120 * PATIENCE)
    if done.returncode == shut_in.UNABLE:
        pytest.skip(f"{way} is not available here: {done.stdout.strip()}")
    assert done.returncode == 0, done.stderr
    *wrong, end = done.stdout.splitlines()
    assert end == "end"
    return wrong


@one_way_everywhere
def test_H1_what_was_imported_by_name_works(way: str, tmp_path: Path) -> None:
    """Calls, their errors, processes, structures and flags: each with nothing but its own import."""
    assert "\n".join(run("named", way, tmp_path)) == ""


def test_H1_every_name_by_hand_is_tried() -> None:
    """A call that is written by hand stands in the list of those that are tried."""
    tried = {line.partition("(")[0] for line in shut_in.CALLS_BY_HAND}
    assert _HANDWRITTEN.keys() <= tried


@ways
def test_H1_every_call_that_was_imported_by_name_works(way: str, tmp_path: Path) -> None:
    """All of this ABI, exactly as the kernel has them and as pysys.calls makes them."""
    assert "\n".join(run("direct", way, tmp_path)) == ""


@ways
def test_H1_what_was_not_loaded_says_so(way: str, tmp_path: Path) -> None:
    """It is not an OSError that could be a call's, it says what to do, and nothing stays broken by it."""
    assert "\n".join(run("later", way, tmp_path)) == ""


@one_way_everywhere
def test_H1_after_preload_everything_works(way: str, tmp_path: Path) -> None:
    """Every safe call, error with its causes, structure, class of flags, process, number and page."""
    assert "\n".join(run("preloaded", way, tmp_path)) == ""


@pytest.mark.parametrize("scene", ["unlisted", "no_place"])
def test_H1_what_could_not_be_loaded_is_looked_for_again(scene: str, tmp_path: Path) -> None:
    """The import system keeps what it found in a directory, and holds one that it cannot read for empty."""
    assert "\n".join(run(scene, "", tmp_path)) == ""


def test_H1_preload_loads_every_module() -> None:
    """After preload() there is no module that could be missing: each is loaded, or held. Another call, in
    threads, is nothing."""
    code = """
import sys, threading, pysys
threads = [threading.Thread(target=pysys.preload) for _ in range(8)]
[one.start() for one in threads], [one.join() for one in threads]
loaded = set(sys.modules)
assert pysys.preload() is None and set(sys.modules) == loaded
print(*loaded, *pysys.loading._held)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60 * PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    loaded = set(done.stdout.split())
    there = {module(path) for path in PACKAGE.rglob("*.py")}
    # Annotations; what only tools and tests check pages with; the command.
    spared = {"pysys._types", "pysys.metadata.schema", "pysys.__main__"}
    spared |= {name for name in there if name.startswith("pysys.cli")}
    assert there - spared <= loaded


# ---- what loads when: the source ----


def module(path: Path) -> str:
    """The name of a file's module."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def sources() -> dict[str, ast.Module]:
    """All modules of the package but the command's, by name."""
    found = {module(path): path for path in PACKAGE.rglob("*.py")}
    return {
        name: ast.parse(path.read_text())
        for name, path in sorted(found.items())
        if not name.startswith(("pysys.cli", "pysys.__main__", "pysys._types"))
    }


def within(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What stands in functions, with the function's name."""
    for outer in ast.walk(tree):
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(outer):
                yield getattr(outer, "name", "lambda"), node


# Statements in functions, each with the reason why it can need no file. Everything else that is loaded later
# goes through pysys.loading, which says what could not be loaded.
IN_FUNCTIONS = {
    ("pysys.abi", "get", "pysys.loading"): "loaded with the package; the build reads this module alone",
    ("pysys.abi", "current", "pysys.loading"): "likewise",
    ("pysys._native", "_isolated", "_interpreters"): "asked as the module is imported; no file",
    (
        "pysys.errors.base",
        "_causes",
        "pysys",
    ): "loaded; the public module says what of the reference cannot be",
    ("pysys.loading", "_import", "__import__"): "the one place",
    ("pysys.process.child", "_ended", "asyncio"): "whose loop runs it",
    ("pysys.seccomp.listener", "receive_async", "asyncio"): "whose loop runs it",
}


def test_H1_no_function_imports() -> None:
    """A function that imports fails where files are out of reach, with an error that looks like a call's."""
    found = set()
    for name, tree in sources().items():
        for function, node in within(tree):
            if isinstance(node, ast.Import):
                found |= {(name, function, alias.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = f"{name.rpartition('.')[0]}." if node.level else ""
                found.add((name, function, f"{base}{node.module or ''}"))
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("__import__", "import_module")
            ):
                found.add((name, function, "__import__"))
    assert found <= IN_FUNCTIONS.keys()


def test_H1_results_have_their_flags() -> None:
    """What a call that is written by hand makes of its results is loaded with its name: see calls._FLAGS."""
    found: dict[str, set[str]] = {}
    for home in sorted(set(_HANDWRITTEN.values())):
        tree = sources()[f"pysys.calls.{home}"]
        functions: dict[str, ast.stmt] = {
            one.name: one for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)
        }
        functions |= {ast.unparse(one.targets[0]): one for one in tree.body if isinstance(one, ast.Assign)}
        uses: dict[str, set[str]] = {}
        for name, function in functions.items():
            nodes = list(ast.walk(function))
            uses[name] = {
                one.attr
                for one in nodes
                if isinstance(one, ast.Attribute)
                and isinstance(one.value, ast.Name)
                and one.value.id == "_flags"
            }
        calls = {
            name: {one.id for one in ast.walk(function) if isinstance(one, ast.Name) and one.id in functions}
            for name, function in functions.items()
        }
        for _ in functions:  # those of what a function calls, and so on
            for name, others in calls.items():
                uses[name] = uses[name].union(*(uses[one] for one in others))
        found |= {name: used for name, used in uses.items() if used and name in _HANDWRITTEN}
    assert {name: set(kinds) for name, kinds in _FLAGS.items()} == found


HOLDING = [
    "from pysys import syscall",
    "from pysys import fork, vfork, clone, clone3, spawn",
    "from pysys import exec_in_place",
    "from pysys.calls import getpid",
    "from pysys.calls import statx",
    "from pysys.calls import openat2",
    "from pysys.calls.direct import getpid",
    "from pysys import errors",
]


@pytest.mark.parametrize("statement", HOLDING)
def test_H1_what_is_held_needs_no_file(statement: str) -> None:
    """Whatever a module imports that is held in memory is loaded, or held as well."""
    code = f"import sys; sys.path[:0] = {[one for one in sys.path if one]!r}\n{statement}\n"
    code += "from pysys import loading; print(*loading._held); print(*sys.modules, *sys.builtin_module_names)"
    command = [sys.executable, "-I", "-S", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60 * PATIENCE, check=True)
    held, there = (set(line.split()) for line in done.stdout.split("\n")[:2])
    missing = {(name, other) for name in held for other in needed(name) if other not in held | there}
    assert "pysys.errors.table" in held | there
    assert missing == set()


def needed(name: str) -> set[str]:
    """The modules that one imports itself, and their packages."""
    tree = sources()[name]
    later = {node for _, node in within(tree)}
    typed = {
        node
        for outer in tree.body
        if isinstance(outer, ast.If) and "TYPE_CHECKING" in ast.unparse(outer.test)
        for node in ast.walk(outer)
    }
    found = imported(name, tree, set(sources()))
    for node in set(ast.walk(tree)) - later - typed:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            found.add(str(node.module))
    return found | {one[: match.start()] for one in found for match in re.finditer(r"\.", one)}


@pytest.mark.parametrize("where", ["nowhere", "elsewhere"])
def test_H1_what_is_held_comes_from_memory(where: str, tmp_path: Path) -> None:
    """Where no file can be opened; and where other files are in the place of these, as in a new root."""
    for name in ("raw_in_python", "policy/fate", "errors/table"):
        other = tmp_path / f"{name}.py"
        other.parent.mkdir(exist_ok=True)
        other.write_text("raise SystemExit('the wrong file')")
    code = f"""
import sys
sys.path[:0] = {[one for one in sys.path if one]!r}
import resource
from pysys import loading, syscall
for name in [name for name in sys.modules if name.startswith("pysys.")]:
    if name in ("pysys.policy", "pysys.errors"):
        sys.modules[name].__path__ = [{str(tmp_path)!r} + name[5:].replace(".", "/")]
if {where!r} == "nowhere":
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
else:
    sys.modules["pysys"].__path__ = [{str(tmp_path)!r}]
    sys.path_importer_cache.clear()
try:
    syscall({numbers.number("close")}, -1)
except OSError as error:
    assert type(error).__name__ == "EBADF", error
fate = sys.modules["pysys.policy.fate"]
assert fate.__file__ == {str(PACKAGE / "policy/fate.py")!r}
assert fate.__package__ == "pysys.policy"
"""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_H1_what_the_cache_has_is_of_the_file(tmp_path: Path) -> None:
    """Modules are read from the cache also after the package was moved, and from their files when those have
    changed."""
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "pysys").mkdir(parents=True)
    for name in ("__init__", "loading", "doc"):
        shutil.copy2(PACKAGE / f"{name}.py", first / "pysys")

    def shown(folder: Path) -> list[str]:
        code = f"""
import sys
sys.path.insert(0, {str(folder)!r})
from pysys import doc
print(doc.__loader__.__class__.__name__, doc.documented.__code__.co_filename, getattr(doc, "CHANGED", None))
"""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        command = [sys.executable, "-S", "-c", code]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout.split()

    file = str(first / "pysys" / "doc.py")
    assert shown(first) == ["SourceFileLoader", file, "None"]
    assert shown(first) == ["type", file, "None"]
    first.rename(second)
    file = str(second / "pysys" / "doc.py")
    assert shown(second) == ["type", file, "None"]
    with open(file, "a") as source:
        source.write("CHANGED = 5\n")
    assert shown(second) == ["SourceFileLoader", file, "5"]


@pytest.mark.isolated
def test_H1_a_fork_waits_for_what_is_being_loaded() -> None:
    """Otherwise the child would wait forever for the thread that loads it, which the child does not have."""
    begun, ended = threading.Event(), threading.Event()

    class Slow:
        @staticmethod
        def find_spec(name: str, path: object = None, target: object = None) -> None:
            if name == "pysys.raw_in_python":
                begun.set()
                time.sleep(0.2)
                ended.set()

    from pysys import syscall

    sys.modules.pop("pysys.raw_in_python", None)
    sys.meta_path.insert(0, Slow)
    thread = threading.Thread(target=lambda: syscall(numbers.number("getppid")))
    thread.start()
    assert begun.wait(10)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a process with threads
        pid = os.fork()
    if not pid:
        os._exit(0 if ended.is_set() and syscall(numbers.number("getpid")) == os.getpid() else 1)
    assert os.waitpid(pid, 0)[1] == 0
    thread.join()


# What a package imports of its own, which nobody else may import first: two threads, one with the package's
# lock and one with the module's, would wait for each other.
INNER = {
    "pysys": {"pysys.loading"},
    "pysys.calls": {"pysys.calls._make", "pysys.calls._make.build"},
    "pysys.diagnosis.failures": {
        f"pysys.diagnosis.failures.{name}"
        for name in (
            "absent access arguments binding combinations connecting creation descriptors diagnosing "
            "endpoints filtered finding identities interpreters joining kept locking mappings memory "
            "mountinfo mounting mountpoints mounts mountusers namespacing paths permissions "
            "priorities privileges processes quotas raising refused rights rooting sessions signals "
            "sizes sockets switches target tasks tracees walk wanted"
        ).split()
    },
    "pysys.errors": {"pysys.errors.base", "pysys.errors.classes"},
    "pysys.ioctls": {"pysys.ioctls.macros", "pysys.ioctls.request"},
    "pysys.mounts": {f"pysys.mounts.{name}" for name in ("applying", "steps", "words")},
    "pysys.profiles": {
        f"pysys.profiles.{name}" for name in "checking comparing loaders recording traces writing".split()
    },
    "pysys.reasons": {
        f"pysys.reasons.{name}"
        for name in "asking endings filtering following joining limits maps relevance report usual".split()
    },
    "pysys.rings": {"pysys.rings.perf", "pysys.rings.shared", "pysys.rings.uring"},
    "pysys.seccomp": {
        f"pysys.seccomp.{name}"
        for name in "actions compilation conditions disassembly filter grouping installation instructions"
        " profiles simulation units".split()
    },
    "pysys.tracing": {
        f"pysys.tracing.{name}"
        for name in "attaching engine events filter memory named plan program selection values words".split()
    },
}


def test_H1_collections_abc_is_not_imported() -> None:
    """It is not a file: where another thread is about to import collections, it is not found."""
    for name, tree in sources().items():
        typed = {node for outer in ast.walk(tree) if isinstance(outer, ast.If) for node in ast.walk(outer)}
        for node in set(ast.walk(tree)) - typed:
            assert getattr(node, "module", "") != "collections.abc", name


def imported(name: str, tree: ast.Module, known: set[str]) -> set[str]:
    """The modules of the package that are imported, or loaded, when this one is."""
    later = {node for _, node in within(tree)}
    typed = {
        node
        for outer in ast.walk(tree)
        if isinstance(outer, ast.If) and "TYPE_CHECKING" in ast.unparse(outer.test)
        for node in ast.walk(outer)
    }
    package = name if (PACKAGE.parent / name.replace(".", "/")).is_dir() else name.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(tree):
        if node in later or node in typed:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, [package if node.level else "", node.module]))
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("load", "_load", "load_module"):
            found |= {str(one.value) for one in node.args if isinstance(one, ast.Constant)}
    return (found & known) - {name}


def test_H1_modules_are_imported_in_one_order() -> None:
    """Threads that import modules for the first time wait for each other, and never in a circle: a module
    waits for its package, then for what it imports. What only its package imports is a part of that."""
    trees = sources()
    known = set(trees)
    imports = {name: imported(name, tree, known) for name, tree in trees.items()}
    inner: dict[str, set[str]] = {}
    for package in known:
        own: set[str] = set()
        todo = {one for one in imports[package] if one.startswith(f"{package}.")}
        while todo:
            own.add(one := todo.pop())
            todo |= {other for other in imports[one] if other.startswith(f"{package}.")} - own
        if own:
            inner[package] = own
    assert inner == INNER
    part_of = {one: package for package, own in INNER.items() for one in own}
    for name, others in imports.items():
        for package, own in INNER.items():
            if not f"{name}.".startswith(f"{package}."):
                assert not others & own, f"{name} imports what is {package}'s alone"
    waits: dict[str, set[str]] = {part_of.get(name, name): set() for name in known}
    for name, others in imports.items():
        parent = name.rpartition(".")[0]
        node = part_of.get(name, name)
        waits[node] |= {part_of.get(one, one) for one in {*others, *([parent] if parent else [])}} - {node}
    while free := {name for name, others in waits.items() if not others}:
        waits = {name: others - free for name, others in waits.items() if name not in free}
    assert waits == {}


# ---- first imports by several threads ----

PUBLIC = [
    name
    for name in sorted(map(module, PACKAGE.rglob("*.py")))
    if not name.startswith(("pysys.cli", "pysys.__main__", "pysys._types"))
    and not any(name in own for own in INNER.values())
    # Only pysys.calls, and what it loads, imports these.
    and not name.startswith(("pysys.calls._make", "pysys.calls._values"))
]
STATEMENTS = [
    "import pysys",
    "import pysys.calls",
    "import pysys.calls.direct",
    "from pysys import calls",
    "from pysys.calls import getpid",
    "from pysys.calls import statx",
    "from pysys.calls import openat2",
    "from pysys.calls.direct import getppid",
    "from pysys.calls.direct import osf_getsysinfo",
    "from pysys import fork, vfork, clone, clone3, spawn, syscall",
    "from pysys import Popen, resolve",
    "from pysys import structures",
    "from pysys.structures import timespec",
    "from pysys.structures.readers import dirents64",
    "from pysys.structures.addresses import pack",
    "from pysys.flags import ClockId",
    "from pysys import CloneFlags",
    "from pysys.errors import ENOENT",
    "from pysys import errors; errors.error(11, 'fork').causes",
    "from pysys import metadata; metadata.page('fork')",
    "from pysys.metadata import pages",
    "from pysys import numbers; numbers.number('fork', 'alpha')",
    "import pysys; pysys.preload()",
]
THREADS = """
import sys, threading
sys.path[:0] = PATH
sys.setswitchinterval(1e-6)

def run(statements):
    start, failed = threading.Barrier(len(statements)), []

    def one(statement):
        start.wait()
        try:
            exec(statement, {})
        except KeyError as error:
            # importlib takes a module that it has loaded out of sys.modules for a moment, and looks for the
            # package of another one without waiting.
            if not str(error).startswith("'pysys"):
                failed.append(f"{statement}: KeyError: {error}")
        except BaseException as error:
            failed.append(f"{statement}: {type(error).__name__}: {error}")

    threads = [threading.Thread(target=one, args=[statement]) for statement in statements]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed

import faulthandler, os
for statements in ALL:
    sys.stdout.flush()
    if not (pid := os.fork()):
        faulthandler.dump_traceback_later(STUCK, exit=True)  # threads that wait for each other: where
        print(*run(statements), sep="\\n", end="")
        sys.stdout.flush()
        os._exit(0)
    if status := os.waitpid(pid, 0)[1]:
        print(statements, "ended with", status)
print("end")
"""


# Seconds after which the threads of a process wait for each other: their imports take a tenth of one.
STUCK = 120 * PATIENCE


def together(rounds: list[list[str]]) -> str:
    """What fails when threads of a process that has loaded nothing run statements at the same time.

    The limit of time is each process's: all of them take the longer, the more there are and the busier the
    machine is.
    """
    path = [one for one in sys.path if one]
    code = THREADS.replace("PATH", repr(path)).replace("ALL", repr(rounds)).replace("STUCK", repr(STUCK))
    command = [sys.executable, "-I", "-S", "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("end\n")
    return done.stdout.removesuffix("end\n")


def rounds_of_many(count: int) -> list[list[str]]:
    choose = random.Random(count)
    return [choose.choices(STATEMENTS, k=16) for _ in range(count)]


def pairs(names: list[str]) -> list[list[str]]:
    return [[f"import {one}", f"import {other}"] for one, other in itertools.combinations(names, 2)]


@pytest.mark.parametrize(
    ("error", "helps"),
    [
        (PermissionError(13, "Permission denied", "/usr/lib/pysys/errors/files.py"), True),
        (OSError(24, "Too many open files"), True),
        (ModuleNotFoundError("No module named 'pysys.tables.wide'", name="pysys.tables.wide"), True),
        (
            ImportError("libffi.so.8: cannot open shared object file", name="_cffi_backend", path="/x.so"),
            True,
        ),
        (ImportError("module _cffi_backend does not support loading in subinterpreters"), False),
        (ModuleNotFoundError("No module named 'pysys._ffi'", name="pysys._ffi"), False),
        (ModuleNotFoundError("No module named '_cffi_backend'", name="_cffi_backend"), False),
    ],
    ids=str,
)
def test_H1_who_can_prepare_learns_how(error: BaseException, helps: bool) -> None:
    """preload() is advised where a file is out of reach, and not where it is missing or of no use."""
    found = loading.failure("pysys.statx", error)
    assert ("pysys.preload()" in str(found)) is helps
    assert str(error) in str(found)
    assert found.name == "pysys.statx"


def test_H1_many_threads_import_for_the_first_time() -> None:
    """Sixteen threads at once, with what programs write."""
    assert together(rounds_of_many(25)) == ""


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(2))
def test_H1_many_threads_import_for_the_first_time_often(seed: int) -> None:
    """The same, more often."""
    assert together(rounds_of_many(100 + seed)) == ""


@pytest.mark.portable
def test_H1_two_threads_import_two_modules() -> None:
    """A package and what is in it, and those that import each other's modules."""
    packages = [name for name in PUBLIC if name.count(".") < 2 or "direct" in name or "usual" in name]
    assert together(pairs(packages)) == ""


@pytest.mark.thorough
def test_H1_two_threads_import_any_two_modules() -> None:
    """Pairs of all that can be imported: as many as a minute or two allow."""
    all_pairs = pairs([name for name in PUBLIC if ".tables." not in name])
    assert together(random.Random(0).sample(all_pairs, 1500)) == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="chroot needs root")
def test_H1_commands_are_at_hand(tmp_path: Path) -> None:
    """What processes shut themselves in with needs no file at its first use; what a command answers may."""
    code = f"""if True:
        import sys; sys.path[:0] = {sys.path!r}
        import os
        from pysys import calls, errors
        os.chroot({str(tmp_path)!r})
        os.chdir("/")
        assert calls.prctl(38, 1) == 0 and calls.prctl(39) == 1  # PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS
        assert calls.fcntl(0, 1) in (0, 1)  # F_GETFD
        assert calls.prctl(16)[:1]  # PR_GET_NAME
        try:
            calls.seccomp(3)  # SECCOMP_GET_NOTIF_SIZES, a structure
        except errors.NotLoadedError as error:
            assert "pysys.calls.seccomp" in str(error), error
        except errors.EINVAL:
            pass  # before Linux 5.0
    """
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_H1_no_memory_for_an_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """That the import system has no memory for a lock is a MemoryError; other errors stay what they are."""
    said = "can't allocate lock"

    def refuse(*_: object) -> None:
        raise RuntimeError(said)

    monkeypatch.setitem(vars(loading), "__import__", refuse)
    with pytest.raises(MemoryError):
        loading.load("pysys.nothing")
    said = "another"
    with pytest.raises(RuntimeError, match="another"):
        loading.load("pysys.nothing")
    assert not loading._busy
