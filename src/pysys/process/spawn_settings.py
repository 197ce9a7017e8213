"""What few starts ask spawn for: names, scheduling, capabilities, Landlock and a filter, as C takes them.

Loaded when it is first needed, and held in memory until then (pysys.process.spawn).
"""

from __future__ import annotations

from pysys._native import ffi, lib
from pysys.arguments import descriptors, integers, iterables, text
from pysys.arguments.capabilities import names
from pysys.loading import counted, hint, load
from pysys.process import spawn_arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

_UNSIGNED = 2**32 - 1
_MOST_INSTRUCTIONS = 4096  # BPF_MAXINSNS
_INSTRUCTION = 8  # bytes
_PORT = 2**16 - 1
_IO_CLASS_SHIFT = 13  # IOPRIO_CLASS_SHIFT
_CLOCKS = {"monotonic": 1, "boottime": 7}  # CLOCK_*

# LANDLOCK_ACCESS_FS_* in words. "change": what a directory contains.
RIGHTS = {
    "execute": 1 << 0,
    "write": 1 << 1 | 1 << 14,  # WRITE_FILE, TRUNCATE
    "read": 1 << 2 | 1 << 3,  # READ_FILE, READ_DIR
    "change": 0b1111_1111_1 << 4 | 1 << 13,  # REMOVE_DIR to MAKE_SYM, REFER
    "ioctl": 1 << 15,  # IOCTL_DEV
    "connect": 1 << 16,  # RESOLVE_UNIX
    "all": (1 << 17) - 1,
}
_PORTS = {"bind": 1 << 0, "connect": 1 << 1}  # LANDLOCK_ACCESS_NET_*_TCP
_SCOPES = {"abstract_unix_socket": 1 << 0, "signal": 1 << 1}  # LANDLOCK_SCOPE_*
# The version of Landlock that has what is asked for.
_SINCE = {"paths": 1, "bind": 4, "connect": 4, "scopes": 6}
_RULES = (*_SINCE, "abi")
SETS = ("bounding", "permitted", "inheritable", "ambient")


def settings(asked: dict[str, Any], ambient_caps: int, keep: list[object]) -> Any:
    """The structure for C. asked: arguments of spawn, by name. keep: gets what the structure points to."""
    made = ffi.new("struct pysys_settings *")
    keep.append(made)
    for name, value in asked.items():
        _TAKEN[name](made, value, keep)
    if made.asked & lib.PYSYS_SETTINGS_PERMITTED and (lost := ambient_caps & ~made.permitted):
        raise ValueError(f"spawn: ambient_caps has {_named(lost)}, which capabilities takes away")
    return made


# ---- names, and what the process is to the kernel ----


def _name(field: str) -> Callable[[Any, Any, list[object]], None]:
    def take(made: Any, value: Any, keep: list[object]) -> None:
        _text(made, field, text.encoded(f"spawn: {field}", value, path=False), keep)

    return take


def _number(
    field: str, low: int, high: int, form: str, asked: int = 0
) -> Callable[[Any, Any, list[object]], None]:
    def take(made: Any, value: Any, keep: list[object]) -> None:
        number = spawn_arguments.number(f"spawn: {field}", value, low, high)
        made.asked |= asked
        if form:
            _text(made, field, (form % number).encode(), keep)
        else:
            setattr(made, field, number)

    return take


def _text(made: Any, field: str, value: bytes, keep: list[object]) -> None:
    memory = ffi.new("char[]", value)
    keep.append(memory)
    setattr(made, field, memory)
    setattr(made, f"{field}_size", len(value))


def _time_offsets(made: Any, value: Any, keep: list[object]) -> None:
    title, what = "spawn: time_offsets", "a mapping of clocks to nanoseconds"
    lines = []
    for clock, offset in iterables.pairs(title, value, what):
        if clock not in _CLOCKS:
            known = " or ".join(map(repr, _CLOCKS))
            raise ValueError(f"{title}: a clock is {known}, not {clock!r}")
        nanoseconds = integers.within(f"{title}[{clock!r}]", offset, integers.LONG_LONG)
        seconds, rest = divmod(nanoseconds, 10**9)
        lines.append(f"{_CLOCKS[clock]} {seconds} {rest}\n")
    if not lines:
        raise ValueError(f"{title} is empty")
    _text(made, "time_offsets", "".join(lines).encode(), keep)


def _truth(asked: int) -> Callable[[Any, Any, list[object]], None]:
    def take(made: Any, value: Any, keep: list[object]) -> None:
        if value:
            made.asked |= asked

    return take


def _scheduling(made: Any, value: Any, keep: list[object]) -> None:
    title = "spawn: scheduling"
    policy, priority = value, 0
    if isinstance(value, (tuple, list)):
        policy, priority = iterables.parts(title, value, "(policy, priority)")
    else:
        integers.integer(title, value, " or (policy, priority)")
    made.policy = spawn_arguments.number(f"{title}: policy", policy)
    made.policy_priority = spawn_arguments.number(f"{title}: priority", priority)
    made.asked |= lib.PYSYS_SETTINGS_SCHEDULING


def _io_priority(made: Any, value: Any, keep: list[object]) -> None:
    title = "spawn: io_priority"
    if isinstance(value, (tuple, list)):
        kind, level = iterables.parts(title, value, "(class, level)")
        kind = spawn_arguments.number(f"{title}: class", kind, high=7)
        level = spawn_arguments.number(f"{title}: level", level, high=7)
        made.io_priority = kind << _IO_CLASS_SHIFT | level
    else:
        number = integers.integer(title, value, " or (class, level)")
        made.io_priority = spawn_arguments.number(title, number, high=_PORT)
    made.asked |= lib.PYSYS_SETTINGS_IO_PRIORITY


def _keyring(made: Any, value: Any, keep: list[object]) -> None:
    if value is False:
        return
    if value is not True:
        wanted = "True, str or bytes"
        memory = ffi.new("char[]", text.encoded("spawn: keyring", value, path=False, wanted=wanted))
        keep.append(memory)
        made.keyring = memory
    made.asked |= lib.PYSYS_SETTINGS_KEYRING


# ---- capabilities ----


def _capabilities(made: Any, value: Any, keep: list[object]) -> None:
    """One set for all four, or a mapping of names to sets."""
    sets: dict[str, int] = {}
    if callable(getattr(value, "items", None)) and not isinstance(value, type):
        for name, caps in iterables.pairs("spawn: capabilities", value, "a mapping of sets"):
            if name not in SETS:
                raise ValueError(f"spawn: capabilities: no set is named {name!r}{_hint(name, SETS)}")
            sets[name] = spawn_arguments.capabilities(caps, f"capabilities[{name!r}]")
    else:
        sets = dict.fromkeys(SETS, spawn_arguments.capabilities(value, "capabilities"))
    for name in ("permitted", "inheritable"):
        if name in sets and (lost := sets.get("ambient", 0) & ~sets[name]):
            raise ValueError(f"spawn: capabilities: ambient has {_named(lost)}, which {name} lacks")
    for name, bits in sets.items():
        setattr(made, name, bits)
        made.asked |= getattr(lib, f"PYSYS_SETTINGS_{name.upper()}")


def _named(bits: int) -> str:
    return names(bits)[0]


def _hint(name: object, known: Iterable[str]) -> str:
    return hint(name, known) if isinstance(name, str) else ""


# ---- Landlock ----


def _landlock(made: Any, value: Any, keep: list[object]) -> None:
    if not callable(getattr(value, "items", None)) or isinstance(value, type):
        number = descriptors.number("spawn: landlock", value, ", have fileno() or be a mapping of rules")
        made.ruleset = spawn_arguments.number("spawn: landlock", number)
        made.asked |= lib.PYSYS_SETTINGS_RULESET
        return
    asked = dict(iterables.pairs("spawn: landlock", value, "a mapping of rules"))
    for name in asked:
        if name not in _RULES:
            raise ValueError(f"spawn: landlock: there is no {name!r}{_hint(name, _RULES)}")
    since = max((_SINCE[name] for name in asked if name in _SINCE), default=0)
    if not since:
        raise ValueError("spawn: landlock has no rules: it takes paths, bind, connect or scopes")
    made.landlock_abi = since
    if "abi" in asked:
        made.landlock_abi = spawn_arguments.number("spawn: landlock: abi", asked["abi"])
    rules: list[tuple[Any, int, int]] = []
    if "paths" in asked:
        made.handles_files = 1
        what = "a mapping of paths to rights"
        for path, rights in iterables.pairs("spawn: landlock: paths", asked["paths"], what):
            name = ffi.new("char[]", text.encoded("spawn: landlock: a path", path))
            keep.append(name)
            rules.append((name, 0, _words(f"spawn: landlock: paths[{path!r}]", rights, RIGHTS)))
    for name, right in _PORTS.items():
        if name in asked:
            title = f"spawn: landlock: {name}"
            made.ports_handled |= right
            for index, port in enumerate(iterables.items(title, asked[name], "ports")):
                number = spawn_arguments.number(f"{title}[{index}]", port, high=_PORT)
                rules.append((ffi.NULL, number, right))
    if "scopes" in asked:
        made.scoped = _words("spawn: landlock: scopes", asked["scopes"], _SCOPES)
    made.rules = len(rules)
    made.rule = memory = ffi.new("struct pysys_landlock_rule[]", rules)
    keep.append(memory)
    made.asked |= lib.PYSYS_SETTINGS_RULES


def _words(title: str, value: Any, known: Mapping[str, int]) -> int:
    """Flags, or words of a string for them."""
    if not isinstance(value, str):
        number = integers.integer(title, value, " or words in a str")
        return spawn_arguments.number(title, number, high=2**64 - 1)
    bits = 0
    for word in value.split():
        if word not in known:
            raise ValueError(f"{title}: there is no {word!r}{hint(word, known)}")
        bits |= known[word]
    return bits


# ---- the filter ----


_FLAGS = {"log": 2, "spec_allow": 4, "listener": 8, "wait_killable": 32}  # SECCOMP_FILTER_FLAG_*
LISTENER, _WAIT_KILLABLE = _FLAGS["listener"], _FLAGS["wait_killable"]
_GIVE, _TO_LISTENER = 0x06, 0x7FC0  # BPF_RET | BPF_K; the upper half of SECCOMP_RET_USER_NOTIF


def _seccomp(made: Any, value: Any, keep: list[object]) -> None:
    """A filter, or a mapping of it and of flags."""
    title = "spawn: seccomp"
    asked: dict[str, Any] = {"filter": value}
    if callable(getattr(value, "items", None)) and not isinstance(value, type):
        asked = dict(iterables.pairs(title, value, "a mapping"))
        for name in asked:
            if name != "filter" and name not in _FLAGS:
                raise ValueError(f"{title}: there is no {name!r}{_hint(name, ('filter', *_FLAGS))}")
        if "filter" not in asked:
            raise ValueError(f"{title} has no filter")
    _filter(made, asked["filter"], keep)
    if asked.get("listener") is None:
        instructions = (made.filter[index] for index in range(made.filter_size))
        asked["listener"] = any(one.code == _GIVE and one.k >> 16 == _TO_LISTENER for one in instructions)
    made.filter_flags = sum(bit for name, bit in _FLAGS.items() if asked.get(name))
    if made.filter_flags & _WAIT_KILLABLE and not made.filter_flags & LISTENER:
        raise ValueError(f"{title}: wait_killable is about a listener, which the filter does not have")


def _filter(made: Any, value: Any, keep: list[object]) -> None:
    title = "spawn: seccomp"
    abis = getattr(value, "abis", None)
    if abis is not None and (here := load("pysys.abi").current()) not in abis:  # it would end the child
        raise ValueError(f"{title}: {value!r} is not for this process, whose ABI is {here.name}")
    program = getattr(value, "program", value)
    if isinstance(program, (bytes, bytearray, memoryview)):
        raw = bytes(program)
        count, rest = divmod(len(raw), _INSTRUCTION)
        if rest:
            size = counted(_INSTRUCTION, "byte")
            raise ValueError(f"{title}: an instruction has {size}, and {len(raw)} are not complete ones")
        memory = ffi.new("struct pysys_instruction[]", count)
        ffi.memmove(memory, raw, len(raw))
    else:
        listed = iterables.items(title, program, "instructions (code, jt, jf, k)")
        count = len(listed)
        steps = [_instruction(f"{title}[{index}]", one) for index, one in enumerate(listed)]
        memory = ffi.new("struct pysys_instruction[]", steps)
    if not 0 < count <= _MOST_INSTRUCTIONS:
        raise ValueError(f"{title}: a filter has 1 to {_MOST_INSTRUCTIONS} instructions, not {count}")
    keep.append(memory)
    made.filter = memory
    made.filter_size = count


def _instruction(title: str, one: Any) -> tuple[int, ...]:
    """One that is a tuple, or has these attributes, as a sock_filter."""
    names = ("code", "jt", "jf", "k")
    if not isinstance(one, (tuple, list)) and all(hasattr(one, name) for name in names):
        one = tuple(getattr(one, name) for name in names)
    fields = iterables.parts(title, one, "(code, jt, jf, k)")
    return tuple(
        spawn_arguments.number(f"{title}: {name}", field, high=high)
        for name, field, high in zip(names, fields, (0xFFFF, 0xFF, 0xFF, _UNSIGNED), strict=True)
    )


def _mounts(made: Any, value: Any, keep: list[object]) -> None:
    """value: a MountProgram."""
    made.mounts = value.made
    keep.append(value)


_TAKEN: dict[str, Callable[[Any, Any, list[object]], None]] = {
    "hostname": _name("hostname"),
    "domainname": _name("domainname"),
    "loopback": _truth(lib.PYSYS_SETTINGS_LOOPBACK),
    "time_offsets": _time_offsets,
    "oom_score_adj": _number("oom_score_adj", -1000, 1000, "%d"),
    "coredump_filter": _number("coredump_filter", 0, _UNSIGNED, "%#x"),
    "personality": _number("personality", 0, _UNSIGNED - 1, "", lib.PYSYS_SETTINGS_PERSONALITY),
    "timer_slack": _number("timer_slack", 1, _UNSIGNED, ""),
    "child_subreaper": _truth(lib.PYSYS_SETTINGS_SUBREAPER),
    "scheduling": _scheduling,
    "io_priority": _io_priority,
    "mounts": _mounts,
    "keyring": _keyring,
    "capabilities": _capabilities,
    "securebits": _number("securebits", 0, _UNSIGNED, "", lib.PYSYS_SETTINGS_SECUREBITS),
    "landlock": _landlock,
    "seccomp": _seccomp,
}
