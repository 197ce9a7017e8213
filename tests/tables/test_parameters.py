"""What is known of every parameter of every call."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

import pytest
from heavy_imports import loaded_by
from paths import PROJECT

from pysys import abi, metadata, numbers, signatures
from pysys.flags.index import MEMBERS, MODULES
from pysys.parameters import Parameter, behaviour, defined, described, dump, items, load, parameters

pytestmark = pytest.mark.portable

NAMES = sorted({name for one in abi.ABIS for name in numbers.table(one)})

# Words of an entry that are known of the call, and not of a parameter.
OF_THE_CALL = {"quiet", "brief", "address", "identity", "eintr"}

NUMBERS = "int, long, long long, short, unsigned int, unsigned long, unsigned long long, unsigned short, void"


# Classes of flags that have O_CLOEXEC or the like, and calls that do not make a descriptor by them.
CLOSE_ON_EXEC = {kind for member, kind in MEMBERS.items() if "CLOEXEC" in member}
NO_NEW_DESCRIPTOR = {"close_range", "recv", "recvfrom", "send", "sendmmsg", "sendmsg", "sendto"}


def definitions(name: str) -> Iterator[tuple[Parameter, ...]]:
    """Each definition that a call has or had on an ABI, as Python gives its arguments, and the usual one."""
    for where in (None, *(one for one in abi.ABIS if name in numbers.table(one))):
        found = parameters(name, where)
        if found is not None:
            yield found
    if (found := described(name)) is not None:
        yield found


def test_each_definition_has_its_parameters() -> None:
    """Where the kernel defines a call in C there is a parameter for each of its own, on every ABI."""
    for where in abi.ABIS:
        for name in numbers.table(where):
            signature = signatures.signature(name, where)
            found = defined(name, where)
            if signature is None:
                assert found is None, name
            else:
                assert [(one.type, one.name) for one in found or ()] == list(signature), (name, where)


def test_every_call_is_defined() -> None:
    """In C, in assembly, or by earlier kernels; but not what never was a call, nor what makes others."""
    undefined = {name for name in NAMES if signatures.signature(name) is None is signatures.elsewhere(name)}
    assert "syscall" in undefined
    known = undefined & {*metadata.pages}
    assert {name for name in known if metadata.page(name).kind != "never"} == {"syscall"}
    assert not [name for name in NAMES if signatures.signature(name) and signatures.elsewhere(name)]
    text = metadata.page("uselib").signatures[0]
    assert text.prototype == "long uselib(const char *library)" and "i386" in text.abis


def test_a_function_for_several_calls() -> None:
    """Calls of one entry point have one definition, unless it looks at the number: then each has its own."""
    for where in abi.ABIS:
        calls: dict[str, set[str]] = {}
        for name in numbers.table(where):
            calls.setdefault(numbers.entry(name, where), set()).add(name)
        for entry, names in calls.items():
            if entry not in numbers.NOT_IMPLEMENTED and not entry.endswith("arm_syscall"):
                assert len({signatures.signature(name, where) for name in names}) == 1, (where, entry)
    for where in ("arm", "armoabi", "aarch64_compat32"):
        (found,) = {defined("cacheflush", where)}
        assert [one.name for one in found or ()] == ["start", "end", "flags"]
        assert [one.kind for one in found or ()] == ["address", "address", "int"]
    assert [one.name for one in defined("cacheflush", "mips_o32") or ()] == ["addr", "bytes", "cache"]


def test_python_names() -> None:
    """Names in Python are identifiers, no keywords, public, and differ within a call."""
    for name in NAMES:
        for found in definitions(name):
            names = [one.python for one in found]
            assert len(set(names)) == len(names), name
            for one in names:
                assert one.isidentifier() and not one.startswith("_") and not keyword.iskeyword(one), name


def test_the_table_names_calls_and_parameters() -> None:
    """Each entry is of a call that exists, each item of a parameter that one of its definitions has."""
    from pysys.parameters.table import TABLE

    assert list(TABLE) == sorted(TABLE)
    assert TABLE.keys() <= set(NAMES)
    for name in NAMES:
        listed = {
            one for one, spec in items(TABLE.get(name, "")).items() if not spec.startswith("gone since ")
        }
        known = {one.name for where in (None, *abi.ABIS) for one in defined(name, where) or ()}
        known |= {one.name for one in described(name) or ()}
        assert not known & OF_THE_CALL, name
        assert listed <= known | {"pos"} | OF_THE_CALL, name


def test_nothing_is_left_to_guess() -> None:
    """Each pointer says who writes, each kind has what belongs to it and nothing else."""
    missing = set()
    for name in NAMES:
        for one in (one for found in definitions(name) for one in found):
            where = name, one.name
            if one.kind == "memory":
                if one.direction not in ("in", "out", "inout"):
                    missing.add(where)
                assert one.points in NUMBERS.split(", ") or (
                    one.points.isidentifier() and one.points[0] != "_"
                ), where
                assert one.direction == "in" or not one.type.startswith("const "), where
                assert "*" in one.type or one.type.endswith(("header_t", "data_t", "uptr_t")), where
            else:
                assert one.kind in ("int", "fd", "path", "string", "strings", "word", "address"), where
                assert (one.direction, one.points, one.length) == ("", "", ""), where
                assert one.kind in ("word", "address") or (
                    ("*" in one.type) == (one.kind in ("path", "string", "strings"))
                ), where
                assert not one.nullable or "*" in one.type, where
    assert not missing


def test_defaults() -> None:
    """Only the last parameters have defaults: 0 for numbers, NULL where it is taken; and the rule's limits.

    Flags that can close a descriptor in other programs have none; nor have lengths of what has none itself.
    """
    some = set()
    for name in NAMES:
        for found in definitions(name):
            with_one = [one for one in found if one.default]
            assert list(found[len(found) - len(with_one) :]) == with_one, name
            lengths = {word for one in found if not one.default for word in re.findall(r"\w+", one.length)}
            for one in with_one:
                some.add(name)
                where = name, one.name
                if one.kind in ("int", "fd"):
                    assert one.default == "0", where
                elif one.kind == "memory":
                    assert one.default == "NULL" and one.nullable, where
                else:
                    assert one.kind in ("word", "address", "string", "path"), where
                    assert one.nullable or one.kind in ("word", "address"), where
                assert one.name not in lengths, where
                assert one.flags not in CLOSE_ON_EXEC or name in NO_NEW_DESCRIPTOR, where
                assert not one.since or re.fullmatch(r"[0-9]+\.[0-9]+", one.since), where
    assert {"fcntl", "prctl", "futex", "mount", "renameat2"} <= some


@pytest.mark.parametrize(
    ("name", "where", "expected"),
    [
        ("fcntl", None, "fd cmd arg=0"),
        ("ioctl", None, "fd cmd arg=0"),
        ("prctl", None, "option arg2=0 arg3=0 arg4=0 arg5=0"),
        ("bpf", None, "cmd uattr size uattr_common=NULL since 7.2 size_common=0 since 7.2"),
        ("mount", None, "dev_name dir_name type flags=0 data=NULL"),
        ("futex", None, "uaddr op val utime=NULL uaddr2=NULL val3=0"),
        ("renameat2", None, "olddfd oldname newdfd newname flags=0"),
        ("openat", None, "dfd filename flags mode=0"),
        ("recvfrom", "x32", "fd buf len flags=0 addr=NULL addrlen=NULL"),
        ("umount", "alpha", "name flags=0"),
        ("accept4", None, "fd upeer_sockaddr upeer_addrlen flags"),
        ("dup3", None, "oldfd newfd flags"),
        ("recvmsg", None, "fd msg flags"),
        ("acct", None, "name"),
        ("utimensat", None, "dfd filename utimes flags=0"),
    ],
)
def test_known_defaults(name: str, where: str | None, expected: str) -> None:
    """Defaults of calls that are well known, on the ABI that is special if one is."""
    words = []
    for one in parameters(name, where) or ():
        value = f"={one.default}" if one.default else ""
        words.append(f"{one.python}{value}{f' since {one.since}' if one.since else ''}")
    assert " ".join(words) == expected


def test_a_default_is_0_or_null() -> None:
    """Another one is refused: the kernel is told what it would be told without the argument."""
    for wrong in ("int = 1", "int = None", "in? = 0x0", "int = since 7.2"):
        with pytest.raises(ValueError, match="a default is 0 or NULL"):
            Parameter("int", "arg")._specify(wrong)


@pytest.mark.parametrize(
    ("name", "where", "expected"),
    [
        ("read", None, {"quiet": "", "eintr": "receiving:0"}),
        ("close", None, {"eintr": "never"}),
        ("mmap", None, {"address": ""}),
        ("get_tls", "arm", {"address": ""}),
        ("splice", None, {"eintr": "receiving:0,sending:2"}),
        ("epoll_pwait", None, {"quiet": "", "eintr": "pointer:4,milliseconds:3"}),
        ("clock_nanosleep", None, {"quiet": "", "eintr": "relative:1"}),
        ("select", "x86_64", {"quiet": "", "eintr": "pointer:4"}),
        ("select", "i386", {"quiet": "", "eintr": "pointer:0"}),  # all arguments are behind one pointer
        ("umask", None, {"brief": ""}),
        ("unlink", None, {}),
        ("nothing", None, {}),
    ],
)
def test_known_behaviour(name: str, where: str | None, expected: dict[str, str]) -> None:
    """What is known of well-known calls, with parameters as the ABI's definition counts them."""
    assert behaviour(name, where) == expected


def test_behaviour() -> None:
    """A condition is of a pointer, a number of milliseconds, flags or a descriptor, in a single register."""
    for name in NAMES:
        for where in (None, *(one for one in abi.ABIS if name in numbers.table(one))):
            conditions = behaviour(name, where).get("eintr", "never").split(",")
            found = defined(name, where) or ()
            split = (
                [index for index, size in (signatures.layout(name, where) or ()) if size == 2]
                if where
                else []
            )
            for one in conditions:
                kind, _, index = one.partition(":")
                if kind == "never":
                    assert conditions == ["never"], name
                    continue
                parameter = found[int(index)]
                assert int(index) < min(split, default=9), (name, where)
                expected = {
                    "pointer": parameter.nullable or parameter.kind == "word" or parameter.name == "arg",
                    "milliseconds": parameter.type == "int" and parameter.name.startswith("timeout"),
                    "relative": parameter.flags == "TimerFlags",
                    "receiving": parameter.kind == "fd",
                    "sending": parameter.kind == "fd",
                }
                assert expected[kind], (name, one)


def test_a_condition_can_be_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is not a condition, one without its parameter or with one too many, is refused."""
    from pysys.parameters import table

    for wrong in ("always", "pointer", "never:fd", "never,often:fd"):
        monkeypatch.setitem(table.TABLE, "read", f"eintr={wrong}")
        with pytest.raises(ValueError, match="read: eintr="):
            behaviour("read")


@pytest.mark.once
def test_brief_calls_touch_no_memory() -> None:
    """A call during which no other thread runs takes numbers: memory may be looked after by another thread
    (userfaultfd), and its page may have to be read."""
    brief = {name for name in numbers.calls() if "brief" in behaviour(name)}
    assert {"getpid", "umask", "kill"} <= brief
    for name in brief:
        assert {one.kind for one in parameters(name) or ()} <= {"int", "fd"}, name
    assert not brief & {"pause", "sched_yield", "flock", "close", "wait4", "fsync", "ioctl", "dup2", "lseek"}


def test_what_is_kept_is_what_is_known() -> None:
    """The text that the extension keeps of parameters says all that there is to say of them."""
    for name in ("bpf", "mount", "futex", "recvmsg", "close_range", "statmount"):
        known = parameters(name) or ()
        loaded = load(dump(known))
        for one, other in zip(known, loaded, strict=True):
            for field in Parameter.__slots__:
                assert getattr(one, field) == getattr(other, field), (name, one.name, field)


def test_structures() -> None:
    """Each structure that memory is said to be is declared to the compiler."""
    texts = [path.read_text() for path in (PROJECT / "cdefs" / "structures").glob("*.h")]
    declared = set(re.findall(r"^(?:struct|union) kernel_(\w+)\s*\{", "\n".join(texts), re.MULTILINE))
    for name in NAMES:
        for found in definitions(name):
            points = {one.points for one in found} - set(NUMBERS.split(", "))
            assert points <= declared | {""}, name


def test_lengths() -> None:
    """A length is a number, or names a number or a pointer to one among the parameters of the call."""
    for name in NAMES:
        for found in definitions(name):
            known = {one.name: one for one in found}
            for one in found:
                if one.length.startswith("= "):
                    names = [word for word in one.length.split() if word[0].isalpha()]
                    assert names, (name, one.name)
                    assert all(known[word].kind == "int" for word in names), (name, one.name)
                    continue
                told, _, unit = one.length.partition(" ")
                told = told.partition(">")[0]
                if told in ("", "?") or told.removesuffix("+first").isdecimal():
                    assert unit in ("", "bytes"), (name, one.name)
                    continue
                where = name, one.name, one.length
                if told.startswith("*"):
                    pointer = known[told[1:]]
                    assert not unit and pointer.kind == "memory" and pointer.direction == "inout", where
                    assert pointer.points in ("int", "unsigned int", "unsigned long"), where
                else:
                    assert known[told.removesuffix("-1").removesuffix("+long")].kind == "int", where
                    assert unit in ("", "bits", "bytes", "pages"), where
                    assert unit == "bits" or not told.endswith("-1"), where
                assert unit != "bytes" or one.points != "void", where


def test_flags() -> None:
    """The classes of flags are those of pysys.flags, and numbers have them."""
    for name in NAMES:
        for one in (one for found in definitions(name) for one in found if one.flags):
            assert one.kind == "int", (name, one.name)
            assert one.flags in MODULES, (name, one.flags)


@pytest.mark.parametrize(
    ("name", "where", "expected"),
    [
        ("read", None, ["unsigned int fd: fd", "char * buf: out:void[count]", "size_t count: int"]),
        (
            "statx",
            None,
            [
                "int dfd: fd",
                "const char * filename: path?",
                "unsigned flags: int, AtFlags",
                "unsigned int mask: int, StatxMask",
                "struct statx * buffer: out:statx",
            ],
        ),
        (
            "accept4",
            "i386",
            [
                "int fd: fd",
                "struct sockaddr * upeer_sockaddr: out:void[*upeer_addrlen]?",
                "int * upeer_addrlen: inout:int?",
                "int flags: int, SocketFlags",
            ],
        ),
        *(
            (
                "preadv2",
                where,
                [
                    f"{word} fd: fd",
                    "const struct iovec * vec: in:iovec[vlen]",
                    f"{word} vlen: int",
                    "loff_t pos: int",
                    "rwf_t flags: int, RwfFlags",
                ],
            )
            for where, word in (
                ("aarch64", "unsigned long"),
                ("x32", "unsigned long"),
                ("mips_n32", "compat_ulong_t"),
            )
        ),
        (
            "sched_getaffinity",
            None,
            ["pid_t pid: int", "unsigned int len: int", "unsigned long * user_mask_ptr: out:void[len]"],
        ),
        (
            "mincore",
            None,
            [
                "unsigned long start: address",
                "size_t len: int",
                "unsigned char * vec: out:void[len pages]",
            ],
        ),
        (
            "clock_nanosleep",
            "i386",
            [
                "clockid_t which_clock: int, ClockId",
                "int flags: int, TimerFlags",
                "struct old_timespec32 * rqtp: in:timespec32",
                "struct old_timespec32 * rmtp: out:timespec32?",
            ],
        ),
        ("ioperm", None, ["unsigned long from_: int", "unsigned long num: int", "int turn_on: int"]),
    ],
)
def test_known_calls(name: str, where: str | None, expected: list[str]) -> None:
    """Calls that are well known have the parameters that they are known for."""
    found = parameters(name, where)
    assert found is not None
    assert [repr(one) for one in found] == [f"<{one}>" for one in expected]


def test_calls_without_definition() -> None:
    """A call that the kernel does not define in C, or that nobody knows, has no parameters to tell."""
    assert parameters("afs_syscall") is None
    assert parameters("nothing") is None
    assert parameters("getpid") == ()


def test_an_entry_can_be_wrong() -> None:
    """What is neither kind nor direction is refused."""
    for wrong in ("output", "out[count", "fd[2]"):
        with pytest.raises(ValueError, match="buf="):
            Parameter("char *", "buf")._specify(wrong)


def test_nothing_heavy_is_loaded() -> None:
    """The import loads no table; it comes with the first question."""
    loaded = loaded_by("import pysys.parameters")
    assert "pysys.parameters.table" not in loaded
    assert not {"pysys._ffi", "pysys.tables.signatures", "re"} & loaded
