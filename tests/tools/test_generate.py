"""The tool that makes the tables: what it reads of a small kernel tree, and what it refuses to guess."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import mini_kernel
import pytest
from paths import PROJECT

from tools.check import flags
from tools.generate import __main__ as generate
from tools.generate.tables import build as tables
from tools.generate.tables import constants, facts, growth, ioctls
from tools.generate.tables.source import SourceError, Tree

pytestmark = pytest.mark.once

GOLDEN = Path(__file__).parent / "golden"
# What of the small kernel's tables is kept to compare with.
KEPT = [
    "__init__.py",
    "numbers/__init__.py",
    "numbers/x86_64.py",
    "numbers/x32.py",
    "numbers/i386.py",
    "numbers/arm.py",
    "numbers/armoabi.py",
    "numbers/aarch64_compat32.py",
    "numbers/ppc_spu.py",
    "numbers/mips_o32.py",
    "numbers/alpha.py",
    "numbers/aarch64.py",
    "numbers/csky.py",
    "numbers/parisc.py",
    "signatures.py",
    "wide.py",
    "errnos.py",
    "optional.py",
]

Changes = dict[str, str | None]

# The small kernel's definition of read, but for its body.
READ = (
    "fs/read_write.c",
    "SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf,\n\t\tsize_t, count)",
)

AARCH32_WITHOUT_PADDING = """\
COMPAT_SYSCALL_DEFINE5(aarch32_pread64, unsigned int, fd, char __user *, buf, size_t, count,
               arg_u32p(pos))
{
}
"""


def build(folder: Path, changes: Changes | None = None) -> dict[str, str]:
    return tables.build(Tree(mini_kernel.write(folder, changes)))


def edited(path: str, old: str, new: str) -> Changes:
    text = mini_kernel.files()[path]
    assert old in text
    return {path: text.replace(old, new)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return build(tmp_path_factory.mktemp("kernel"))


@pytest.mark.parametrize("name", KEPT)
def test_the_small_kernel_becomes_the_golden_files(built: dict[str, str], name: str) -> None:
    """Each module made of the small kernel is, byte for byte, the one kept (PYSYS_GOLDEN=write renews)."""
    kept = GOLDEN / (name + ".golden")
    if os.environ.get("PYSYS_GOLDEN") == "write":
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(built[name], "utf-8")
    assert built[name] == kept.read_text("utf-8")


def symbols(tmp_path: Path, changes: Changes) -> str:
    """What the generated table says that epoll_wait needs."""
    space: dict[str, dict[str, str]] = {}
    exec(build(tmp_path, changes)["optional.py"], space)
    return space["OPTIONAL"].get("epoll_wait", "")


def test_the_symbols_of_a_call(tmp_path: Path) -> None:
    """From the #if around a definition, the Makefile of its folder, and those of the folders above."""
    call = mini_kernel.files()["fs/eventpoll.c"]
    more: Changes = {"init/Kconfig": "config AIO\n\nconfig EPOLL\n\nconfig FS\n\ttristate\n\nconfig COMPAT\n"}
    always: Changes = {"fs/Makefile": "obj-$(CONFIG_AIO) := aio.o\nobj-y += eventpoll.o\n"}
    around: Changes = {"fs/eventpoll.c": f"#ifdef CONFIG_FS\n{call}#endif\n"}
    assert symbols(tmp_path / "1", more) == "EPOLL"
    assert symbols(tmp_path / "2", {**more, **around}) == "EPOLL FS"
    assert symbols(tmp_path / "3", {**more, **around, **always}) == "FS"
    assert symbols(tmp_path / "4", {**more, "Kbuild": "obj-$(CONFIG_FS) += \\\n\tfs/\n"}) == "EPOLL FS"
    parts: Changes = {
        "fs/Makefile": "obj-$(CONFIG_AIO) += aio.o poll.o\npoll-$(CONFIG_EPOLL) := eventpoll.o\n"
    }
    assert symbols(tmp_path / "5", {**more, **parts}) == "AIO EPOLL"
    # One that the other selects, or that stands around it, says nothing more.
    select: Changes = {
        "init/Kconfig": "config AIO\n\nif FS\nconfig EPOLL\n\tselect AIO\nendif\n\nconfig FS\n"
    }
    assert symbols(tmp_path / "6", {**parts, **around, **select}) == "EPOLL"
    # What stands in for a file does not need it.
    instead: Changes = {**more, **around, "fs/eventpoll-stubs.c": call}
    instead["fs/Makefile"] = "obj-$(CONFIG_AIO) := aio.o\nobj-y += eventpoll.o eventpoll-stubs.o\n"
    with pytest.raises(SourceError, match="for epoll_wait"):
        symbols(tmp_path / "7", instead)


def test_every_generated_module_runs_and_names_command_and_kernel(built: dict[str, str]) -> None:
    """Each module can be executed, and says what made it from what."""
    for name, text in built.items():
        exec(compile(text, name, "exec"), {})
        assert "python -m tools.generate" in text
        assert "Linux 9.1" in text or "Source" in text, name


def test_constants_are_read_as_each_compiler_would(tmp_path: Path) -> None:
    """The usual value of a constant and those of other ABIs: macros, enumerators, inner headers."""
    tree = Tree(mini_kernel.write(tmp_path))
    namespace: dict[str, dict[str, Any]] = {}
    exec(tables.constants_module(tree, tables.interface(tree), ()), namespace)
    usual, by_abi = namespace["USUAL"], namespace["BY_ABI"]
    assert usual == {
        "F_GETLK64": 12,
        "O_DIRECT": 1 << 14,
        "SOCK_DGRAM": 2,
        "SOCK_NONBLOCK": 128,
        "SOCK_STREAM": 1,
        "SO_RCVTIMEO": 66,
    }
    assert by_abi["arm"] == by_abi["aarch64_compat32"] == {"O_DIRECT": 1 << 16}
    assert by_abi["mips_o32"] == {"SOCK_DGRAM": 1, "SOCK_STREAM": 2}
    assert by_abi["alpha"] == {"F_GETLK64": 5, "SOCK_NONBLOCK": 1 << 30, "SO_RCVTIMEO": 20}
    assert by_abi["loongarch64"] == {"F_GETLK64": 5, "SO_RCVTIMEO": 20}
    assert by_abi["i386"] == by_abi["riscv32"] == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(1 << 4) | 017", 31),
        ("((__force __kernel_rwf_t)0x10UL)", 16),
        ("(unsigned int)-1", -1),
        ("~0 & 0xff", 255),
        ("sizeof(long) == 4 ? 'A' : B * 2", 14),
        ("sizeof(struct stat)", None),
        ("1 +", None),
        ("name(1)", None),
        ('"text"', None),
    ],
)
def test_constant_expressions(text: str, value: int | None) -> None:
    """Expressions of C have the value that C gives them; what is not a constant has none."""
    assert constants.evaluate(text, {"B": 7}) == value


IOCTLS: Changes = {
    "include/uapi/asm-generic/ioctl.h": """\
#ifndef _IOC_NONE
#define _IOC_NONE 0U
#define _IOC_WRITE 1U
#define _IOC_READ 2U
#define _IOC_DIRSHIFT 30
#endif
#define _IOC(d, t, n, s) ((d) << _IOC_DIRSHIFT | (t) << 8 | (n) | (s) << 16)
#define _IO(t, n) _IOC(_IOC_NONE, t, n, 0)
#define _IOR(t, n, s) _IOC(_IOC_READ, t, n, sizeof(s))
#define _IOW(t, n, s) _IOC(_IOC_WRITE, t, n, sizeof(s))
""",
    "arch/mips/include/uapi/asm/ioctl.h": """\
#define _IOC_NONE 1U
#define _IOC_READ 2U
#define _IOC_WRITE 4U
#define _IOC_DIRSHIFT 29
#include <asm-generic/ioctl.h>
""",
    "include/uapi/asm-generic/ioctls.h": "#define TIOCSTI 0x5412\n#define TIOCPKT_DATA 0\n",
    "arch/mips/include/uapi/asm/ioctls.h": "#include <asm/ioctl.h>\n#define TIOCSTI _IOW('t', 114, char)\n",
    "include/uapi/linux/types.h": """\
typedef unsigned long __kernel_size_t, __kernel_off_t, __kernel_pid_t, __kernel_old_time_t;
typedef long long __kernel_loff_t;
typedef unsigned long long __u64;
""",
    "include/uapi/linux/time.h": "",
    "include/uapi/linux/mini.h": """\
#include <asm/ioctl.h>
struct mini { char kind; __u64 value; __u64 more __attribute__((aligned(8))); };
struct loose { char kind; int value; char more; };
struct pointer { void *place; };
#define MINI_READ(n, type) _IOR('m', n, type)
#define MINI_GET MINI_READ(1, struct mini)
#define MINI_LOOSE MINI_READ(2, struct loose)
#define MINI_RESET _IO('m', 3)
#define MINI_GONE _IOW('m', 4, struct gone)
enum { MINI_SET = _IOW('m', 5, struct pointer [2]), };
""",
    "arch/s390/include/uapi/asm/mini.h": "#include <asm/ioctl.h>\n#define MINI_OWN _IO('m', 6)\n",
    "include/scsi/sg.h": "#define SG_IO 0x2285\n#define SG_MAX 16\n",
}


def test_requests_are_read_as_each_compiler_would(tmp_path: Path) -> None:
    """The numbers of requests: macros within macros, enumerators, sizes and alignment, other ABIs' values."""
    pytest.importorskip("ziglang")
    tree, known = Tree(mini_kernel.write(tmp_path, IOCTLS)), tables.abis()
    found = ioctls.read(tree, known)
    assert found.keys() == known.keys()
    numbers = {abi: {name: one.value for name, one in requests.items()} for abi, requests in found.items()}
    usual = {
        "TIOCSTI": 0x5412,
        "MINI_GET": 0x80186D01,
        "MINI_LOOSE": 0x800C6D02,
        "MINI_RESET": 0x6D03,
        "MINI_SET": 0x40106D05,
        "SG_IO": 0x2285,
    }
    assert numbers["x86_64"] == usual
    assert numbers["i386"] == usual | {"MINI_GET": 0x80186D01, "MINI_SET": 0x40086D05}
    assert numbers["s390x"] == usual | {"MINI_OWN": 0x6D06}
    assert numbers["m68k"] == usual | {"MINI_LOOSE": 0x80086D02, "MINI_SET": 0x40086D05}
    assert numbers["mips_o32"] == {
        "TIOCSTI": 0x80017472,
        "MINI_GET": 0x40186D01,
        "MINI_LOOSE": 0x400C6D02,
        "MINI_RESET": 0x20006D03,
        "MINI_SET": 0x80086D05,
        "SG_IO": 0x2285,
    }
    request = found["x86_64"]["MINI_SET"]
    assert (request.header, request.structure, request.coded) == ("linux/mini.h", "pointer[2]", True)
    text = ioctls.module(tree, found, known)
    assert "\n# scsi/sg.h\nSG_IO !2285\n" in text
    assert re.search(r"\n# asm/mini.h\nMINI_OWN -,\d+=6d06\n", text)
    assert re.search(r"\nMINI_GET 80186d01\S* mini\n", text)
    assert re.search(r"\nTIOCSTI !5412,\d+=40017472 char\n", text)


def test_a_header_that_cannot_be_compiled_stops(tmp_path: Path) -> None:
    """A structure that means nothing to a compiler is not left out."""
    pytest.importorskip("ziglang")
    broken = {
        **IOCTLS,
        "include/uapi/linux/mini.h": "struct mini { __what what; };\n#define MINI _IO('m', 1)\n",
    }
    with pytest.raises(SourceError, match="unknown type name '__what'"):
        ioctls.read(Tree(mini_kernel.write(tmp_path, broken)), tables.abis())


def test_the_committed_tables_name_one_kernel() -> None:
    """All committed modules that come from a kernel come from one, which they and the guides name."""
    from pysys.tables import KERNEL_VERSION

    assert KERNEL_VERSION.startswith("7.")
    made = [path.read_text("utf-8") for path in generate.TABLES.glob("**/*.py")]
    assert len(made) == 47
    for text in made:
        assert f"Linux {KERNEL_VERSION}" in text or "Source" in text
    release = ".".join(KERNEL_VERSION.split(".")[:2])
    for name in (
        *("README.md", "docs/promises.md", "docs/pages.md", "cdefs/structures.h"),
        *("src/pysys/abi.py", "src/pysys/flags/__init__.py", "src/pysys/ioctls/__init__.py"),
    ):
        text = (PROJECT / name).read_text("utf-8")
        named = re.findall(r"(?:(?:that|those of|as of|ABIs of) Linux|fetches) (\d+\.\d+)", text)
        assert named == [release], name


def test_the_committed_facts_are_current() -> None:
    """The modules made of tools/generate/tables/data are what the data would make now."""
    for name, text in facts.modules().items():
        assert (generate.TABLES / name).read_text("utf-8") == text


def test_one_command_writes_and_check_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes all files and removes old ones; --check fails with a summary if one differs."""
    tree = str(mini_kernel.write(tmp_path / "kernel"))
    output = tmp_path / "out"
    (output / "numbers").mkdir(parents=True)
    (output / "numbers/vax.py").write_text("NUMBERS = {}\n")
    assert generate.main([tree, "--output", str(output), "--check"]) == 1
    assert "numbers/vax.py: nothing generates it" in capsys.readouterr().out
    assert not (output / "wide.py").exists()

    assert generate.main([tree, "--output", str(output)]) == 0
    assert not (output / "numbers/vax.py").exists()
    assert generate.main([tree, "--output", str(output), "--check"]) == 0
    assert "files are current" in capsys.readouterr().out

    path = output / "numbers/i386.py"
    path.write_text(path.read_text().replace('"clone": 2', '"clone": 3'))
    assert generate.main([tree, "--output", str(output), "--check"]) == 1
    summary = capsys.readouterr().out
    assert "numbers/i386.py: 2 lines differ" in summary
    assert '"clone": 3' in summary


def test_only_check_compares_the_flags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables can be made while members of pysys.flags are wrong, or cannot be loaded."""
    monkeypatch.setattr(flags, "wrong", lambda found: ["a wrong flag"] if found else [])
    monkeypatch.setattr(growth, "unexplained", lambda tables, output: [])
    made = generate.Generated(mini_kernel.write(tmp_path))
    assert "a wrong flag" in made.differences()
    monkeypatch.setattr(flags, "wrong", None)
    generate.Generated(mini_kernel.write(tmp_path / "again"))


@pytest.mark.parametrize("check", [[], ["--check"]])
@pytest.mark.parametrize(
    ("new", "entry", "complaint"),
    [
        (
            "SYSCALL_DEFINE4(read, unsigned int, fd, char __user *, buf, size_t, count, int, how)",
            "buf=out:void[count]",
            "read has 4 parameters and had 3: src/pysys/parameters/table.py must say "
            "since which kernel it has how (`how=int = 0 since X.Y`)",
        ),
        (
            "SYSCALL_DEFINE2(read, unsigned int, fd, char __user *, buf)",
            "how=int = 0 since 7.2",
            "read has 2 parameters and had 3: src/pysys/parameters/table.py must say "
            "since which kernel it lacks count (`count=gone since X.Y`)",
        ),
        (
            "SYSCALL_DEFINE4(read, unsigned int, fd, char __user *, buf, size_t, count, int, how)",
            "buf=out:void[count]  how=int = 0 since 9.2",
            "",
        ),
        (
            "SYSCALL_DEFINE2(read, unsigned int, fd, char __user *, buf)",
            "buf=out  count=gone since 9.2",
            "",
        ),
        (
            "SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, memory, size_t, count)",
            "",
            "",
        ),
    ],
    ids=["more", "fewer", "more, and said", "fewer, and said", "another name"],
)
def test_a_definition_that_grows_stops_it(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    new: str,
    entry: str,
    complaint: str,
    check: list[str],
) -> None:
    """A call with another number of parameters is not taken in before the table says since when."""
    output = tmp_path / "out"
    monkeypatch.setattr(growth, "entries", lambda: {"read": entry})
    assert generate.main([str(mini_kernel.write(tmp_path / "old")), "--output", str(output)]) == 0
    before = (output / "signatures.py").read_text()
    changed = mini_kernel.write(tmp_path / "new", edited(*READ, new))
    capsys.readouterr()
    status = generate.main([str(changed), "--output", str(output), *check])
    if complaint:
        assert status == 2
        assert capsys.readouterr().err == f"generate: {complaint}\n"
        assert (output / "signatures.py").read_text() == before
    else:
        assert status == len(check)  # --check finds that they differ
        assert ((output / "signatures.py").read_text() == before) == bool(check)


def test_the_projects_own_table_is_asked() -> None:
    """What is said of parameters is read from the project's file, and says since when bpf has five."""
    assert "size_common=int = 0 since 7.2" in growth.entries()["bpf"]


def test_a_new_call_appears_everywhere(tmp_path: Path) -> None:
    """A line added to a table, and its definition, reach the tables of numbers and signatures."""
    changes = edited("scripts/syscall.tbl", "244\t", "500\tcommon\tnew_call\tsys_new_call\n244\t")
    changes["fs/new.c"] = "SYSCALL_DEFINE2(new_call, int, fd, const struct how __user *, how)\n{\n}\n"
    made = build(tmp_path, changes)
    assert '"new_call": 500' in made["numbers/riscv64.py"]
    assert '"new_call": ("int fd, const struct how *how", "fs/new.c")' in made["signatures.py"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"Makefile": "all:\n"}, "Makefile:1: no VERSION"),
        ({"arch/sh/kernel/syscalls/syscall.tbl": "3 common\n"}, "syscall.tbl:1: not '<number>"),
        ({"arch/sh/kernel/syscalls/syscall.tbl": "x common read sys_read\n"}, ":1: not '<number>"),
        ({"arch/sh/kernel/syscalls/syscall.tbl": "# none\n"}, "an empty table"),
        (
            {"arch/sh/kernel/syscalls/syscall.tbl": "3 common read sys_read\n3 common write sys_write\n"},
            ":2: sh: write 3 stands twice",
        ),
        (
            {"arch/sh/kernel/syscalls/syscall.tbl": "3 common read sys_read - often\n"},
            "unknown flag 'often'",
        ),
        ({"arch/sh/kernel/syscalls/syscall.tbl": "3 common read sys+read\n"}, "not an entry point"),
        (
            {"arch/sh/kernel/syscalls/syscall.tbl": "3 new read sys_read\n"},
            "column 'new' is taken by no",
        ),
        ({"arch/sh/kernel/syscalls/syscall.tbl": None}, "no such file"),
        ({"arch/vax/kernel/syscalls/syscall.tbl": "3 common read sys_read\n"}, "of no known ABI"),
        ({"arch/vax/kernel/Makefile.syscalls": "\n"}, "of no known ABI takes the generic table"),
        (
            {"arch/arc/kernel/Makefile.syscalls": "include more\n"},
            "Makefile.syscalls:1: not understood",
        ),
        (
            {"arch/arc/include/uapi/asm/unistd.h": "#define __NR_new 7\n"},
            "a number that is not read here",
        ),
        (
            {"arch/hexagon/include/uapi/asm/unistd.h": "#define __NR_new 7\n"},
            "a number outside the table",
        ),
        ({"arch/hexagon/include/uapi/asm/unistd.h": "#define __NR_new (1+6)\n"}, "not understood"),
        (
            {"arch/hexagon/include/uapi/asm/unistd.h": "#undef __NR_new\n"},
            "undefines an unknown name",
        ),
        (
            {"arch/alpha/include/uapi/asm/unistd.h": "#define __NR_a __NR_b\n"},
            "alias of an unknown name",
        ),
        ({"arch/x86/include/uapi/asm/unistd.h": "\n"}, "nothing matches"),
        ({"fs/x.c": "SYSCALL_DEFINE2(x, int, fd)\n{\n}\n"}, "fs/x.c:1: x has 1 parameters, not 2"),
        ({"fs/x.c": "\nSYSCALL_DEFINE1(x, int)\n{\n}\n"}, "fs/x.c:2: not pairs"),
        ({"fs/x.c": "NEW_SYSCALL_DEFINE1(x, int, fd)\n{\n}\n"}, "unknown macro"),
        ({"fs/x.c": "SYSCALL_DEFINE1(x, int, fd\n"}, "a definition that does not end"),
        (
            {"fs/x.c": "SYSCALL_DEFINE3(read, int, a, int, b, int, c)\n{\n}\n"},
            "has several definitions",
        ),
        ({"kernel/sys_ni.c": "COND_SYSCALL(a, b);\n"}, "sys_ni.c:1: not understood"),
        ({"kernel/sys_ni.c": "\n"}, "no COND_SYSCALL"),
        ({"fs/Makefile": "obj-y := aio.o eventpoll.o\n"}, "no symbol of the configuration for epoll_wait"),
        ({"init/Kconfig": "config AIO\n\tbool\n"}, "epoll_wait: no Kconfig file has EPOLL"),
        (
            {"arch/vax/include/uapi/asm/errno.h": "#define EPERM 2\n"},
            "errno values of its own that is not known",
        ),
        (
            {"arch/mips/include/uapi/asm/errno.h": "#define EX EY\n"},
            "EX has the value of an unknown EY",
        ),
        ({"arch/mips/include/uapi/asm/errno.h": "#define EX (1+2)\n"}, "errno.h:1: not understood"),
        ({"arch/mips/include/uapi/asm/errno.h": None}, "no errno values of mips"),
        (
            {"arch/arm/Kconfig": "config ARM\n\tselect CLONE_BACKWARDS if NEW_OPTION\n"},
            "unknown condition",
        ),
        (
            edited("arch/x86/kernel/sys_ia32.c", "u32, poslo, u32, poshi", "u32, poshi, u32, poslo"),
            "not in little-endian order",
        ),
        (
            edited("arch/powerpc/kernel/syscalls.c", "int, advice", "int, hint"),
            "sys_ppc_fadvise64_64: parameter 5 (len_low) is not one of sys_fadvise64_64's",
        ),
        (
            edited("arch/parisc/kernel/sys_parisc.c", "int high, unsigned int low", "int low"),
            "sys_parisc.c:1: parisc_pread64: takes half",
        ),
        (
            {"arch/arm64/kernel/sys32.c": AARCH32_WITHOUT_PADDING},
            "takes '0 1 2 3w', but sys_pread64 takes '0 1 2 - 3w'",
        ),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, changes: Changes, complaint: str) -> None:
    """A tree with something new in it is an error that names file and line, not a guess."""
    with pytest.raises(SourceError) as caught:
        build(tmp_path, changes)
    assert complaint in str(caught.value)


def test_the_command_reports_an_error_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tree that is not understood ends the command with status 2 and leaves the tables alone."""
    tree = mini_kernel.write(tmp_path / "kernel", {"kernel/sys_ni.c": "\n"})
    assert generate.main([str(tree), "--output", str(tmp_path / "out")]) == 2
    assert "kernel/sys_ni.c:1" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name\tvalue\n", "no '# source'"),
        ("# source\na\n", "not 2 columns"),
        ("# source\nb\t1\na\t1\n", "a is not after b"),
    ],
)
def test_data_out_of_form_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """A file of facts needs its source, its columns and its order."""
    (tmp_path / "related.tsv").write_text(text)
    with pytest.raises(SourceError, match=complaint):
        facts.rows("related.tsv", 2, tmp_path)


@pytest.mark.skipif("PYSYS_KERNEL_TREE" not in os.environ, reason="PYSYS_KERNEL_TREE names no kernel tree")
def test_the_committed_tables_are_those_of_the_complete_tree() -> None:
    """With the kernel's source at hand, --check finds nothing to do."""
    assert generate.main([os.environ["PYSYS_KERNEL_TREE"], "--check"]) == 0
