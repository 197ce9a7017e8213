"""The ABIs: data that must agree with the compiler, the kernel's headers and the tables."""

from __future__ import annotations

import runpy
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from pysys import abi, numbers, signatures

GCC = shutil.which("gcc")
needs_gcc = pytest.mark.skipif(GCC is None, reason="no gcc")

# What compilers define for each ABI they can compile for.
MACROS = {
    "x86_64": "__x86_64__ __LP64__",
    "x32": "__x86_64__ __ILP32__",
    "i386": "__i386__ __ILP32__",
    "aarch64": "__aarch64__ __LP64__",
    "arm": "__arm__ __ARM_EABI__",
    "armoabi": "__arm__",
    "riscv64": "__riscv __riscv_xlen=64",
    "riscv32": "__riscv __riscv_xlen=32",
    "loongarch64": "__loongarch__ __loongarch64 __loongarch_grlen=64",
    "loongarch32": "__loongarch__ __loongarch_grlen=32",
    "ppc64": "__powerpc__ __powerpc64__ __LP64__",
    "ppc": "__powerpc__",
    "s390x": "__s390__ __s390x__",
    "mips_o32": "__mips__ _ABIO32=1 _MIPS_SIM=_ABIO32",
    "mips_n32": "__mips__ __mips64 _ABIN32=2 _MIPS_SIM=_ABIN32",
    "mips_n64": "__mips__ __mips64 _ABI64=3 _MIPS_SIM=_ABI64",
    "sparc64": "__sparc__ __arch64__ __LP64__",
    "sparc": "__sparc__",
    "parisc64": "__hppa__ __LP64__",
    "parisc": "__hppa__",
    "sh": "__sh__",
    "m68k": "__m68k__",
    "alpha": "__alpha__ __LP64__",
    "xtensa": "__xtensa__",
    "microblaze": "__MICROBLAZE__",
    "arc": "__arc__",
    "csky": "__csky__",
    "hexagon": "__hexagon__",
    "nios2": "__nios2__",
    "openrisc": "__or1k__",
}
# Names of <linux/audit.h>: of the little-endian kernel and, where it has another, the big-endian one.
AUDIT = {
    "x86_64": "X86_64",
    "x32": "X86_64",
    "i386": "I386",
    "aarch64": "AARCH64",
    "aarch64_compat32": "ARM",
    "arm": "ARM",
    "armoabi": "ARM",
    "riscv64": "RISCV64",
    "riscv32": "RISCV32",
    "loongarch64": "LOONGARCH64",
    "loongarch32": "LOONGARCH32",
    "ppc64": "PPC64LE PPC64",
    "ppc": "PPC",
    "s390x": "S390X",
    "mips_o32": "MIPSEL MIPS",
    "mips_n32": "MIPSEL64N32 MIPS64N32",
    "mips_n64": "MIPSEL64 MIPS64",
    "sparc64": "SPARC64",
    "sparc": "SPARC",
    "parisc64": "PARISC64",
    "parisc": "PARISC",
    "sh": "SHEL SH",
    "m68k": "M68K",
    "alpha": "ALPHA",
    "xtensa": "XTENSA",
    "microblaze": "MICROBLAZE",
    "arc": "ARCV2 ARCV2BE",
    "csky": "CSKY",
    "hexagon": "HEXAGON",
    "nios2": "NIOS2",
    "openrisc": "OPENRISC",
}


def preprocess(text: str, *options: str) -> str:
    assert GCC is not None
    command = [GCC, "-E", "-P", "-xc", *options, "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def chosen(*options: str) -> list[str]:
    """The ABIs whose condition holds for a compiler with these options."""
    tests = "".join(
        f'#if {one.compiler}\nABI "{one.name}"\n#endif\n' for one in abi.ABIS.values() if one.compiler
    )
    return [line.split('"')[1] for line in preprocess(tests, *options).split("\n") if "ABI" in line]


def test_there_are_32_abis_under_their_own_names() -> None:
    """Linux 7.2 has 32 ABIs, and each is found under its name."""
    assert len(abi.ABIS) == 32
    for name, one in abi.ABIS.items():
        assert one.name == name
        assert abi.get(name) is one
        assert abi.get(one) is one


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("amd64", "x86_64"),
        ("AMD64", "x86_64"),
        ("arm64", "aarch64"),
        ("armv7l", "arm"),
        ("armhf", "arm"),
        ("i686", "i386"),
        ("ppc64le", "ppc64"),
        ("ppc64el", "ppc64"),
        ("loong64", "loongarch64"),
        ("mips64el", "mips_n64"),
    ],
)
def test_aliases_people_type_are_accepted(alias: str, name: str) -> None:
    """A name of distributions or uname, in any case, means the ABI."""
    assert abi.get(alias).name == name


def test_aliases_mean_abis_and_hide_none() -> None:
    """Every alias leads to an ABI and is not an ABI's own name."""
    assert set(abi.ALIASES.values()) <= abi.ABIS.keys()
    assert not abi.ALIASES.keys() & abi.ABIS.keys()


def test_an_unknown_abi_is_answered_with_near_misses() -> None:
    """A mistyped ABI is a LookupError that offers what was meant."""
    with pytest.raises(LookupError, match=r"no ABI named 'x86_63': did you mean .*x86_64"):
        abi.get("x86_63")
    with pytest.raises(LookupError, match=r"no ABI named 'qqqq'; there are x86_64"):
        abi.get("qqqq")


def test_machines_run_themselves_first_and_then_abis_of_their_family() -> None:
    """runs begins with the ABI itself and stays within its architecture."""
    for one in abi.ABIS.values():
        assert one.runs[0] == one.name
        assert {abi.ABIS[name].architecture for name in one.runs} == {one.architecture}
    assert abi.get("x86_64").runs == ("x86_64", "x32", "i386")


def test_pairs_are_of_abis_with_32_bit_registers() -> None:
    """Exactly where registers have 32 bits does a 64-bit argument need two."""
    for one in abi.ABIS.values():
        assert (one.pairs is None) == (one.register_bits == 64), one
        assert one.pairs in (None, "any", "aligned")
        assert one.endian in ("little", "big", "either")
    assert abi.get("x32").bits == 32
    assert abi.get("x32").register_bits == 64


@pytest.mark.parametrize("name", abi.ABIS)
def test_clone_order_is_that_of_the_kernels_definition(name: str) -> None:
    """clone_order agrees with the definition of clone which the ABI's table leads to."""
    one = abi.ABIS[name]
    if not one.clone_order:
        assert "clone" not in numbers.table(name)
        return
    terms = {
        "clone_flags": "flags",
        "newsp": "stack",
        "parent_tidptr": "parent_tid",
        "child_tidptr": "child_tid",
    }
    parameters = signatures.signature("clone", name)
    assert parameters is not None
    assert tuple(terms.get(term, term) for _, term in parameters) == one.clone_order


@pytest.mark.parametrize("name", abi.ABIS)
def test_calls_that_make_processes_have_numbers_where_the_abi_says_so(name: str) -> None:
    """has_fork, has_vfork and has_clone3 agree with the tables, but for hexagon's unfinished clone3."""
    one, table = abi.ABIS[name], numbers.table(name)
    assert one.has_fork == ("fork" in table)
    assert one.has_vfork == ("vfork" in table)
    assert one.has_clone3 == ("clone3" in table and name != "hexagon")


@pytest.mark.portable
@needs_gcc
@pytest.mark.parametrize(("option", "name"), [("-m64", "x86_64"), ("-m32", "i386"), ("-mx32", "x32")])
def test_the_hosts_compiler_chooses_one_abi(option: str, name: str) -> None:
    """For each of x86's ABIs the real compiler fulfils that ABI's condition and no other."""
    if "__x86_64__" not in preprocess("", "-dM"):
        pytest.skip("the compiler is not for x86_64")
    assert chosen(option) == [name]


@pytest.mark.portable
@needs_gcc
@pytest.mark.parametrize("name", MACROS)
def test_every_compilers_macros_choose_one_abi(name: str) -> None:
    """The macros that a compiler for an ABI defines fulfil that ABI's condition and no other."""
    options = [f"-D{macro}" if "=" in macro else f"-D{macro}=1" for macro in MACROS[name].split()]
    assert chosen("-undef", *options) == [name]


def test_only_tables_without_a_compiler_have_no_condition() -> None:
    """All ABIs but two, which only a kernel has, are targets of compilers."""
    assert {one.name for one in abi.ABIS.values() if not one.compiler} == {
        "aarch64_compat32",
        "ppc_spu",
    }
    assert MACROS.keys() == {one.name for one in abi.ABIS.values() if one.compiler}


@pytest.mark.portable
@needs_gcc
@pytest.mark.parametrize("name", AUDIT)
def test_audit_values_are_those_of_the_header(name: str) -> None:
    """audit_arch and audit_arch_big are the values that <linux/audit.h> gives the ABI."""
    little, big = (AUDIT[name].split() * 2)[:2]
    text = "".join(
        f"#if !defined({macro})\nunknown\n#elif ({macro}) != {value}U\nwrong\n#else\nright\n#endif\n"
        for macro, value in (
            (f"AUDIT_ARCH_{little}", abi.ABIS[name].audit_arch),
            (f"AUDIT_ARCH_{big}", abi.ABIS[name].audit_arch_big),
        )
    )
    found = preprocess(f"#include <linux/audit.h>\n{text}").split()[-2:]
    if "unknown" in found:
        pytest.skip("the host's header is older than this architecture")
    assert found == ["right", "right"]


def test_every_abi_of_processes_has_an_audit_value() -> None:
    """Only the SPU's calls, which no process makes, are without one."""
    assert {one.name for one in abi.ABIS.values() if not one.audit_arch} == {"ppc_spu"}
    assert AUDIT.keys() == abi.ABIS.keys() - {"ppc_spu"}


def test_the_module_can_be_loaded_without_its_package() -> None:
    """The build reads the module alone, before there is a package to import."""
    loaded = runpy.run_path(str(Path(abi.__file__)))
    assert loaded["ABIS"].keys() == abi.ABIS.keys()
    code = (
        "import runpy, sys; before = set(sys.modules);"
        f"runpy.run_path({str(Path(abi.__file__))!r}); print(*(set(sys.modules) - before))"
    )
    command = [sys.executable, "-I", "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert not [module for module in found if module.startswith("pysys")]


def test_current_is_the_abi_of_this_python() -> None:
    """current() has this process's width and byte order, and one of the tables."""
    one = abi.current()
    assert one is abi.ABIS[one.name]
    assert one.bits == struct.calcsize("l") * 8
    assert one.endian in ("either", sys.byteorder)
