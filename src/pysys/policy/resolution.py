"""Which call, number and arguments a request becomes on an ABI, and why. Tables only: no call is made."""

from __future__ import annotations

from pysys import abi as _abi
from pysys import numbering, signatures
from pysys.loading import NotLoadedError, load
from pysys.policy.fate import fate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Literal

    from pysys.policy.fate import Kind
    from pysys.policy.replacements import Replacement

# What an answer for this process's ABI needs; the tables of others are loaded when they are asked for.
load("pysys.tables.signatures")
try:
    numbering.table()
except NotLoadedError:  # the extension, which knows the ABI, is not there: others can be asked for
    pass


class Resolution:
    """What a request becomes.

    request: the name that was asked for.
    abi: the ABI's name.
    call, number: the kernel's call that is issued, and its number on that ABI.
    arguments: what pysys fills in, by the kernel's parameter names, in the order of the ABI's raw call;
        empty where the caller's arguments go through as they are.
    why: the reason, in a sentence.
    """

    __module__ = "pysys"  # the public name
    __slots__ = ("abi", "arguments", "call", "number", "request", "why")

    def __init__(
        self, request: str, abi: str, call: str, number: int, arguments: dict[str, str], why: str
    ) -> None:
        self.request: str = request
        self.abi: str = abi
        self.call: str = call
        self.number: int = number
        self.arguments: dict[str, str] = arguments
        self.why: str = why

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data.

        Returns a dict with the attributes: request, abi, call, number, arguments, why.
        """
        return {
            name: getattr(self, name) for name in ("request", "abi", "call", "number", "arguments", "why")
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resolution) and self.as_dict() == other.as_dict()

    __hash__: ClassVar[None]  # type: ignore[assignment]  # mutable

    def __str__(self) -> str:
        arguments = ", ".join(f"{name}={value}" for name, value in self.arguments.items())
        return f"{self.request} on {self.abi}: {self.call}({arguments}), number {self.number}: {self.why}"

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.as_dict().items())
        return f"Resolution({fields})"


def _clone(request: str, abi: _abi.ABI, flags: str, why: str) -> Resolution:
    empty = {"stack_size": "0", "tls": "0", "stack": "NULL", "parent_tid": "NULL", "child_tid": "NULL"}
    arguments = {name: flags if name == "flags" else empty[name] for name in abi.clone_order}
    return Resolution(request, abi.name, "clone", numbering.number("clone", abi), arguments, why)


def _fork(abi: _abi.ABI, entry: str) -> Resolution:
    if entry == "libc":
        return _clone(
            "fork",
            abi,
            "CLONE_CHILD_SETTID|CLONE_CHILD_CLEARTID|SIGCHLD",
            "glibc's fork issues clone on every architecture, with the address of its cached "
            "thread id as child_tid",
        )
    if abi.has_fork:
        return Resolution(
            "fork",
            abi.name,
            "fork",
            numbering.number("fork", abi),
            {},
            "the ABI has a number of its own for it",
        )
    return _clone(
        "fork",
        abi,
        "SIGCHLD",
        "the ABI has no number for fork, and clone that shares nothing and sends SIGCHLD is the same",
    )


def _vfork(abi: _abi.ABI) -> Resolution:
    return _clone(
        "vfork",
        abi,
        "CLONE_VFORK|SIGCHLD",
        "the parent is suspended as in vfork, but the child has memory of its own, which Python needs; "
        "the call that shares memory is behind pysys.spawn",
    )


def _spawn(abi: _abi.ABI) -> Resolution:
    return _clone(
        "spawn",
        abi,
        "CLONE_VM|CLONE_VFORK|CLONE_PIDFD|SIGCHLD",
        "memory is shared until the exec, on a stack of the child's own; cgroup= and id maps go through "
        "a child with memory of its own",
    )


def _replaced(found: Replacement) -> Resolution:
    arguments: dict[str, str] = {}
    if found.arguments is not None:
        names = [name for _, name in signatures.signature(found.call, found.abi) or ()]
        more = ["NULL"] * (len(names) - len(found.arguments))  # alpha's rt_sigaction has one of its own
        arguments = dict(zip(names, [*found.arguments, *more], strict=True))
    number = numbering.number(found.call, found.abi)
    why = found.why if found.call == found.name else f"{found.why}: {found.call} does its work"
    return Resolution(found.name, found.abi, found.call, number, arguments, why)


def resolve(
    name: str, *, abi: str | _abi.ABI | None = None, entry: Literal["libc", "kernel"] = "kernel"
) -> Resolution:
    """What a call becomes on an ABI: the call issued, its number and arguments, and why.

    name: a call's name, or "spawn".
    abi: an ABI's name, an alias (arm64, amd64, ...), or None for this process's.
    entry: for fork, as pysys.fork takes it; "kernel" by default, since that is where ABIs differ.

    Returns a Resolution. That is what pysys.calls and the functions for processes do; pysys.syscall and
    pysys.calls.direct make exactly the call that is named. A call that is refused is resolved like any other:
    see classify.

    Raises numbers.UnknownCallError for a name that no ABI has, with similar names, and numbers.NoNumberError
    for one that this ABI lacks and nothing replaces, with what to use instead if there is anything. Both are
    LookupErrors.
    """
    if entry not in ("libc", "kernel"):
        shown = repr(entry) if isinstance(entry, str) else type(entry).__name__
        raise ValueError(f"resolve: entry must be 'libc' or 'kernel', not {shown}")
    where = _abi.current() if abi is None else _abi.get(abi)
    if name == "spawn":
        return _spawn(where)
    if where.clone_order:
        if name == "fork":
            return _fork(where, entry)
        if name == "vfork":
            return _vfork(where)
        if name == "clone3" and not where.has_clone3:
            return _clone(
                name, where, "flags|exit_signal", "the ABI has no clone3; clone says what it can of it"
            )
    found = fate(name, where)
    if found.replacement is not None:
        return _replaced(found.replacement)
    if found.number is None:
        raise found.missing()
    why = "the ABI has a number for it"
    if found.entry in numbering.NOT_IMPLEMENTED:
        why += ", which the kernel answers with ENOSYS"
    for older in found.fallbacks:
        why += f"; on a kernel without it: {older}"
    return Resolution(name, where.name, name, found.number, {}, why)


def classify(name: str, abi: str | _abi.ABI | None = None) -> tuple[Kind, str]:
    """What pysys makes of a name on an ABI, and the most important particular.

    "direct": the number. "replaced": the call it becomes, in pysys.calls or in the function of pysys that is
    named. "refused": the reason, and what to use. "absent": why nothing can be made, and what to use if there
    is anything; a name that no ABI has is absent, too.
    """
    found = fate(name, abi)
    try:
        return found.kind, found.detail
    except numbering.UnknownCallError:
        return "absent", "no number"
