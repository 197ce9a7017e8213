"""What becomes of a call on an ABI: known facts, on every ABI, and that all who ask say the same.

Nothing here expects what `fate` says because `fate` says it: the facts stand in this file, as the kernel's
tables and this package's promises have them.
"""

from __future__ import annotations

import ast
import pickle

import pytest
from paths import PROJECT
from scripts import script

from pysys import abi, numbers
from pysys.parameters import parameters
from pysys.policy import replacements
from pysys.policy.fate import fate, of_number
from pysys.policy.resolution import classify, resolve

pytestmark = pytest.mark.portable

NAMES = sorted({name for one in abi.ABIS for name in numbers.table(one)})

# Calls that would be the end of a Python process, wherever an ABI has them.
DEADLY = frozenset(
    """
    fork vfork clone clone3 exit rt_sigreturn sigreturn restart_syscall set_tid_address set_robust_list rseq
    set_thread_area set_tls arc_settls usr26 usr32 switch_endian swapcontext sys_debug_setcontext uretprobe
    syscall
    """.split()
)
# Where pipe answers in two registers.
PIPE_IN_REGISTERS = frozenset({"alpha", "sparc", "sparc64", "sh", "mips_o32", "mips_n32", "mips_n64"})

# By ABI and name: the number, the kind, and something of the particulars.
FACTS = """
x86_64 getpid 39 direct 39
x86_64 openat 257 direct 257
x86_64 open 2 direct 2
x86_64 mmap 9 direct 9
x86_64 pipe 22 direct 22
x86_64 fork 57 refused use pysys.fork
x86_64 vfork 58 refused use pysys.vfork or pysys.spawn
x86_64 clone 56 refused use pysys.clone
x86_64 clone3 435 refused use pysys.clone3
x86_64 exit 60 refused use exit_group
x86_64 rt_sigreturn 15 refused handlers return by themselves
x86_64 sigreturn - absent no number: handlers return by themselves
x86_64 mmap2 - replaced mmap(
x86_64 getuid32 - replaced getuid
x86_64 waitpid - replaced wait4(pid, stat_addr, options, NULL)
x86_64 umount - replaced umount2(name, 0)
x86_64 sync_file_range2 - replaced sync_file_range(
x86_64 lookup_dcookie 212 absent ENOSYS
x86_64 nfsservctl 180 absent ENOSYS
x86_64 swapcontext - absent no number
aarch64 getpid 172 direct 172
aarch64 openat 56 direct 56
aarch64 exit_group 94 direct 94
aarch64 open - replaced openat(AT_FDCWD, filename, flags, mode)
aarch64 pipe - replaced pipe2(fildes, 0)
aarch64 poll - replaced ppoll(
aarch64 fork - replaced clone: use pysys.fork
aarch64 vfork - replaced clone: use pysys.vfork
aarch64 clone 220 refused use pysys.clone
aarch64 exit 93 refused exit_group
aarch64 rt_sigreturn 139 refused handlers return by themselves
aarch64 iopl - absent no number
aarch64 nfsservctl 42 absent ENOSYS
i386 getpid 20 direct 20
i386 openat 295 direct 295
i386 waitpid 7 direct 7
i386 mmap2 192 direct 192
i386 getuid 24 replaced getuid32
i386 mmap 90 replaced mmap2(
i386 select 82 replaced _newselect
i386 lseek 19 replaced _llseek(
i386 accept - replaced accept4(
i386 fork 2 refused use pysys.fork
i386 sigreturn 119 refused handlers return by themselves
i386 set_thread_area 243 refused thread area
i386 exit 1 refused exit_group
i386 nfsservctl 169 absent ENOSYS
x32 getpid 0x40000027 direct 1073741863
x32 openat 0x40000101 direct 1073742081
x32 ioctl 0x40000202 direct 1073742338
x32 open 0x40000002 direct 1073741826
x32 fork 0x40000039 refused use pysys.fork
x32 rt_sigreturn 0x40000201 refused handlers return by themselves
x32 set_robust_list 0x40000212 refused list of its locks
x32 clone3 0x400001b3 refused use pysys.clone3
x32 mmap2 - replaced mmap(
x32 getuid32 - replaced getuid
x32 set_thread_area - absent no number
x32 nfsservctl - absent no number
mips_o32 pipe 4042 replaced pipe2(fildes, 0)
mips_o32 fork 4002 refused use pysys.fork
mips_o32 vfork - replaced clone: use pysys.vfork
mips_n64 pipe 5021 replaced pipe2(fildes, 0)
s390x mmap 90 replaced mmap(
riscv64 renameat - replaced renameat2(
ppc_spu fork - absent no number
""".strip().splitlines()

# Numbers that end the process although its own ABI means something else by them, or nothing: by the kernel's
# tables, and whether or not the marker of x32 (0x40000000) is there.
NUMBERS = [
    ("x86_64", 57, "fork"),
    ("x86_64", 0x40000039, "fork"),
    ("x86_64", 0x4000000F, "rt_sigreturn"),
    ("x86_64", 0x40000201, "rt_sigreturn"),
    ("x86_64", 0x201, "rt_sigreturn"),
    ("x86_64", 0x40000212, "set_robust_list"),
    ("x86_64", 0x400001B3, "clone3"),
    ("x32", 15, "rt_sigreturn"),
    ("x32", 57, "fork"),
    ("x32", 0x40000201, "rt_sigreturn"),
    ("mips_o32", 4002, "fork"),
    ("mips_o32", 5056, "fork"),
    ("mips_o32", 6211, "rt_sigreturn"),
    ("mips_n32", 4119, "sigreturn"),
    ("mips_n32", 5211, "rt_sigreturn"),
    ("mips_n64", 4120, "clone"),
    ("mips_n64", 4193, "rt_sigreturn"),
    ("mips_n64", 6056, "fork"),
    ("aarch64", 220, "clone"),
    ("i386", 119, "sigreturn"),
]


@pytest.mark.parametrize("fact", FACTS)
def test_known_facts(fact: str) -> None:
    """Each call becomes what it is known to become: number, kind and particulars, and classify says so."""
    where, name, number, kind, detail = fact.split(" ", 4)
    found = fate(name, where)
    assert found.number == (None if number == "-" else int(number, 0))
    assert found.kind == kind
    assert detail in found.detail
    assert classify(name, where) == (found.kind, found.detail)
    assert bool(found.reason) == (kind != "direct")
    assert (kind == "refused") == (found.refusal != "") or name == "pipe"


@pytest.mark.parametrize("where", abi.ABIS)
def test_what_ends_the_process_is_refused_everywhere(where: str) -> None:
    """Exactly those calls, wherever they have a number, and pipe where its second result would be lost."""
    refused = {name for name in numbers.table(where) if fate(name, where).refusal}
    expected = DEADLY & numbers.table(where).keys()
    if where in PIPE_IN_REGISTERS:
        expected |= {"pipe"}
    assert refused == expected
    for name in refused:
        text = fate(name, where).unmade()
        assert text.startswith(f"pysys does not make {name}: ")
        assert fate(name, where).hint in text
        assert fate(name, where).unmade(7).startswith(f"pysys does not make {name} (number 7): ")


@pytest.mark.parametrize(("where", "number", "name"), NUMBERS)
def test_refused_numbers(where: str, number: int, name: str) -> None:
    """A refused call cannot be had by its number either, nor by the number of another ABI."""
    found = of_number(number, where)
    assert found is not None
    assert found.name == name
    assert found.refusal


def test_numbers() -> None:
    """A number is its call's; one that no table has is nothing; of several names it is the first."""
    for where, number, name in (
        ("x86_64", 257, "openat"),
        ("i386", 295, "openat"),
        ("aarch64", 56, "openat"),
    ):
        found = of_number(number, where)
        assert found is not None
        assert (found.name, found.kind) == (name, "direct")
    assert of_number(3999, "x86_64") is None
    # i386's fork: a process of x86_64 cannot reach it, and has open there.
    found = of_number(2, "x86_64")
    assert found is not None
    assert (found.name, found.refusal) == ("open", "")


@pytest.mark.parametrize("where", abi.ABIS)
def test_all_who_ask_the_tables_agree(where: str) -> None:
    """classify, resolve, and what the typed calls are made from, for every name of every ABI."""
    table = numbers.table(where)
    made = set(script("build_calls").calls(abi.get(where)))
    for name in NAMES:
        kind, detail = classify(name, where)
        try:
            one = resolve(name, abi=where)
        except numbers.NoNumberError as error:
            assert kind == "absent"
            assert name not in table
            assert str(error) == fate(name, where).unmade()
            assert detail.partition(": ")[2] == error.hint
            assert str(error).endswith(error.hint)
        else:
            assert one.number in table.values()
            if kind == "direct":
                assert (one.call, str(one.number), table[name]) == (name, detail, one.number)
            elif kind == "replaced":
                assert detail.startswith(one.call)
            elif kind == "absent":
                assert (one.call, one.number) == (name, table[name])
                assert "ENOSYS" in one.why
        refused = name in DEADLY or (name == "pipe" and where in PIPE_IN_REGISTERS)
        assert (name in made) == (name in table and not refused and parameters(name, where) is not None), name


def test_the_stub_agrees() -> None:
    """A type checker learns of the calls that no ABI makes that they never return, and of no other."""
    tree = ast.parse((PROJECT / "src/pysys/calls/direct.pyi").read_text())
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
    never = {one.name for one in functions if one.returns and ast.unparse(one.returns) == "NoReturn"}
    assert never == DEADLY & numbers.calls()
    assert len(functions) > 600


def test_a_missing_call_has_a_replacement_in_its_message() -> None:
    """The error of a call that is missing names the ABIs that have it, and what to use instead."""
    text = fate("open", "aarch64").unmade()
    assert text.startswith("aarch64 has no number for 'open'; it exists on x86_64, ")
    assert text.endswith(": use openat(AT_FDCWD, filename, flags, mode), or pysys.calls.open")
    assert fate("fork", "aarch64").unmade().endswith(": use pysys.fork")
    assert fate("sigreturn", "x86_64").unmade().endswith(": handlers return by themselves")
    assert fate("iopl", "aarch64").hint == fate("fork", "ppc_spu").hint == ""
    assert not fate("iopl", "aarch64").unmade().endswith((":", ": "))
    assert fate("pipe", "mips_o32").unmade() == (
        "pysys does not make pipe: its second descriptor comes back in a register, which is lost: "
        "use pipe2(fildes, 0), or pysys.calls.pipe"
    )


def test_unknown_names() -> None:
    """A name that no ABI has is an error when it is looked at, and not kept."""
    for _ in range(2):
        found = fate("getpppid", "x86_64")
        with pytest.raises(numbers.UnknownCallError, match="getppid"):
            found.unmade()
        assert fate("getpppid", "x86_64") is not found
    assert fate("getppid", "amd64") is fate("getppid", "x86_64")


def test_the_hint_survives_a_pickle() -> None:
    """A copy of the error from another process says the same."""
    with pytest.raises(numbers.NoNumberError) as caught:
        resolve("sigreturn", abi="x86_64")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.hint) == (str(caught.value), "handlers return by themselves")


def test_fallbacks() -> None:
    """Older calls are named where the ABI has them."""
    assert [one.call for one in fate("faccessat2", "aarch64").fallbacks] == ["faccessat"]
    assert [one.call for one in fate("preadv2", "x86_64").fallbacks] == ["readv", "preadv"]
    assert fate("openat", "x86_64").fallbacks == ()
    assert replacements.fallbacks("accept4", "i386") == ()  # which has no accept
