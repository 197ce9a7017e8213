"""The exceptions: one class per errno, made from a number, explained by the reference."""

from __future__ import annotations

import copy
import errno
import inspect
import os
import pickle
import subprocess
import sys
import textwrap
import tomllib
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import pysys
from pysys import errors
from pysys.tables.errnos import ERRNOS

SRC = str(Path(pysys.__file__).parents[1])
GENERIC = errno.ERFKILL == 132  # else an architecture with numbers of its own

INTERNAL = {
    512: "ERESTARTSYS",
    513: "ERESTARTNOINTR",
    514: "ERESTARTNOHAND",
    515: "ENOIOCTLCMD",
    516: "ERESTART_RESTARTBLOCK",
    517: "EPROBE_DEFER",
    518: "EOPENSTALE",
    519: "ENOPARAM",
    521: "EBADHANDLE",
    522: "ENOTSYNC",
    523: "EBADCOOKIE",
    524: "ENOTSUPP",
    525: "ETOOSMALL",
    526: "ESERVERFAULT",
    527: "EBADTYPE",
    528: "EJUKEBOX",
    529: "EIOCBQUEUED",
    530: "ERECALLCONFLICT",
    531: "ENOGRACE",
}
BUILTINS = {
    BlockingIOError: "EAGAIN EWOULDBLOCK EALREADY EINPROGRESS",
    BrokenPipeError: "EPIPE ESHUTDOWN",
    ChildProcessError: "ECHILD",
    ConnectionAbortedError: "ECONNABORTED",
    ConnectionRefusedError: "ECONNREFUSED EREFUSED",
    ConnectionResetError: "ECONNRESET",
    FileExistsError: "EEXIST",
    FileNotFoundError: "ENOENT",
    InterruptedError: "EINTR",
    IsADirectoryError: "EISDIR",
    NotADirectoryError: "ENOTDIR",
    PermissionError: "EACCES EPERM",
    ProcessLookupError: "ESRCH",
    TimeoutError: "ETIMEDOUT",
}
ALIASES = {
    "EWOULDBLOCK": "EAGAIN",
    "ENOTSUP": "EOPNOTSUPP",
    "EFSBADCRC": "EBADMSG",
    "EFSCORRUPTED": "EUCLEAN",
    "ECANCELLED": "ECANCELED",
    "EREFUSED": "ECONNREFUSED",
}
# What the errno module of Python 3.11 does not know.
LACKING = ["EHWPOISON", "EFTYPE", "EFSBADCRC", "EFSCORRUPTED", "ECANCELLED", "EREFUSED"]
FOREIGN = ["EINIT", "EREMDEV", "EPROCLIM", "ERREMOTE"]  # of mips and sparc alone


class Cause(NamedTuple):
    errno: str
    when: str
    look: str
    only: tuple[()] = ()


class Reference(types.ModuleType):
    """Stands in for pysys.metadata; counts what it is asked."""

    def __init__(self, *causes: Cause, fails: Exception | None = None) -> None:
        super().__init__("pysys.metadata")
        self.answer, self.fails = causes, fails
        self.asked: list[tuple[str, str]] = []

    def causes(self, call: str, symbol: str) -> tuple[Cause, ...]:
        self.asked.append((call, symbol))
        if self.fails:
            raise self.fails
        return self.answer


Install = Callable[..., Reference]


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> Install:
    def install(*causes: Cause, fails: Exception | None = None) -> Reference:
        module = Reference(*causes, fails=fails)
        monkeypatch.setitem(sys.modules, "pysys.metadata", module)
        monkeypatch.setattr(pysys, "metadata", module, raising=False)
        return module

    return install


TASKS = Cause("EAGAIN", "The cgroup has\nreached pids.max.", "pids.events")
USER = Cause("EAGAIN", "The user has enough tasks.", "")
NOTES = [
    "EAGAIN: The cgroup has reached pids.max. Look at: pids.events",
    "EAGAIN: The user has enough tasks.",
]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ABI of this process, known without the extension."""
    module = types.ModuleType("pysys.abi")
    vars(module)["current"] = lambda: types.SimpleNamespace(name="x86_64")
    monkeypatch.setitem(sys.modules, "pysys.abi", module)
    monkeypatch.setattr(pysys, "abi", module, raising=False)


def python(code: str, *options: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run code in an interpreter of its own, with pysys importable."""
    return subprocess.run(
        [sys.executable, *options, "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": SRC},
        capture_output=True,
        text=True,
        timeout=60,
        check=check,
    )


# The classes


def own_classes() -> list[type[errors.SyscallError]]:
    return sorted(set(errors.CLASSES.values()), key=lambda cls: cls.__name__)


def test_every_errno_of_the_standard_library_has_its_class() -> None:
    """Each symbol of the errno module names a class with its number, found by name and number."""
    symbols = [name for name in dir(errno) if name[0] == "E"]
    assert len(symbols) > 130
    for symbol in symbols:
        cls = errors.by_name(symbol)
        assert cls.number == getattr(errno, symbol), symbol
        assert cls is getattr(errors, symbol) is errors.by_number(getattr(errno, symbol))


@pytest.mark.parametrize(("number", "symbol"), INTERNAL.items())
def test_values_internal_to_the_kernel_have_classes(number: int, symbol: str) -> None:
    """A value that should never leave the kernel is shown by its name, with a text of our own."""
    exc = errors.error(number, "fork")
    assert type(exc) is errors.by_name(symbol)
    assert exc.errno == number
    assert exc.strerror
    assert "Unknown error" not in exc.strerror
    assert str(exc) == f"[Errno {number}] {symbol} from fork: {exc.strerror}"


def test_the_youngest_errnos_have_numbers_the_standard_library_lacks() -> None:
    """EHWPOISON and EFTYPE follow ERFKILL, as they do in every architecture's header."""
    assert errors.EHWPOISON.number == errno.ERFKILL + 1
    assert errors.EFTYPE.number == errno.ERFKILL + 2
    assert errors.error(errno.ERFKILL + 2).strerror  # younger than the C library: our text


@pytest.mark.parametrize("table", sorted(ERRNOS))
def test_numbers_follow_the_architecture(table: str) -> None:
    """Given the errno module of an architecture, each symbol of its headers has its number there."""
    out = python(f"""
        import errno, sys
        table = sys.modules["errno"].__dict__
        numbers = {ERRNOS[table]}
        lacking = {LACKING + FOREIGN}
        for name in [name for name in table if name[0] == "E"]:
            del table[name]
        table.update({{name: n for name, n in numbers.items() if name not in lacking}})
        table["errorcode"] = {{n: name for name, n in numbers.items()}}
        from pysys import errors
        for name, number in numbers.items():
            cls = errors.by_name(name)
            assert cls.number == number, (name, number, cls.number)
            assert errors.by_number(number) is cls, (name, number)
        for name in set({FOREIGN}) - set(numbers):
            assert errors.by_name(name).number is None, name
        print(len(numbers), errors.EDEADLOCK is errors.EDEADLK, errors.EDEADLOCK.__name__)
        assert issubclass(errors.EDEADLOCK, errors.EDEADLK)
    """).stdout.split()
    apart = ERRNOS[table]["EDEADLOCK"] != ERRNOS[table]["EDEADLK"]
    name = "EDEADLOCK" if apart else "EDEADLK"
    assert out == [str(len(ERRNOS[table])), str(not apart), name]


@pytest.mark.skipif(not GENERIC, reason="this architecture has numbers for some of these")
@pytest.mark.parametrize("symbol", FOREIGN)
def test_an_errno_of_another_architecture_has_no_number_here(symbol: str) -> None:
    """It is a class one can name and raise, and no number of this ABI leads to it."""
    cls = errors.by_name(symbol)
    exc = cls(syscall="fork")
    assert exc.errno is None
    assert exc.symbol == symbol
    assert str(exc) == f"{symbol} from fork: {exc.strerror}"
    assert copy.copy(exc) == exc


@pytest.mark.parametrize(("alias", "symbol"), ALIASES.items())
def test_an_alias_is_the_same_class(alias: str, symbol: str) -> None:
    """Two names for one number are one class, so that either catches both."""
    assert getattr(errors, alias) is getattr(errors, symbol)


@pytest.mark.portable
@pytest.mark.parametrize("cls", own_classes(), ids=lambda cls: cls.__name__)
def test_the_builtin_that_people_catch(cls: type[errors.SyscallError]) -> None:
    """Each class is the builtin that Python has for its errno (PEP 3151), and no other."""
    assert issubclass(cls, errors.SyscallError)
    names = {name for name, other in errors.CLASSES.items() if other is cls}
    expected = {b for b, symbols in BUILTINS.items() if names & set(symbols.split())}
    assert {b for b in BUILTINS if issubclass(cls, b)} == expected
    if cls.number is not None:  # and Python itself agrees
        assert issubclass(cls, type(OSError(cls.number, "")))


@pytest.mark.portable
@pytest.mark.parametrize("cls", own_classes(), ids=lambda cls: cls.__name__)
def test_docstrings_say_what_who_and_where(cls: type[errors.SyscallError]) -> None:
    """Meaning in the first line, then the calls, then what to look at first."""
    first, blank, *body = cls.__dict__["__doc__"].rstrip().splitlines()
    assert first.startswith(f"{cls.__name__}: ")
    assert first.endswith(".")
    assert blank == ""
    text = [line.strip() for line in body]
    assert text.count("") == 1, "two paragraphs"
    assert text[text.index("") + 1].startswith("Look first: ")
    assert 3 <= len(text) <= 10


def test_classes_say_where_they_are_imported_from() -> None:
    """Tracebacks and pickles name pysys.errors, whatever file a class stands in."""
    for cls in [*own_classes(), errors.SyscallError, errors.NoNumber, errors.RefusedError]:
        assert cls.__module__ == "pysys.errors"
        assert getattr(errors, cls.__name__) is cls
    assert set(errors.CLASSES) < set(errors.__all__)


def test_finding_a_class_that_does_not_exist() -> None:
    """An unknown symbol or number is a LookupError that repeats it."""
    with pytest.raises(LookupError, match="EFOO"):
        errors.by_name("EFOO")
    with pytest.raises(LookupError, match="4000"):
        errors.by_number(4000)


# Making one


def test_error_makes_the_class_of_the_number(here: None) -> None:
    """What the caller of error() knows of the failure is on the exception."""
    exc = errors.error(errno.EXDEV, "link", filename="a", filename2=b"b", step="cwd")
    assert type(exc) is errors.EXDEV
    assert (exc.errno, exc.strerror) == (errno.EXDEV, os.strerror(errno.EXDEV))
    assert (exc.syscall, exc.filename, exc.filename2, exc.step) == ("link", "a", b"b", "cwd")
    assert (exc.abi, exc.symbol, exc.number) == ("x86_64", "EXDEV", errno.EXDEV)


def test_an_unknown_number_is_a_plain_syscall_error() -> None:
    """A number without a class is shown as it is."""
    exc = errors.error(4000, "fork")
    assert type(exc) is errors.SyscallError
    assert str(exc) == f"[Errno 4000] from fork: {os.strerror(4000)}"
    assert (exc.errno, exc.symbol, exc.number, exc.causes) == (4000, None, None, ())


AGAIN = (errno.EAGAIN, os.strerror(errno.EAGAIN))


@pytest.mark.parametrize(
    ("exc", "args", "names"),
    [
        (errors.EAGAIN(), AGAIN, (None, None)),
        (errors.EAGAIN("full"), (errno.EAGAIN, "full"), (None, None)),
        (errors.EAGAIN(errno.EAGAIN), AGAIN, (None, None)),
        (errors.EAGAIN(errno.EAGAIN, "full"), (errno.EAGAIN, "full"), (None, None)),
        (errors.EAGAIN(errno.EAGAIN, "full", "f"), (errno.EAGAIN, "full"), ("f", None)),
        (errors.EAGAIN(errno.EAGAIN, "x", "f", None, "g"), (errno.EAGAIN, "x"), ("f", "g")),
        (errors.EAGAIN(filename="f", filename2="g"), AGAIN, ("f", "g")),
        (errors.SyscallError(errno.EAGAIN), AGAIN, (None, None)),
        (errors.SyscallError("odd"), (None, "odd"), (None, None)),
        (errors.SyscallError(), (), (None, None)),
    ],
)
def test_people_construct_them(
    exc: errors.SyscallError, args: tuple[object, ...], names: tuple[object, object]
) -> None:
    """Number and text are filled in where they are not given; OSError's own order works."""
    assert exc.args == args
    assert (exc.errno, exc.strerror) == (args or (None, None))
    assert (exc.filename, exc.filename2) == names
    assert type(exc)(*exc.args).args == args


@pytest.mark.parametrize(
    ("exc", "text"),
    [
        (errors.EPERM("no"), "[Errno 1] EPERM: no"),
        (errors.EPERM("no", syscall="kill"), "[Errno 1] EPERM from kill: no"),
        (errors.EPERM("no", filename="f"), "[Errno 1] EPERM: no: 'f'"),
        (
            errors.EPERM("no", syscall="link", filename="f", filename2="g"),
            "[Errno 1] EPERM from link: no: 'f' -> 'g'",
        ),
        (errors.SyscallError(5000, "odd"), "[Errno 5000] odd"),
        (errors.SyscallError("odd"), "odd"),
        (errors.SyscallError(), ""),
        (
            errors.EPERM("no", syscall="chroot", step="chroot"),
            "[Errno 1] EPERM from chroot (step chroot of spawn): no",
        ),
    ],
)
def test_text(exc: errors.SyscallError, text: str) -> None:
    """One line: number, symbol, call, meaning, and the paths as OSError writes them."""
    assert str(exc) == text


def test_subclasses_of_users_keep_the_errno() -> None:
    """A class derived from one of ours has its number, symbol and builtin."""

    class BusyError(errors.EAGAIN):
        pass

    exc = BusyError()
    assert (exc.errno, exc.symbol) == (errno.EAGAIN, "EAGAIN")
    assert isinstance(exc, BlockingIOError)
    assert errors.by_number(errno.EAGAIN) is errors.EAGAIN


def test_no_number_is_an_enosys() -> None:
    """A call that this ABI lacks is caught as ENOSYS and as OSError."""
    with pytest.raises(errors.ENOSYS) as caught:
        raise errors.NoNumber(syscall="fork")
    assert caught.value.errno == errno.ENOSYS
    assert caught.value.symbol == "ENOSYS"
    assert errors.by_number(errno.ENOSYS) is errors.ENOSYS
    assert pickle.loads(pickle.dumps(caught.value)) == caught.value


def test_refused_is_a_value_error_with_its_reason() -> None:
    """A refusal is not an errno: the kernel was not asked."""
    exc = errors.RefusedError("it returns twice", syscall="vfork")
    assert isinstance(exc, ValueError)
    assert not isinstance(exc, OSError)
    again = pickle.loads(pickle.dumps(exc))
    assert (str(again), again.syscall) == ("it returns twice", "vfork")
    assert errors.RefusedError("no").syscall is None


# Causes, notes, explain()


def test_causes_come_from_the_page_of_the_call(reference: Install) -> None:
    """The reference is asked for this call and errno, each time and only then."""
    module = reference(TASKS, USER)
    exc = errors.error(errno.EAGAIN, "fork")
    str(exc), repr(exc), exc == copy.copy(exc), pickle.dumps(exc)
    with pytest.raises(BlockingIOError):
        raise exc
    assert module.asked == []
    assert [*map(id, exc.causes)] == [id(TASKS), id(USER)]
    assert module.asked == [("fork", "EAGAIN")]


def test_without_a_call_there_are_no_causes(reference: Install) -> None:
    """Nothing is asked of the reference when nobody knows which call it was."""
    module = reference(TASKS)
    assert errors.EAGAIN().causes == ()
    assert module.asked == []


@pytest.mark.parametrize("failure", [LookupError("fork"), ValueError("TOML"), OSError(24, "open")])
def test_a_broken_reference_does_not_hide_the_errno(reference: Install, failure: Exception) -> None:
    """Whatever goes wrong there, the exception has no causes and prints as before."""
    module = reference(fails=failure)
    exc = errors.error(errno.EAGAIN, "fork")
    assert exc.causes == ()
    assert not hasattr(exc, "__notes__")
    assert traceback.format_exception_only(exc) == [f"pysys.errors.EAGAIN: {exc}\n"]
    assert exc.explain().startswith(str(exc))
    assert module.asked


def printed(exc: errors.SyscallError) -> list[str]:
    return [line.rstrip("\n") for line in traceback.format_exception_only(exc)]


def test_a_traceback_shows_the_causes(reference: Install) -> None:
    """One note per cause on one line, with where to look, however often it is printed."""
    reference(TASKS, USER)
    exc = errors.error(errno.EAGAIN, "fork")
    assert printed(exc) == [f"pysys.errors.EAGAIN: {exc}", *NOTES]
    assert printed(exc) == [f"pysys.errors.EAGAIN: {exc}", *NOTES]


def test_people_add_notes(reference: Install) -> None:
    """add_note() appends to the causes, before or after they were shown."""
    reference(TASKS, USER)
    exc = errors.error(errno.EAGAIN, "fork")
    exc.add_note("first")
    assert printed(exc)[1:] == [*NOTES, "first"]
    exc.add_note("second")
    assert exc.__notes__ == [*NOTES, "first", "second"]


def test_without_causes_it_is_an_exception_without_notes(reference: Install) -> None:
    """No empty list stands in for no notes, and add_note() begins one."""
    reference()
    exc = errors.error(errno.EAGAIN, "fork")
    assert not hasattr(exc, "__notes__")
    exc.add_note("mine")
    assert exc.__notes__ == ["mine"]


def test_many_causes_are_cut_in_the_notes_only(reference: Install) -> None:
    """A traceback shows eight and says how many more; causes and explain() have all."""
    reference(*(Cause("EINVAL", f"Reason {i}.", "") for i in range(11)))
    exc = errors.error(errno.EINVAL, "prctl")
    assert exc.__notes__[7:] == [
        "EINVAL: Reason 7.",
        "EINVAL: 3 more causes: see the exception's explain().",
    ]
    assert len(exc.causes) == 11
    assert "Reason 10." in exc.explain()


no_notes = pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="from 3.13 on the printer in C shows nobody's notes"
)


@pytest.mark.parametrize(
    "printer",
    [
        pytest.param("", id="default"),
        pytest.param("sys.modules['traceback'] = None", id="C", marks=no_notes),
    ],
)
def test_the_interpreter_prints_the_notes(printer: str) -> None:
    """An exception nobody catches shows its causes once, from the printer in C too."""
    out = python(
        f"""
        import sys, types, pysys
        from pysys import errors
        cause = types.SimpleNamespace(when="Too many.", look="pids.max", only=())
        pysys.metadata = types.SimpleNamespace(causes=lambda call, symbol: (cause,))
        {printer}
        raise errors.error({errno.EAGAIN}, "fork")
        """,
        check=False,
    )
    assert out.returncode == 1
    last = out.stderr.splitlines()[-2:]
    assert last[0].startswith("pysys.errors.EAGAIN: [Errno ")
    assert last[1] == "EAGAIN: Too many. Look at: pids.max"


def test_explain_does_not_refer_to_itself() -> None:
    """No class's text, which explain() shows, sends its reader to explain()."""
    assert not [name for name, kind in errors.CLASSES.items() if "explain()" in str(kind.__doc__)]


def test_help_shows_the_calls_that_give_it() -> None:
    """help() of an errno's class shows its docstring, its numbers, and which calls give it why."""
    text = str(inspect.getdoc(errors.EAGAIN))
    assert text.startswith(str(errors.EAGAIN.__doc__).splitlines()[0])
    assert "alpha" in text
    assert "\nfork\n" in text
    assert "pids.max" in text.partition("\nfork\n")[2]


def test_explain_says_everything(reference: Install) -> None:
    """What the errno means, the step, and each cause with where to look."""
    reference(TASKS, USER)
    exc = errors.error(errno.EAGAIN, "fork", step="cgroup")
    paragraphs = exc.explain().split("\n\n")
    assert paragraphs[0] == str(exc)
    assert paragraphs[1].startswith("EAGAIN: ")
    assert paragraphs[3].startswith("Look first: ")
    assert "    " not in exc.explain()
    assert paragraphs[4].splitlines() == [
        "What makes fork give EAGAIN:",
        "- The cgroup has reached pids.max.",
        "  Look at: pids.events",
        "- The user has enough tasks.",
    ]
    assert errors.SyscallError(4000).explain() == str(errors.SyscallError(4000))


def test_the_real_reference_explains_fork() -> None:
    """The page of fork gives EAGAIN its causes."""
    from pysys import metadata

    exc = errors.error(errno.EAGAIN, "fork")
    assert exc.causes == metadata.causes("fork", "EAGAIN") != ()
    assert any("pids.max" in note for note in exc.__notes__)


def test_pages_name_errnos_by_their_symbols() -> None:
    """Causes are found by a class's own symbol, so no page uses an alias or a misspelling."""
    paths = sorted(Path(__file__).parents[2].joinpath("pages").glob("*/*.toml"))
    assert paths
    for path in paths:
        for cause in tomllib.loads(path.read_text()).get("errors", []):
            assert errors.by_name(cause["errno"]).symbol == cause["errno"], path.name


# Copies, pickles, comparison


def state(exc: errors.SyscallError) -> tuple[object, ...]:
    return (
        type(exc), exc.args, exc.errno, exc.strerror, exc.filename, exc.filename2,
        exc.syscall, exc.step, exc.abi, exc.__dict__.get("__notes__"),
    )  # fmt: skip


PICKLES = [
    lambda exc, p=protocol: pickle.loads(pickle.dumps(exc, p))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
]


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, *PICKLES])
@pytest.mark.parametrize("names", [{}, {"filename": "f"}, {"filename": "f", "filename2": b"g"}])
def test_copies_and_pickles_keep_everything(
    reference: Install, here: None, duplicate: Callable[[Any], Any], names: dict[str, Any]
) -> None:
    """Everything comes back, notes of the causes once, and the user's own."""
    reference(TASKS, USER)
    exc = errors.error(errno.EAGAIN, "fork", step="cgroup", **names)
    exc.add_note("mine")
    vars(exc)["extra"] = [1]
    again = duplicate(exc)
    assert again is not exc
    assert state(again) == state(exc)
    assert vars(again)["extra"] == [1]
    assert again.__notes__ == [*NOTES, "mine"]
    assert again == exc
    again.add_note("of the copy")
    assert exc.__notes__ == [*NOTES, "mine"]


def test_a_copy_made_before_printing_computes_its_notes(reference: Install) -> None:
    """Copying asks the reference nothing, and the copy has the causes when printed."""
    module = reference(TASKS)
    again = pickle.loads(pickle.dumps(errors.error(errno.EAGAIN, "fork")))
    assert module.asked == []
    assert again.__notes__ == NOTES[:1]


@pytest.mark.portable
@pytest.mark.parametrize("cls", own_classes(), ids=lambda cls: cls.__name__)
def test_every_class_pickles(cls: type[errors.SyscallError]) -> None:
    """A pickle of each class comes back as that class, equal."""
    exc = cls("text", syscall="fork")
    again = pickle.loads(pickle.dumps(exc))
    assert state(again) == state(exc)
    assert again == exc


def test_the_abi_travels(here: None) -> None:
    """What was raised on another ABI says so here, and is not the same failure."""
    exc = errors.EAGAIN(syscall="fork")
    there = pickle.loads(pickle.dumps(exc).replace(b"x86_64", b"mips_o"))
    assert there.abi == "mips_o"
    assert there != exc
    assert pickle.loads(pickle.dumps(there)).abi == "mips_o"


def test_the_abi_is_that_of_this_process() -> None:
    """With the extension, an exception names the ABI, and the classes have its numbers."""
    from pysys import abi

    assert errors.EAGAIN().abi == abi.current().name
    for symbol, number in ERRNOS[abi.current().errno_table].items():
        assert errors.by_name(symbol).number == number


def test_without_the_extension_the_abi_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """No attribute of an exception raises, and it still pickles."""
    monkeypatch.setitem(sys.modules, "pysys.abi", None)
    monkeypatch.delattr(pysys, "abi", raising=False)
    exc = errors.EAGAIN()
    assert exc.abi == "unknown"
    assert pickle.loads(pickle.dumps(exc)) == exc


@pytest.mark.parametrize(
    "other",
    [
        errors.EINTR(syscall="open", filename="f", step="s"),
        errors.SyscallError(errno.ENOENT, syscall="open", filename="f", step="s"),
        errors.error(errno.ENOENT, "stat", filename="f", step="s"),
        errors.error(errno.ENOENT, "open", filename="g", step="s"),
        errors.error(errno.ENOENT, "open", filename="f", filename2="g", step="s"),
        errors.error(errno.ENOENT, "open", filename="f", step="t"),
        errors.ENOENT(0, "", "f", syscall="open", step="s"),
        FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "f"),
        errno.ENOENT,
    ],
)
def test_different_failures_differ(other: object) -> None:
    """Class, errno, call, paths and step each tell two failures apart."""
    assert errors.error(errno.ENOENT, "open", filename="f", step="s") != other


def test_the_same_failure_is_equal() -> None:
    """Two exceptions of the same failure are equal, and one member of a set."""
    one, two = (errors.error(errno.ENOENT, "open", filename=["f"], step="s") for _ in "12")
    assert one == two
    assert hash(one) == hash(two)
    assert len({one, two}) == 1


def test_equal_exceptions_in_a_chain_are_both_printed() -> None:
    """Nothing takes an equal exception for the same one: the chain is shown completely."""
    second = errors.EAGAIN()
    second.__cause__ = errors.EAGAIN()
    assert second == second.__cause__
    assert "".join(traceback.format_exception(second)).count("pysys.errors.EAGAIN") == 2


def test_groups_are_split_by_class() -> None:
    """except* finds ours by its builtin, and keeps an equal twin of another class's failure."""
    one, two = errors.EAGAIN(), errors.EAGAIN()
    found, rest = ExceptionGroup("g", [one, errors.EPERM(), two]).split(BlockingIOError)
    assert found is not None and rest is not None
    assert [id(exc) for exc in found.exceptions] == [id(one), id(two)]
    assert [type(exc) for exc in rest.exceptions] == [errors.EPERM]


@pytest.mark.portable
def test_they_survive_multiprocessing(tmp_path: Path) -> None:
    """Raised in a worker, caught in the parent by the builtin, complete, with the worker's notes."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
        import concurrent.futures, multiprocessing
        from pysys import errors

        def work():
            exc = errors.error({errno.EAGAIN}, "fork", filename="f", step="s")
            exc.add_note("mine")
            raise exc

        if __name__ == "__main__":
            spawn = multiprocessing.get_context("spawn")
            with concurrent.futures.ProcessPoolExecutor(1, spawn) as pool:
                try:
                    pool.submit(work).result()
                except BlockingIOError as exc:
                    print(type(exc).__name__, exc.syscall, exc.filename, exc.step, exc.errno)
                    notes = exc.__notes__
                    print(notes.count("mine"), len(set(notes)) == len(notes))
        """)
    )
    out = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": SRC},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert out.stdout.splitlines() == [f"EAGAIN fork f s {errno.EAGAIN}", "1 True"]


# What it costs, and what it needs


def test_raising_imports_nothing_heavy() -> None:
    """Importing the errors and raising one loads no slow module, no reference, no extension."""
    out = python("""
        import sys, pysys
        before = set(sys.modules)
        import pysys.errors as errors
        try:
            raise errors.error(11, "fork", filename="f")
        except OSError as exc:
            str(exc), repr(exc), exc == exc
        print(*sorted(set(sys.modules) - before))
    """).stdout.split()
    assert "pysys.errors.classes" in out
    light = {"errno", "pysys.metadata", "pysys.doc"}
    assert {name for name in out if not name.startswith("pysys.errors")} <= light


def test_an_errno_is_known_when_no_file_can_be_opened() -> None:
    """After EMFILE, chroot or a filter nothing more can be imported, and nothing more needs be."""
    out = python(
        f"""
        import resource, sys
        from pysys import errors
        sys.path_importer_cache.clear()
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
        exc = errors.error({errno.EMFILE}, "openat", filename="f")
        assert exc.causes == () and exc.abi == "unknown", exc.abi
        assert exc.explain().startswith(str(exc))
        raise exc
        """,
        check=False,
    )
    lines = out.stderr.splitlines()
    assert lines[-1 if sys.version_info >= (3, 13) else -2] == (  # the printer in C, as above
        f"pysys.errors.EMFILE: [Errno {errno.EMFILE}] EMFILE from openat: {os.strerror(errno.EMFILE)}: 'f'"
    )
    assert sys.version_info >= (3, 13) or lines[-1].startswith("EMFILE: the causes cannot be read any more")


@pytest.mark.portable
def test_without_docstrings_they_work() -> None:
    """Under -OO, too, an errno that the C library does not know has a text: it is not a docstring's."""
    out = python(
        """
        from pysys import errors
        print(errors.EAGAIN(syscall="fork"), errors.error(513), sep="\\n")
        print(errors.error(513).explain())
        """,
        "-OO",
    ).stdout.splitlines()
    assert out[0] == str(errors.EAGAIN(syscall="fork"))
    assert out[1] == out[2] == str(errors.error(513))
    assert not out[1].endswith(os.strerror(513))


@pytest.mark.portable
def test_classes_are_made_when_asked_for() -> None:
    """An import makes none of them; of many threads that ask for the same ones, all get the same."""
    out = python(
        """
        import pickle, threading
        from pysys import errors
        print(len(errors.SyscallError.__subclasses__()))
        start, found = threading.Barrier(8), []
        def ask():
            start.wait()
            found.append(tuple(getattr(errors, name) for name in errors.CLASSES))
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(len(found), len(set(found)), found[0] == tuple(errors.CLASSES.values()))
        print(all(pickle.loads(pickle.dumps(kind)) is kind for kind in found[0]))
        print(type(errors.error(errors.EBADF.number)) is errors.by_name("EBADF") is errors.EBADF)
        """
    ).stdout.splitlines()
    assert out == ["0", "8 1 True", "True", "True"]
