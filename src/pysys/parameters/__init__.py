"""What every parameter of every call is: a number, a descriptor, a path, memory of which length.

Types and names come from the kernel's definitions (pysys.signatures); what they do not say, such as
direction, length and whether NULL is taken, is kept by hand in `table`. Nothing here needs the extension.
"""

from __future__ import annotations

from pysys.loading import load as _load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pysys.abi import ABI

__all__ = [
    "Parameter",
    "behaviour",
    "defined",
    "described",
    "dump",
    "items",
    "load",
    "merged",
    "parameters",
]

_KINDS = frozenset({"int", "fd", "path", "string", "strings", "memory", "word", "address"})
_DIRECTIONS = frozenset({"in", "out", "inout"})
_PIECES = frozenset({"reads", "writes", "splices", "submits"})
_DEFAULTS = frozenset({"0", "NULL"})
# What an entry says of the call, and not of a parameter.
_BEHAVIOUR = frozenset({"address", "brief", "eintr", "identity", "quiet"})
# What keeps a call from being made again after a signal; but for "never", a colon and a parameter follow.
_CONDITIONS = frozenset({"milliseconds", "never", "pointer", "receiving", "relative", "sending"})

# Names of integers that are descriptors. Where such a name is something else, the table says int.
_DESCRIPTORS = frozenset(
    """
    fd dfd olddfd newdfd oldfd newfd fildes epfd in_fd out_fd fd_in fd_out fdin fdout ufd pidfd
    fs_fd from_dfd to_dfd group_fd mqdes fanotify_fd ruleset_fd kernel_fd initrd_fd mountdirfd
    """.split()
)
# Names of `const char *` that are paths, and those that are other strings.
_PATHS = frozenset(
    """
    dev_name dir_name filename from_pathname new_root newname oldname path pathname put_old special
    specialfile to_pathname
    """.split()
)
_STRINGS = frozenset(
    """
    _callout_info _description _fs_name _key _type name name_user type u_name uname
    """.split()
)

# Types of integers whose values have one meaning.
_FLAGS = {"clockid_t": "ClockId", "rwf_t": "RwfFlags", "umode_t": "FileMode", "compat_mode_t": "FileMode"}

# Typedefs of pointers to structures, in which no star shows.
_POINTERS = {
    "cap_user_header_t": "cap_user_header",
    "cap_user_data_t": "cap_user_data",
}
# Pointers to functions.
_HANDLERS = frozenset({"__sighandler_t", "utrap_handler_t"})
# What the kernel's typedefs are in C, for pointers to them. Sets of bits are bytes, their size being told.
_NUMBERS = {
    "__kernel_old_time_t": "long",
    "__s32": "int",
    "__u32": "unsigned int",
    "__u64": "unsigned long long",
    "aio_context_t": "unsigned long",
    "compat_off_t": "int",
    "compat_old_sigset_t": "unsigned int",
    "compat_size_t": "unsigned int",
    "compat_uint_t": "unsigned int",
    "compat_ulong_t": "unsigned int",
    "compat_uptr_t": "unsigned int",
    "gid_t": "unsigned int",
    "loff_t": "long long",
    "off_t": "long",
    "old_gid_t": "unsigned short",
    "old_sigset_t": "unsigned long",
    "old_time32_t": "int",
    "old_uid_t": "unsigned short",
    "size_t": "unsigned long",
    "timer_t": "int",
    "u32": "unsigned int",
    "u64": "unsigned long long",
    "uid_t": "unsigned int",
    "unsigned": "unsigned int",
    "utrap_handler_t": "unsigned long",
    "char": "void",
    "compat_sigset_t": "void",
    "fd_set": "void",
    "sigset_t": "void",
    "struct sockaddr": "void",
    "unsigned char": "void",
}
# Structures whose names in pysys.structures are not their tags.
_STRUCTURES = {
    "new_utsname": "utsname",
    "old_itimerspec32": "itimerspec32",
    "old_itimerval": "itimerval",
    "old_itimerval32": "itimerval32",
    "old_kernel_stat": "old_stat",
    "old_timespec32": "timespec32",
    "old_timeval": "timeval",
    "old_timeval32": "timeval32",
    "old_timex32": "timex32",
    "old_utimbuf32": "utimbuf32",
    "siginfo_t": "siginfo",
    "stack_t": "stack",
    "user_msghdr": "msghdr",
}


class Parameter:
    """A parameter of a call.

    name: the kernel's. python: the name in Python. type: the C type. kind: "int", "fd", "path",
    "string", "strings" (an array of them that NULL ends), "memory", "word" (a register word whose
    meaning depends on other arguments) or "address" (a number that is one).

    Of memory: direction: "in" (only read), "out" or "inout". points: "void" for bytes, a C number, or a
    structure's name. length: "" for one element, a number of elements, or one of these, where n is the
    value of the parameter called name:

        name            n elements
        *name           n bytes, where n is the int that name points to
        name bits       n bits in complete longs, or long longs where it points to these
        name-1 bits     n - 1 bits, otherwise the same
        name pages      a byte for each page of n bytes
        name bytes      n bytes of a structure that grows with the kernel
        name>48 bytes   the same, but at least 48: the kernel writes that far in any case
        24 bytes        at least 24 bytes of such a structure, which says in itself how many it has
        name+long       a long, then n bytes
        = 8 + name@4    bytes by a formula: numbers, n, the unsigned int at byte 4 of what name points to
        semaphores      one for each semaphore of the set that the first argument names
        filter          one for each instruction of the filter that ptrace is asked for
        ?               the arguments do not say

    pieces: what the call does with memory behind pointers in it: "writes:iov_base", several with a space
    between; see pysys.arguments.pointers. nullable: whether None is taken. flags: the class in pysys.flags
    with its values, "" if none. signed: whether a number without a sign is also written with one, -1 for all
    bits. narrow: whether the kernel reads only 32 bits of a number that is wider. default: "0" or "NULL" if
    callers may omit it, else "". since: the kernel that added the parameter to a call that was there before,
    "" for the others.
    """

    __slots__ = (
        "default",
        "direction",
        "flags",
        "kind",
        "length",
        "name",
        "narrow",
        "nullable",
        "pieces",
        "points",
        "python",
        "signed",
        "since",
        "type",
    )

    def __init__(self, kind: str, name: str) -> None:
        self.name: str = name
        self.python: str = _python(name)
        self.type: str = kind
        self.direction: str = ""
        self.points: str = ""
        self.length: str = ""
        self.flags: str = ""
        self.pieces: str = ""
        self.default: str = ""
        self.since: str = ""
        self.narrow: bool = False
        self.nullable: bool = False
        self.signed: bool = False
        self.kind: str
        bare = kind.removeprefix("const ").removesuffix("const").rstrip()
        if "*" in bare or bare in _POINTERS:
            if name in ("argv", "envp"):
                self.kind = "strings"
            elif kind == "const char *" and name in _PATHS:
                self.kind = "path"
            elif kind == "const char *" and name in _STRINGS:
                self.kind = "string"
            else:
                self.kind = "memory"
                self.direction = "in" if kind.startswith("const ") else ""
                self.points = _pointed(kind)
        else:
            self.kind = "fd" if name in _DESCRIPTORS else "address" if bare in _HANDLERS else "int"
            self.flags = _FLAGS.get(bare, "")

    def __repr__(self) -> str:
        text = self.kind
        if self.kind == "memory":
            length = f"[{self.length}]" if self.length else ""
            text = f"{self.direction}:{self.points}{length}"
        text += "?" if self.nullable else ""
        return f"<{self.type} {self.python}: {text}{f', {self.flags}' if self.flags else ''}>"

    def under(self, items: str) -> Parameter:
        """The same parameter as a command has it."""
        found = Parameter(self.type, self.name)
        found.flags = self.flags
        found._specify(items)
        return found

    def _specify(self, items: str, known: Collection[str] = ()) -> None:
        """Take in what the table says of it: "out:int[count]?", "fd", "int,flags:OpenFlags".

        known: the names of the call's parameters, from which "[len|size]" takes the first that is one.
        """
        items, _, default = items.partition(" = ")
        self.default, _, self.since = default.partition(" since ")
        if default and self.default not in _DEFAULTS:
            raise ValueError(f"{self.name}={items} = {default}: a default is 0 or NULL")
        for item in items.split(","):
            if item.startswith("flags:"):
                self.flags = item.removeprefix("flags:")
                continue
            if item.partition(":")[0] in _PIECES:
                self.pieces = f"{self.pieces} {item}".lstrip()
                continue
            if item == "signed":
                self.signed = True
                continue
            if item == "int32":
                self.kind, self.narrow = "int", True
                continue
            self.nullable = item.endswith("?")
            what, _, length = item.removesuffix("?").partition("[")
            what, _, points = what.partition(":")
            if length and not length.endswith("]"):
                raise ValueError(f"{self.name}={items}: no end of a length")
            if what in _KINDS and not points and not length:
                self.kind = what
            elif what in _DIRECTIONS:
                # Only NULL is said of a path by "in?".
                if length or points or self.kind not in ("path", "string", "strings"):
                    self.kind = "memory"
                    self.direction = what
                    self.points = points or _pointed(self.type)
                    self.length = length.removesuffix("]")
                    if "|" in self.length:
                        named = [one for one in self.length.split("|") if one.lstrip("*") in known]
                        self.length = named[0]
            else:
                raise ValueError(f"{self.name}={items}: no kind or direction is {what!r}")
        if self.kind != "memory":
            self.direction = self.points = self.length = self.pieces = ""


def _python(name: str) -> str:
    """A parameter's name in Python: no underscores in front, none of Python's own words."""
    return "from_" if name == "from" else name.lstrip("_")


def _pointed(kind: str) -> str:
    """What a pointer points to: "void" for bytes, a C number, or a structure's name."""
    bare = kind.replace("const", "").strip()
    if bare in _POINTERS:
        return _POINTERS[bare]
    bare = bare.removesuffix("*").rstrip()
    if bare.endswith("*"):
        return "unsigned long"  # an array of addresses
    if bare in _NUMBERS:
        return _NUMBERS[bare]
    tag = bare.removeprefix("struct ").removeprefix("union ")
    tag = tag.lstrip("_").removeprefix("kernel_").removeprefix("compat_")
    return _STRUCTURES.get(tag, tag)


def items(entry: str) -> dict[str, str]:
    """The items of an entry, by parameter: two spaces or a newline are between them.

    Words that are known of the call are among them.
    """
    found = {}
    for item in entry.replace("\n", "  ").split("  "):
        if item.strip():
            name, _, items = item.strip().partition("=")
            found[name] = items
    return found


_defined: dict[tuple[str, str | None], tuple[Parameter, ...] | None] = {}
_merged: dict[tuple[str, str | None], tuple[Parameter, ...] | None] = {}


def _key(name: str, abi: str | ABI | None) -> tuple[str, str | None]:
    if abi is None:
        return name, None
    found: str = _load("pysys.abi").get(abi).name
    return name, found


def defined(name: str, abi: str | ABI | None = None) -> tuple[Parameter, ...] | None:
    """The parameters of a call as the kernel defines it, a 64-bit one in one piece where it says so.

    abi None means the usual definition, that of x86_64 where it has the call. None if the kernel
    defines no such call in C.
    """
    key = _key(name, abi)
    if key not in _defined:
        declared = _load("pysys.signatures").signature(*key)
        _defined[key] = None if declared is None else _specified(name, declared)
    return _defined[key]


def _specified(call: str, declared: tuple[tuple[str, str], ...]) -> tuple[Parameter, ...]:
    known = items(_load("pysys.parameters.table").TABLE.get(call, ""))
    found = []
    for kind, one in declared:
        parameter = Parameter(kind, one)
        if one in known:
            parameter._specify(known[one], [name for _, name in declared])
        found.append(parameter)
    return tuple(found)


def described(name: str) -> tuple[Parameter, ...] | None:
    """The parameters of a call that is assembly, or that earlier kernels had; None for others.

    The functions of pysys.calls do not take them: syscall() makes such a call.
    """
    declared = _load("pysys.signatures").elsewhere(name)
    return None if declared is None else _specified(name, declared)


def parameters(name: str, abi: str | ABI | None = None) -> tuple[Parameter, ...] | None:
    """The parameters of a call as Python gives them: what defined() has, with positions in one piece.

    preadv and its like take a position as two longs, low and high; here it is one, `pos`.
    """
    key = _key(name, abi)
    if key not in _merged:
        found = defined(*key)
        _merged[key] = None if found is None else merged(found)
    return _merged[key]


def merged(found: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """What parameters() makes of what defined() has."""
    if not any(one.name in ("pos_h", "pos_high") for one in found):
        return found
    return tuple(
        Parameter("loff_t", "pos") if one.name in ("pos_l", "pos_low") else one
        for one in found
        if one.name not in ("pos_h", "pos_high")
    )


def behaviour(name: str, abi: str | ABI | None = None) -> dict[str, str]:
    """What is known of a call itself: "quiet", "brief", "address", "identity" and "eintr", see the table.

    Parameters in "eintr" are indexes in what defined() has; those that the ABI's call lacks are not there.
    """
    entry = items(_load("pysys.parameters.table").TABLE.get(name, ""))
    found = {key: entry[key] for key in sorted(_BEHAVIOUR & entry.keys())}
    if "eintr" in found:
        index = {one.name: at for at, one in enumerate(defined(name, abi) or ())}
        conditions = []
        for one in found["eintr"].split(","):
            kind, _, parameter = one.partition(":")
            if kind not in _CONDITIONS or (kind == "never") == bool(parameter):
                raise ValueError(f"{name}: eintr={one}: no such condition")
            if not parameter:
                conditions.append(kind)
            elif parameter in index:
                conditions.append(f"{kind}:{index[parameter]}")
        found["eintr"] = ",".join(conditions)
    return {key: value for key, value in found.items() if value or key != "eintr"}


_WRITTEN = ("name", "type", "kind", "direction", "points", "length", "flags", "pieces", "default", "since")


def _written_flags(one: Parameter) -> tuple[str, str, str]:
    return "?" * one.nullable, "-" * one.signed, "<" * one.narrow


def dump(known: Iterable[Parameter]) -> str:
    """Parameters as text, which the extension keeps of every call: tables take longer, and are files."""
    return ";".join(
        "|".join([*(getattr(one, field) for field in _WRITTEN), *_written_flags(one)]) for one in known
    )


def load(text: str) -> tuple[Parameter, ...]:
    """What dump() was given."""
    found = []
    for line in text.split(";") if text else ():
        *fields, nullable, signed, narrow = line.split("|")
        one = Parameter.__new__(Parameter)
        for field, value in zip(_WRITTEN, fields, strict=True):
            setattr(one, field, value)
        one.python = _python(one.name)
        one.nullable = nullable == "?"
        one.signed = signed == "-"
        one.narrow = narrow == "<"
        found.append(one)
    return tuple(found)


def __dir__() -> list[str]:
    return __all__
