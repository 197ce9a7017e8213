"""Every parameter of every call, with arguments that it cannot mean: refused by its name, in our words."""

from __future__ import annotations

import inspect
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
from safe_calls import IMPOSSIBLE, NAME, NOWHERE, safe
from wrong_arguments import FOREIGN, complaint, nowhere, wrong

from pysys import abi, calls, errors, metadata, numbers, parameters, resolve, structures, syscall
from pysys.policy import replacements
from pysys.policy.fate import fate

pytestmark = pytest.mark.widths

HERE = abi.current()


def _outcome(function: Callable[..., object], args: list[object]) -> BaseException | None:
    try:
        function(*args)
    except Exception as error:
        return error
    return None


def _cases() -> list[str]:
    return [name for name in sorted(numbers.table()) if not fate(name, HERE).refusal]


def _faults(name: str, function: Callable[..., object], *, raw: bool = False) -> list[str]:
    """What is wrong with how a call treats wrong arguments, one at a time among safe ones."""
    faults = []
    known = (parameters.defined if raw else parameters.parameters)(name, HERE) or ()
    for index, one in enumerate(known):
        for said, value in wrong(one.kind, raw=raw).items():
            args = list(safe(name)[0])
            args[index : index + 1] = [value]
            found = complaint(_outcome(function, args), f"{name}: {one.python}")
            if found:
                faults.append(f"{name}({one.python}={said}) [{one.kind}]: {found}")
    return faults


@pytest.mark.parametrize("name", _cases())
def test_direct(name: str) -> None:
    """The function of pysys.calls.direct."""
    assert not _faults(name, getattr(calls.direct, name))


@pytest.mark.parametrize("name", _cases())
def test_syscall(name: str) -> None:
    """The same call by syscall(), in the same words."""
    assert not _faults(name, lambda *args: syscall(name, *args), raw=True)


# ---- functions written by hand ----

# What parameters are, by what their annotations say.
KINDS = {
    "Buffer": "buffer",
    "Capabilities": "structure",
    "Descriptor": "fd",
    "Iterable[ControlMessage]": "rows",
    "Iterable[_Operation]": "rows",
    "Iterable[_Waiter]": "rows",
    "Iterable[int]": "ints",
    "Iterable[iocb]": "rows",
    "Iterable[tuple[int, int, int, int] | structures.sock_filter]": "rows",
    "Iterable[tuple[int, int]]": "rows",
    "OldTimer": "timer",
    "Path": "path",
    "Path | Descriptor": "path or fd",
    "Sequence[Buffer]": "buffers",
    "Signals": "signals",
    "Signals | structures.aio_sigset": "signals",
    "Span": "seconds",
    "Timer": "timer",
    "Word": "word",
    "Word | Iterable[Any]": "buffers or word",
    "Word | Span": "seconds",
    "_Buffers": "buffers",
    "_Events": "buffer",
    "_Option": "option",
    "_Text": "string",
    "int | Buffer": "position",
    "int | _Buffers": "buffers or int",
    "int": "int",
    "str | bytes": "string",
    "structures.rlimit64 | tuple[int, int]": "pair",
    "structures.siginfo | int": "structure or int",
    "structures.bpf_attr | Buffer": "buffer",
    "structures.bpf_common_attr | Buffer": "buffer",
    "structures.file_handle | Buffer": "buffer",
    "structures.iocb | Buffer": "buffer",
}
# What is given to the others meanwhile: nothing is done by the call, whatever happens.
SAFE: dict[str, object] = {
    "_Address": structures.sockaddr(),
    "buffer": bytearray(64),
    "buffers": [],
    "buffers or int": [],
    "buffers or word": None,
    "option": 0,
    "str | Buffer": b"",
    "fd": -1,
    "int": 0,
    "ints": [],
    "pair": (0, 0),
    "path": NOWHERE,
    "path or fd": NOWHERE,
    "position": 0,
    "rows": [],
    "seconds": 0,
    "signals": [],
    "string": NAME,
    "structure or int": 0,
    "timer": 0,
    "word": 0,
}
WORD = bytearray(8)
BY_NAME = {
    "clockid": 99,
    "count": 4096,
    "how": 99,
    "maxevents": 1,
    "pid": IMPOSSIBLE,
    "rule_type": 1,
    "upid": IMPOSSIBLE,
    "which": 99,
    "which_clock": 99,
    "mnt_fd": None,
    "target": -1,
    "userns_fd": None,
    "waiters": [(WORD, 0), (WORD, 0)],
}
# A truth value is what any object has, as for bool parameters of os and subprocess.
TRUTH = "bool"
# fsconfig's command says what its value is.
VALUES = "str | Buffer | Path | Descriptor"
# The name of a host: what is taken would be set.
HOST = "str | Buffer"
# The family of a socket says what an address is.
ADDRESS = "_Address"


def _kind(annotation: str) -> str:
    bare = annotation.removesuffix(" | None")
    return KINDS.get(bare) or ("structure" if re.fullmatch(r"structures\.\w+", bare) else bare)


def _safe(name: str, kind: str, annotation: str) -> object:
    if kind == "structure":
        if "Capabilities" in annotation:
            return calls.capget()
        return getattr(structures, annotation.removesuffix(" | None").removeprefix("structures."))()
    return BY_NAME.get(name, SAFE.get(kind))


def _title(name: str, parameter: str) -> str:
    """What a message begins with. Where the ABI has another call in its place, it names that one."""
    replaced = replacements.find(name) is not None or f"{name}64" in numbers.table()
    return r"\w+: \w+" if replaced else f"{name}: {parameter}"


def _handwritten() -> list[str]:
    return sorted(name for name in dir(calls) if name in calls._HANDWRITTEN)


@pytest.mark.parametrize("name", _handwritten())
@pytest.mark.parametrize("others", ["given", "None"])
def test_written_by_hand(name: str, others: str) -> None:
    """A function that is written by hand, with and without what may be None besides."""
    function = getattr(calls, name)
    signature = inspect.signature(function).parameters
    known = {one: each for one, each in signature.items() if each.kind is not each.VAR_KEYWORD}
    kinds = {one: _kind(each.annotation) for one, each in known.items()}
    usual = {one: _safe(one, kinds[one], each.annotation) for one, each in known.items()}
    if others == "None":
        usual |= {one: None for one, each in known.items() if each.annotation.endswith("| None")}
    faults = []
    for one, kind in kinds.items():
        if kind in (TRUTH, VALUES, HOST, ADDRESS):
            continue
        for said, value in wrong(kind).items():
            args, more = [], {}
            for other, each in known.items():
                chosen = value if other == one else usual[other]
                if each.kind is each.KEYWORD_ONLY:
                    more[other] = chosen
                else:
                    args.append(chosen)

            def call(*_: object, args: list[object] = args, more: dict[str, object] = more) -> object:
                found = function(*args, **more)
                return list(found) if inspect.isgenerator(found) else found

            found = complaint(_outcome(call, []), _title(name, one))
            if found:
                faults.append(f"{name}({one}={said}) [{kind}]: {found}")
    assert not faults


def test_a_truth_value() -> None:
    """Any object has one: no other parameter written by hand takes what is not checked."""
    truths = {
        (name, one)
        for name in _handwritten()
        for one, each in inspect.signature(getattr(calls, name)).parameters.items()
        if each.annotation == TRUTH
    }
    assert truths == {("keyctl_get_keyring_id", "create")}
    for said, value in nowhere().items():
        error = _outcome(calls.keyctl_get_keyring_id, [-100, value])  # no keyring has this number
        assert isinstance(error, errors.SyscallError), (said, error)


@pytest.mark.parametrize(
    ("cmd", "kind"),
    [
        (1, "string"),
        (2, "buffer"),
        (3, "path"),
        (5, "fd"),
    ],
)
def test_fsconfig(cmd: int, kind: str) -> None:
    """fsconfig's command says what its value is."""
    faults = []
    for said, value in wrong(kind).items():
        error = _outcome(calls.fsconfig, [-1, cmd, "key", value])
        if found := complaint(error, "fsconfig: (value|aux)"):
            faults.append(f"fsconfig({cmd}, value={said}): {found}")
    assert not faults


@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK])
@pytest.mark.parametrize(
    ("name", "parameter", "before"),
    [
        ("bind", "umyaddr", ()),
        ("connect", "uservaddr", ()),
        ("sendto", "addr", (b"", 0, 0)),
        ("sendmsg", "address", ([], (), 0)),
    ],
)
def test_addresses(name: str, parameter: str, before: tuple[object, ...], family: int) -> None:
    """A socket's family says what its addresses are."""
    faults = []
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        for said, value in wrong("socket's name").items():
            if family != socket.AF_UNIX and isinstance(value, bytes):
                continue  # the bytes of a structure
            error = _outcome(getattr(calls, name), [one.fileno(), *before, value])
            if found := complaint(error, f"{name}: {parameter}"):
                faults.append(f"{name}({parameter}={said}): {found}")
    assert not faults


def test_landlock_port() -> None:
    """What a rule is for says what its target is."""
    faults = []
    for said, value in wrong("int").items():
        error = _outcome(calls.landlock_add_rule, [-1, 2, 0, value])
        if found := complaint(error, "landlock_add_rule: target"):
            faults.append(f"landlock_add_rule(target={said}): {found}")
    assert not faults


# ---- functions about calls and errors, which know names and numbers ----

NAMED: dict[str, Callable[[Any], object]] = {
    "number: name": numbers.number,
    "entry: name": numbers.entry,
    "suggestions: name": numbers.suggestions,
    "names: number": numbers.names,
    "abi": abi.get,
    "by_name: symbol": errors.by_name,
    "by_number: number": errors.by_number,
    "error: errno": errors.error,
    "syscall: call": syscall,
    "name": resolve,
    "resolve: entry": lambda value: resolve("fork", entry=value),
    "page: name": metadata.page,
    "search: text": metadata.search,
    "since: version": metadata.since,
    "since: until": lambda value: metadata.since("7.2", value),
    "by_errno: errno": metadata.by_errno,
    "causes: call": lambda value: metadata.causes(value, "EPERM"),
    "causes: errno": lambda value: metadata.causes("fork", value),
}


@pytest.mark.parametrize("title", NAMED)
def test_names_and_numbers(title: str) -> None:
    """What is neither a name nor a number, is refused by the name of the parameter."""
    call = NAMED[title]
    faults = []
    for said, value in (nowhere() | {"None": None, "[1]": [1], "text": "a.b", "-1": -1}).items():
        error = _outcome(call, [value])
        if isinstance(error, LookupError):
            text = str(error)
            found = text if not isinstance(value, (str, int)) or FOREIGN.search(text) else None
        elif error is None:
            found = None if isinstance(value, (str, int)) else "taken"
        else:
            found = complaint(error, title)
        if found:
            faults.append(f"{title}={said}: {found}")
    assert not faults, "\n".join(faults)
