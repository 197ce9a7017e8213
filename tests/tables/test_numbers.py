"""Numbers: held against the host's headers and against a package of tables made by others."""

from __future__ import annotations

import pickle
import re
import shutil
import subprocess
from collections.abc import Callable

import pytest
from heavy_imports import HEAVY, loaded_by

from pysys import abi, numbering, numbers, signatures

GCC = shutil.which("gcc")

# system-calls' names of the ABIs. It has no table of ARM programs on 64-bit kernels nor of the SPU.
ELSEWHERE = {
    "aarch64": "arm64",
    "mips_o32": "mipso32",
    "mips_n32": "mips64n32",
    "mips_n64": "mips64",
    "ppc": "powerpc",
    "ppc64": "powerpc64",
}
# What only fills a gap in a table.
FILLERS = {"available", "reserved", "unused"}
NOWHERE_ELSE = {"aarch64_compat32", "ppc_spu"}


def test_both_ways() -> None:
    """A name leads to its number, and the number back to the name."""
    assert numbers.number("fork", "x86_64") == 57
    assert numbers.number("fork", "i386") == 2
    assert numbers.names(57, "x86_64") == ("fork",)
    assert numbers.number("clone3", "aarch64") == 435
    assert numbers.number("read", "x32") == 0x40000000
    assert numbers.number("read", "mips_n64") == 5000
    assert numbers.number("exit", "armoabi") == 0x900001
    assert numbers.names(100_000, "x86_64") == ()


@pytest.mark.portable
@pytest.mark.parametrize("name", abi.ABIS)
def test_every_name_of_every_abi_is_found_again(name: str) -> None:
    """Each name is among the names of its number."""
    table = numbers.table(name)
    assert len(table) > 300
    assert list(table.values()) == sorted(table.values())
    for call, number in table.items():
        assert call in numbers.names(number, name)


def test_the_index_of_names_is_that_of_the_tables() -> None:
    """Which ABIs have a name is known from an index, without a look into all tables: it says the same."""
    tables = {name: numbers.table(name) for name in abi.ABIS}
    every = {call for table in tables.values() for call in table}
    for call in every:
        assert numbering._having(call) == tuple(name for name in abi.ABIS if call in tables[name])
    assert numbers.calls() == {call for call in every if call.rstrip("0123456789") not in FILLERS}
    assert numbering._having("nosuch") == ()


def test_one_number_may_have_several_names() -> None:
    """Alpha's umount and umount2 are one call, ARM's sync_file_range2 has an older name."""
    assert set(numbers.names(22, "alpha")) == {"umount", "umount2"}
    assert set(numbers.names(341, "arm")) == {"arm_sync_file_range", "sync_file_range2"}


def test_names_that_only_headers_know() -> None:
    """ARM's private calls are there, and csky has sync_file_range2 instead of sync_file_range."""
    assert numbers.number("set_tls", "arm") == 0x0F0005
    assert numbers.number("cacheflush", "aarch64_compat32") == 0x0F0002
    assert numbers.number("sync_file_range2", "csky") == 84
    assert "sync_file_range" not in numbers.table("csky")


def test_an_abi_may_be_named_by_alias_or_passed() -> None:
    """The ABI is its name, an alias or the object."""
    assert numbers.number("openat", "arm64") == numbers.number("openat", abi.get("aarch64")) == 56
    with pytest.raises(LookupError, match="no ABI named 'vax'"):
        numbers.number("fork", "vax")


def test_the_default_abi_is_that_of_this_process() -> None:
    """Without an ABI the answer is for this Python."""
    here = abi.current()
    assert numbers.number("getpid") == numbers.number("getpid", here)
    assert numbers.table() is numbers.table(here)


def test_entry_points() -> None:
    """An entry point is the kernel's function, also where its name is not the call's."""
    assert numbers.entry("fork", "x86_64") == "sys_fork"
    assert numbers.entry("stat", "x86_64") == "sys_newstat"
    assert numbers.entry("clone", "mips_o32") == "__sys_clone"
    assert numbers.entry("nfsservctl", "x86_64") == "sys_ni_syscall"
    assert numbers.entry("vserver", "arm") == "sys_ni_syscall"


def test_an_unknown_name_is_answered_with_near_misses() -> None:
    """A name of no ABI is an UnknownCallError that offers the nearest names."""
    with pytest.raises(
        numbers.UnknownCallError,
        match=re.escape("no call named 'forkk': did you mean fork or vfork?"),
    ) as caught:
        numbers.number("forkk", "x86_64")
    assert caught.value.suggestions == ("fork", "vfork")
    with pytest.raises(numbers.UnknownCallError, match=r"^no call named 'qqqqqqqq'$"):
        numbers.entry("qqqqqqqq", "x86_64")


def test_a_name_is_not_a_number() -> None:
    """A number in the place of a name, or a name in that of a number: the error names the function for it."""
    for function in (numbers.number, numbers.entry):
        with pytest.raises(TypeError, match=r"names\(\)"):
            function(57)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match=r"number\(\)"):
        numbers.names("fork")  # type: ignore[arg-type]  # wrong on purpose


def test_what_people_copy_from_headers_is_understood_as_a_near_miss() -> None:
    """SYS_openat, __NR_openat and sys_openat all suggest openat first."""
    for written in ("SYS_openat", "__NR_openat", "sys_openat"):
        assert numbers.suggestions(written)[0] == "openat"


def test_fillers_of_tables_are_not_suggestions() -> None:
    """Nobody who mistypes a name meant a reserved number."""
    assert "reserved221" in numbers.table("mips_o32")
    assert not [name for name in numbers.suggestions("reserved22") if name.startswith("reserved")]


def test_a_name_of_other_abis_says_where_it_exists() -> None:
    """fork on aarch64 is a NoNumberError that lists the ABIs which have it."""
    with pytest.raises(numbers.NoNumberError, match="aarch64 has no number for 'fork'") as caught:
        numbers.number("fork", "arm64")
    assert "x86_64" in caught.value.exists_on
    assert "aarch64" not in caught.value.exists_on
    assert "exists on x86_64" in str(caught.value)


@pytest.mark.parametrize("ask", [numbers.number, numbers.entry])
@pytest.mark.parametrize(
    ("name", "abi", "end"),
    [
        ("sigreturn", "x86_64", ": handlers return by themselves"),
        ("open", "aarch64", "or pysys.calls.open"),
    ],
)
def test_a_name_of_other_abis_says_what_to_use(
    ask: Callable[..., object], name: str, abi: str, end: str
) -> None:
    """It is the hint that syscall and resolve give, too."""
    with pytest.raises(numbers.NoNumberError) as caught:
        ask(name, abi)
    assert str(caught.value).endswith(end)
    assert caught.value.hint
    assert caught.value.hint in str(caught.value)


@pytest.mark.parametrize(
    "error", [numbers.UnknownCallError("forkk"), numbers.NoNumberError("fork", "aarch64")]
)
def test_the_exceptions_pickle(error: LookupError) -> None:
    """A copy made by pickle says the same."""
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


@pytest.mark.portable
@pytest.mark.skipif(GCC is None, reason="no gcc")
@pytest.mark.parametrize(("option", "name"), [("-m64", "x86_64"), ("-m32", "i386"), ("-mx32", "x32")])
def test_the_hosts_headers_agree(option: str, name: str) -> None:
    """Every number that the compiler sees in <asm/unistd.h> is the table's."""
    assert GCC is not None
    command = [GCC, "-E", "-dM", option, "-xc", "-"]
    source = "#include <asm/unistd.h>\n"
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    if done.returncode or not re.search("define __(x86_64|i386)__ ", done.stdout):
        pytest.skip("the compiler has no headers for x86")
    macros = re.findall(r"^#define __NR_(\w+) (.+)$", done.stdout, re.MULTILINE)
    header = {
        call: int(number.strip("()").replace("__X32_SYSCALL_BIT + ", ""), 0) + ("X32" in number) * 0x40000000
        for call, number in macros
        if call != "syscalls"
    }
    assert len(header) > 300
    table = numbers.table(name)
    assert header == {call: table.get(call) for call in header}


@pytest.mark.portable
@pytest.mark.parametrize("name", sorted(abi.ABIS.keys() - NOWHERE_ELSE))
def test_an_independent_package_agrees(name: str) -> None:
    """Every number which both have is the same in the tables of the package system-calls."""
    other = ELSEWHERE.get(name, name)
    theirs = getattr(pytest.importorskip(f"system_calls.tables.{other}"), f"syscalls_{other}")
    table = numbers.table(name)
    common = theirs.keys() & table.keys()
    assert len(common) > 300
    assert {call: theirs[call] for call in common} == {call: table[call] for call in common}
    # Calls which one of us lacks are fillers, names of headers alone, or newer than one of us.
    assert len(theirs.keys() - common) < 5


@pytest.mark.parametrize("name", [one.name for one in abi.ABIS.values() if one.pairs])
def test_layouts_hold_each_argument_once(name: str) -> None:
    """A layout takes every parameter once, the wide ones in two words that lie as the ABI wants them."""
    for call in numbers.table(name):
        layout = signatures.layout(call, name)
        if layout is None:
            continue
        parameters = signatures.signature(call, name)
        assert parameters is not None
        assert sorted(place for place, _ in layout if place >= 0) == list(range(len(parameters)))
        assert sum(words for _, words in layout) <= (7 if name == "mips_o32" else 6), call
        position = 0
        for place, words in layout:
            if parameters[place][0] in ("loff_t", "__u64") and place >= 0:
                assert words == 2
            if words == 2 and abi.ABIS[name].pairs == "aligned":
                assert position % 2 == 0, call
            position += words


@pytest.mark.parametrize(
    ("call", "name", "layout"),
    [
        ("pread64", "i386", ((0, 1), (1, 1), (2, 1), (3, 2))),
        ("pread64", "arm", ((0, 1), (1, 1), (2, 1), (-1, 1), (3, 2))),
        ("pread64", "sh", ((0, 1), (1, 1), (2, 1), (-1, 1), (3, 2))),
        ("truncate64", "sh", ((0, 1), (1, 2))),
        ("fadvise64_64", "ppc", ((0, 1), (3, 1), (1, 2), (2, 2))),
        ("fadvise64", "mips_o32", ((0, 1), (-1, 1), (1, 2), (2, 2), (3, 1))),
        ("pread64", "x86_64", None),
        ("pread64", "x32", None),
        ("preadv", "i386", None),
        ("_llseek", "i386", None),
    ],
)
def test_layouts_of_64_bit_arguments(
    call: str, name: str, layout: tuple[tuple[int, int], ...] | None
) -> None:
    """Halves, unused words and another order are where the ABI's own entry point takes them."""
    assert signatures.layout(call, name) == layout


def test_signatures_follow_the_entry_point() -> None:
    """stat is newstat's definition, i386's mmap takes a structure, an unknown name has none."""
    assert signatures.signature("fork") == ()
    assert signatures.signature("stat") == (
        ("const char *", "filename"),
        ("struct stat *", "statbuf"),
    )
    assert signatures.signature("mmap", "i386") == (("struct mmap_arg_struct *", "arg"),)
    assert signatures.signature("qqqqqqqq") is None
    for name, kind in (("mips_o32", "loff_t"), ("mips_n64", "loff_t"), ("x86_64", "size_t")):
        assert {one: type for type, one in signatures.signature("fadvise64", name) or ()}["len"] == kind


@pytest.mark.portable
def test_every_signature_splits_into_types_and_names() -> None:
    """Every parameter of every call has a type and a name, on every ABI."""
    for name, one in abi.ABIS.items():
        for call in numbers.table(one):
            for kind, parameter in signatures.signature(call, name) or ():
                assert kind, (name, call)
                assert parameter.isidentifier(), (name, call)


def test_lookup_imports_nothing_heavy() -> None:
    """Finding a number loads one table and no module that makes an import slow."""
    loaded = loaded_by("from pysys import numbers; numbers.number('fork', 'x86_64')")
    tables = [name for name in loaded if name.startswith("pysys.tables.numbers.")]
    assert tables == ["pysys.tables.numbers.x86_64"]
    assert not loaded & HEAVY
