"""What editors show, who run nothing: the stubs have the texts that help() shows, and jedi finds them."""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import pysys
from pysys import abi, calls, errors, flags, ioctls, structures
from pysys.calls import direct
from pysys.flags import index

# The stubs have the structures and requests of x86_64.
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(abi.current().name != "x86_64", reason="the stubs are those of x86_64"),
]
FOLDER = Path(pysys.__file__).parent


def stub(name: str) -> list[ast.stmt]:
    return ast.parse((FOLDER / name).read_text()).body


def classes(name: str) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in stub(name) if isinstance(node, ast.ClassDef)}


def behind(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr | None, str]]:
    """The names that are assigned or declared, each with its value and the text behind it."""
    for node, after in itertools.pairwise([*body, ast.Pass()]):
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name):
            text = ast.literal_eval(after.value) if isinstance(after, ast.Expr) else ""
            yield target.id, getattr(node, "value", None), inspect.cleandoc(text)


def plain(text: str) -> str:
    """A text without what depends on the place where it is shown."""
    words = " ".join(text.lower().replace(":", " ").replace("`", "").split())
    return words.replace("_ ", " ").strip(" .")


def texts(name: str, module: ModuleType) -> dict[str, str]:
    """The docstring of each function of a stub; of one that it imports, from where that is."""
    found: dict[str, str] = {}
    for node in stub(name):
        if isinstance(node, ast.FunctionDef):
            found[node.name] = ast.get_docstring(node) or ""
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pysys.calls."):
            home = str(node.module).rpartition(".")[2]
            path = "calls/direct.pyi" if home == "direct" else f"calls/{home}.py"
            for one in node.names:
                found[one.name] = documented(path)[one.name]
    return {one: text for one, text in found.items() if one in dir(module)}


@functools.cache
def documented(path: str) -> dict[str, str]:
    """The docstring of each function of a file."""
    return {
        node.name: ast.get_docstring(node) or "" for node in stub(path) if isinstance(node, ast.FunctionDef)
    }


# Where a line of a call's text begins that stands elsewhere on its page.
PIECES = (
    r"\n\n|\n(?=\w+: )|(?<=\(2\)): |an int: |Raises: |\(pysys\.errors\): |,\s(?=E[A-Z0-9]+\b)|\.\s(?=Since\s)"
)


@pytest.mark.parametrize(("module", "name"), [(calls, "calls/__init__.pyi"), (direct, "calls/direct.pyi")])
def test_a_call(module: ModuleType, name: str) -> None:
    """What it is, parameters, result and since when are what help() shows, and so are all of its errnos."""
    shown = texts(name, module)
    assert shown.keys() == set(dir(module)) - {"direct"}
    for one, text in shown.items():
        page = inspect.getdoc(getattr(module, one)) or ""
        if "(2): made through " in page:  # here, and not on other ABIs
            page += str(getattr(direct, one).__doc__)
        assert text.startswith(f"{one.removesuffix('_')}(2): ") or one not in dir(direct), one
        assert "as the kernel defines it" not in text, one
        missing = [piece for piece in re.split(PIECES, text) if plain(piece) not in plain(page)]
        assert not missing, (one, missing)
        if name.endswith("direct.pyi") and "errors.RefusedError" not in text:
            listed = re.split(r"\n(?=[A-Z])", page.partition("\nERRORS\n")[2])[0]
            assert set(re.findall(r"^    (E[A-Z0-9]+)\b", listed, re.MULTILINE)) <= {
                *re.findall(r"\w+", text)
            }
            assert re.search(r"^since ", page, re.MULTILINE) is None or "Since Linux " in " ".join(
                text.split()
            )


def test_a_class_of_flags_and_its_members() -> None:
    """Each class has its text, each member its own, and its value where that is the same everywhere."""
    found = classes("flags/__init__.pyi")
    assert len(found) > 200
    assert found.keys() == {name for name in index.MODULES if isinstance(getattr(flags, name), type)}
    for name, node in found.items():
        kind = getattr(flags, name)
        assert ast.get_docstring(node) == inspect.getdoc(kind), name
        members = {one: (value, text) for one, value, text in behind(node.body)}
        assert members.keys() - index.PARTIAL == kind.__members__.keys() - index.PARTIAL, name
        for one, member in kind.__members__.items():
            value, text = members[one]
            if member.name == one:  # not another name of a member
                assert text == (member.__doc__ if member.__doc__ != kind.__doc__ else ""), one
            if isinstance(value, ast.Constant) and value.value is not ...:
                assert value.value == member.value or one in index.PARTIAL, one


def test_a_flag_by_itself() -> None:
    """The names of members are also the module's own, with the same texts; so are other constants."""
    shown = {name: text for name, _, text in behind(stub("flags/__init__.pyi"))}
    for name, owner in index.MEMBERS.items():
        member = getattr(flags, owner).__members__.get(index.RENAMED.get(name, name))
        if member is not None and member.name == name:
            assert shown[name] == (member.__doc__ if member.__doc__ != type(member).__doc__ else ""), name
    others = [name for name in index.MODULES if not isinstance(getattr(flags, name), type)]
    assert "AT_FDCWD" in others
    assert [name for name in others if not shown[name]] == []


def test_a_structure_and_its_fields() -> None:
    """Each structure that this ABI has, and each of its fields."""
    found = classes("structures/__init__.pyi")
    for name in structures.names():
        kind = getattr(structures, name)
        assert ast.get_docstring(found[name]) == inspect.getdoc(kind), name
        body = found[name].body
        shown = {field: text for field, _, text in behind(body)}
        for node in body:
            if isinstance(node, ast.FunctionDef) and node.name != "__init__":  # a property, and its setter
                shown[node.name] = ast.get_docstring(node) or ""
        fields = {one.name: vars(kind)[one.name].__doc__ for one in structures.describe(name)}
        assert shown == fields, name


def test_an_error() -> None:
    """What the errno means, and where to look first; the calls that give it are in help() alone."""
    found = classes("errors/__init__.pyi")
    for name, kind in errors.CLASSES.items():
        about = ast.get_docstring(found[kind.__name__]) or ""
        assert about.startswith(f"{kind.__name__}: "), name
        assert (inspect.getdoc(kind) or "").startswith(about), name


def test_a_request_of_ioctl() -> None:
    """What becomes of the argument, and which header has it, as repr() says."""
    shown = {name: text for name, _, text in behind(stub("ioctls/__init__.pyi"))}
    for name, request in ioctls.table().items():
        assert repr(request).endswith(f"{shown[name] if request.argument() else f'({request.header})'}>"), (
            name
        )
        assert shown[name].endswith(f"({request.header})"), name


@pytest.fixture(scope="module")
def jedi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """jedi, which IPython and editors complete with, as a function that reads a program."""
    found = pytest.importorskip("jedi", reason="jedi is not installed: pip install --group test")
    place = tmp_path_factory.mktemp("jedi")
    before, found.settings.cache_directory = found.settings.cache_directory, str(place)
    project = found.Project(place, added_sys_path=[str(FOLDER.parent)])
    here = found.InterpreterEnvironment()
    yield lambda code: found.Script(code, path=place / "program.py", project=project, environment=here)
    found.settings.cache_directory = before


@pytest.mark.parametrize("code", ["import pysys\npysys.", "from pysys import "])
def test_jedi_completes_the_names_of_the_package(jedi: Any, code: str) -> None:
    """They are loaded at their first use, which jedi does not see."""
    assert {*pysys.__all__} <= {one.name for one in jedi(code).complete()}


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("spawn", pysys.spawn.__doc__),
        ("CloneArgs", pysys.CloneArgs.__doc__),
        ("calls.openat2", "how: Memory that is read: a structures.open_how, usize bytes of it."),
        ("calls.statx", "Returns structures.statx."),
        ("calls.bpf", calls.bpf.__doc__),
        ("flags.ResolveFlags", flags.ResolveFlags.__doc__),
        ("flags.ResolveFlags.RESOLVE_BENEATH", flags.RESOLVE_BENEATH.__doc__),
        ("flags.RESOLVE_BENEATH", flags.RESOLVE_BENEATH.__doc__),
        ("flags.AT_FDCWD", "In place of a directory's descriptor"),
        ("structures.open_how", structures.open_how.__doc__),
        ("structures.open_how().resolve", "RESOLVE_* bits: where the path may lead (ResolveFlags)"),
        ("structures.in_pktinfo().ipi_addr", "unsigned char[4]"),
        ("errors.EAGAIN", "EAGAIN: Not now; the same call may succeed later."),
        ("ioctls.TIOCGWINSZ", "winsize, written (asm/ioctls.h)"),
    ],
)
def test_jedi_shows_a_text(jedi: Any, shown: str, text: str) -> None:
    """What an editor has at hand for a name under the cursor."""
    code = f"from pysys import CloneArgs, calls, errors, flags, ioctls, spawn, structures\n{shown}"
    found = "\n".join(one.docstring() for one in jedi(code).help())
    assert " ".join(text.split()) in " ".join(found.split())


def test_jedi_shows_a_signature(jedi: Any) -> None:
    """Of a call that is made when it is first used."""
    (signature,) = jedi("from pysys import calls\ncalls.openat2(").get_signatures()
    assert [one.name for one in signature.params] == ["dfd", "filename", "how", "usize"]
    assert signature.params[1].to_string() == "filename: Path"
