"""pysys.ioctls: numbers beside the headers of this machine and of Zig, and what a request knows of itself."""

from __future__ import annotations

import copy
import inspect
import os
import pickle
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import layouts
import pytest
from heavy_imports import loaded_by

from pysys import abi, calls, errors, ioctls, structures, syscall
from pysys.calls import _commands, direct
from pysys.ioctls import macros
from pysys.ioctls import request as request_module
from pysys.parameters import commands, requests

GCC = shutil.which("gcc")
INSTALLED = Path("/usr/include")

# Typed from the headers of the architectures: asm/ioctls.h, and asm/ioctl.h for the directions.
KNOWN = {
    # _IOR('t', 104, struct winsize), and _IOC_READ is 2 << 29; TCGETS, FIONREAD and TIOCNOTTY are plain.
    "mips_o32": {
        "TIOCGWINSZ": 0x40087468,
        "TCGETS": 0x540D,
        "FIONREAD": 0x467F,
        "TIOCNOTTY": 0x5471,
        "TIOCGPTN": 0x40045430,
        "BLKROSET": 0x2000125D,  # _IO(0x12, 93), and _IOC_NONE is 1 << 29
        "BLKGETSIZE64": 0x40041272,  # _IOR(0x12, 114, size_t)
    },
    "mips_n64": {"TIOCGWINSZ": 0x40087468, "FIONREAD": 0x467F, "BLKGETSIZE64": 0x40081272},
    "mips_n32": {"TIOCGWINSZ": 0x40087468, "BLKGETSIZE64": 0x40041272},
    # TCGETS is _IOR('t', 19, struct termios), which has 19 characters, a line discipline and two speeds.
    "ppc": {"TIOCGWINSZ": 0x40087468, "TCGETS": 0x402C7413, "FIONREAD": 0x4004667F, "TIOCSTART": 0x2000746E},
    "ppc64": {"TIOCGWINSZ": 0x40087468, "TCGETS": 0x402C7413, "FIONREAD": 0x4004667F, "TIOCEXCL": 0x540C},
    "alpha": {"TIOCGWINSZ": 0x40087468, "TCGETS": 0x402C7413, "FIOCLEX": 0x20006601, "BLKROSET": 0x2000125D},
    # TCGETS is _IOR('T', 8, struct termios), with 17 characters; pseudo terminals have numbers of their own.
    "sparc": {"TIOCGWINSZ": 0x40087468, "TCGETS": 0x40245408, "TIOCGPTN": 0x40047486},
    "sparc64": {"TIOCGWINSZ": 0x40087468, "TCGETS": 0x40245408, "TIOCGPTN": 0x40047486},
    # _IOC_READ is 1 << 30; TCGETS is _IOR('T', 16, struct termios), TIOCGWINSZ plain.
    "parisc": {"TIOCGWINSZ": 0x5413, "TCGETS": 0x40245410, "TIOCGPTN": 0x40045430, "BLKROSET": 0x125D},
    "parisc64": {"TIOCGWINSZ": 0x5413, "TCGETS": 0x40245410, "BLKGETSIZE64": 0x40081272},
    "x86_64": {
        "TIOCGWINSZ": 0x5413,
        "TIOCGPTN": 0x80045430,
        "BLKROSET": 0x125D,
        "BLKGETSIZE64": 0x80081272,
        "SIOCGIFMTU": 0x8921,
        "FICLONE": 0x40049409,
        "SG_IO": 0x2285,
        "CDROMEJECT": 0x5309,
    },
    "i386": {"BLKGETSIZE64": 0x80041272, "FIOQSIZE": 0x5460},
    "arm": {"FIOQSIZE": 0x545E, "TIOCGWINSZ": 0x5413},
    "sh": {"TIOCGWINSZ": 0x80087468, "TCGETS": 0x5401},
    # A structure of a __u64, a __u32 and seven __u16 that is aligned to 8 bytes, on the ABI that aligns to 2.
    "m68k": {"HFI1_IOCTL_CTXT_INFO": 0x40281BE2},
}


@pytest.mark.portable
@pytest.mark.parametrize("name", KNOWN)
def test_well_known_numbers(name: str) -> None:
    """Numbers of each ABI, typed by hand."""
    assert {one: int(ioctls.find(one, name)) for one in KNOWN[name]} == KNOWN[name]


@pytest.mark.portable
@pytest.mark.parametrize("name", abi.ABIS)
def test_both_ways(name: str) -> None:
    """Each request of an ABI is found by its name, and its name by the number, with and without a sign."""
    table = ioctls.table(name)
    assert 3300 < len(table) < 4000
    for one, request in list(table.items())[::50]:
        found = ioctls.find(one, name)
        assert found == request and found.name == one and found.abi == name
        assert one in ioctls.names(request, name)
        assert one in ioctls.names(int(request) - (1 << 32), name)
    assert ioctls.names(0xFFFF_FFFF, name) == ()


@pytest.mark.portable
@pytest.mark.parametrize("name", sorted(abi.ABIS.keys() - {"aarch64_compat32"}))
def test_the_table_of_commands_has_these_numbers(name: str) -> None:
    """The requests that are described by hand have the numbers of the headers.

    Not those of ARM's programs on 64-bit kernels, which know FIOQSIZE by another number than their headers.
    """
    table = ioctls.table(name)
    by_hand = {one: number for one, number, _ in commands.requests_of(abi.ABIS[name]) if one != "SIOC"}
    assert len(by_hand) > 40
    assert by_hand == {one: int(table[one]) for one in by_hand}


# ---- headers ----

FOLDERS = "asm drm fwctl linux misc mtd rdma scsi sound video xen".split()
DEFINED = re.compile(r"^\s*#\s*define\s+([A-Z]\w*)\s+\(?(?:DRM)?_IO(?:R|W|WR|C)?\s*\(", re.MULTILINE)
PLAIN = re.compile(
    r"^\s*#\s*define\s+((?:TC[GSFX]|TIOC(?!M_|PKT_|SER_)|FIO|SIOC[GS]|CDROM[A-Z]|HDIO_[GS]|LOOP_[SGC]|VT_[GRSW]E)"
    r"\w+)\s+0x",
    re.MULTILINE,
)
# What headers take for granted; and of the C library, for compilers that come without one.
FIRST = "stdbool.h linux/types.h linux/ioctl.h asm/termbits.h linux/serial.h linux/blktrace_api.h".split()
FIRST += "linux/fiemap.h linux/blkpg.h linux/filter.h".split()
SWITCHES = "-D__linux__ -Dpid_t=int -Dtime_t=long -Dsize_t=__kernel_size_t -Dloff_t=__kernel_loff_t".split()
LIBRARY = {
    "sys/socket.h": (
        "#pragma once\ntypedef unsigned short sa_family_t;\n"
        "struct sockaddr { sa_family_t family; char data[14]; };\n"
    ),
    "string.h": "void *memset(void *, int, size_t);\nvoid *memcpy(void *, const void *, size_t);\n",
    **dict.fromkeys(("sys/time.h", "time.h"), "#include <linux/time.h>\n"),
    **dict.fromkeys(("endian.h", "netinet/in.h", "stdlib.h", "sys/ioctl.h", "sys/types.h"), ""),
}
# Headers that need more of that, or other headers first.
ALONE = {"asm/fbio.h", "linux/coda.h"}


def requests_of_headers(folders: list[Path]) -> Iterator[tuple[str, set[str]]]:
    """The names that headers define, as their text shows, by header."""
    for folder in folders:
        for path in sorted(path for one in FOLDERS for path in folder.glob(f"{one}/**/*.h")):
            text = path.read_text("utf-8", "replace")
            if path.name == "ioctls.h":
                generic = [one / "asm-generic/ioctls.h" for one in folders]
                text += next(one for one in generic if one.is_file()).read_text("utf-8")
            if names := {*DEFINED.findall(text), *PLAIN.findall(text)}:
                yield str(path.relative_to(folder)), names


def wrong(compiler: list[str], headers: list[str], numbers: dict[str, int]) -> tuple[list[str], list[str]]:
    """The requests with another number in headers, and what else the compiler says."""
    text = "".join(f"#include <{header}>\n" for header in [*FIRST, *headers])
    for name, number in numbers.items():
        text += f'_Static_assert((unsigned)({name}) == {number:#x}U, "<{name}>");\n'
    command = [*compiler, "-w", "-fsyntax-only", "-xc", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    others = [line for line in errors if "ssertion failed" not in line]
    return re.findall(r"<([A-Z]\w+(?:\([\d, ]+\))?)>", "\n".join(errors)), others


# With arguments for which a macro's number fits on every ABI, or, at last, does not.
ARGUMENTS = {"len": (64,), "s": (64,), "ev, len": (3, 96), "abs": (24,), "N": (2,)}
MACRO = re.compile(r"^#define\s+([A-Z]\w*)\((\w+(?:, ?\w+)*)\)\s+_IO[CRW]+\(", re.MULTILINE)
MAKERS = re.compile(r"_?IO[RW]*(_BAD)?$|_IO[RW]*$")  # of a driver's own numbers, from names of types


def macros_of(abi_name: str) -> dict[str, int]:
    """What the macros with parameters are with some arguments, by how C writes them."""
    found = {}
    for name in macros.names():
        macro = getattr(ioctls, name)
        taken = ", ".join(one for one in inspect.signature(macro).parameters if one != "abi")
        arguments = ARGUMENTS[taken]
        found[f"{name}({', '.join(map(str, arguments))})"] = int(macro(*arguments, abi=abi_name))
    found["SPI_IOC_MESSAGE(2000)"] = int(ioctls.SPI_IOC_MESSAGE(2000, abi=abi_name))
    return found


@pytest.mark.once
def test_no_macro_is_missing() -> None:
    """Each macro of the installed headers whose parameters are numbers is a function."""
    found = {}
    for path in sorted(INSTALLED.glob("linux/**/*.h")):
        for name, taken in MACRO.findall(path.read_text("utf-8", "replace")):
            if not MAKERS.search(name):
                found[name] = ", ".join(re.split(", ?", taken))
    if not found:
        pytest.skip("no kernel headers")
    assert len(found) > 20
    own = {name: inspect.signature(getattr(ioctls, name)).parameters for name in macros.names()}
    listed = {name: ", ".join(one for one in taken if one != "abi") for name, taken in own.items()}
    assert found.items() <= listed.items()


@pytest.mark.once
@pytest.mark.skipif(GCC is None, reason="no C compiler")
def test_numbers_of_the_headers_of_this_machine() -> None:
    """Whatever request the installed headers define has the number that the compiler finds in them."""
    folders = [path for path in INSTALLED.glob("*-linux-gnu*") if (path / "asm").is_dir()]
    table = {name: int(request) for name, request in ioctls.table().items()}
    compiler = [str(GCC), "-fmax-errors=0", "-include", "sys/types.h"]
    compared = 0
    differ: dict[str, str] = {}
    for header, names in requests_of_headers([INSTALLED, *folders]):
        known = {name: table[name] for name in sorted(names & table.keys())}
        found, others = wrong(compiler, [header], known)
        if not others:  # a header that needs others first is in the next test
            compared += len(known)
            differ |= dict.fromkeys(found, header)
    if not compared:
        pytest.skip("no kernel headers")
    assert compared > 1500
    assert not differ


@pytest.mark.once
@pytest.mark.parametrize("target", sorted(layouts.TARGETS.keys() - {"m68k-linux-gnu"}))
def test_numbers_of_the_headers_of_other_machines(target: str, tmp_path: Path) -> None:
    """The same with the compiler and the headers that Zig has of a target.

    Not m68k: this compiler aligns its structures as nobody else does.
    """
    compiler, name = layouts.cross(target), layouts.TARGETS[target]
    if compiler is None:
        pytest.skip("no Zig")
    folders = [Path(one.removeprefix("-isystem")) for one in compiler if one.startswith("-isystem")]
    without = ALONE if any((one / "asm/kvm.h").is_file() for one in folders) else {*ALONE, "linux/kvm.h"}
    table = {one: int(request) for one, request in ioctls.table(name).items()}
    headers = {one: names for one, names in requests_of_headers(folders) if one not in without}
    known = {one: table[one] for names in headers.values() for one in sorted(names & table.keys())}
    assert len(known) > 2400
    known |= macros_of(name)
    for header, text in LIBRARY.items():
        (tmp_path / header).parent.mkdir(exist_ok=True)
        (tmp_path / header).write_text(text)
    compiler += ["-ferror-limit=0", "-fno-short-enums", f"-I{tmp_path}", *SWITCHES]
    assert wrong(compiler, ["asm/termios.h", *headers], known) == ([], [])
    known["TIOCGPTN"] += 1
    known["EVIOCGABS(24)"] += 1
    assert wrong(compiler, ["asm/termios.h", *headers], known) == (["TIOCGPTN", "EVIOCGABS(24)"], [])


# ---- what a request knows ----


def test_what_a_request_says() -> None:
    """What the number and the table say of the argument, on this ABI."""
    request = ioctls.TIOCGPTN
    assert isinstance(request, int) and isinstance(request, ioctls.Request)
    assert (request.name, request.header, request.structure) == ("TIOCGPTN", "asm/ioctls.h", "unsigned int")
    assert (request.direction, request.size, request.number) == ("out", 4, 0x30)
    assert request.abi == abi.current().name
    assert str(request) == f"{request}" == str(int(request))
    assert repr(request) == f"<Request TIOCGPTN {int(request):#x}: unsigned int, written (asm/ioctls.h)>"
    for again in (copy.copy(request), pickle.loads(pickle.dumps(request))):
        assert (again, repr(again), again.size) == (request, repr(request), 4)


def test_ioctl_takes_requests() -> None:
    """calls.ioctl() and syscall() take a request as they take its number."""
    read, write = os.pipe()
    main, terminal = os.openpty()
    try:
        os.write(write, b"12345")
        space = bytearray(4)
        assert calls.ioctl(read, ioctls.FIONREAD, space) == 0
        assert int.from_bytes(space, sys.byteorder) == 5
        with pytest.raises(ValueError, match="arg"):
            calls.ioctl(main, ioctls.TIOCGPTN, bytearray(3))
        assert syscall("ioctl", terminal, ioctls.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0)) == 0
        size = bytearray(8)
        assert calls.ioctl(terminal, ioctls.TIOCGWINSZ, size) == 0
        assert struct.unpack("4H", size) == (24, 80, 0, 0)
        assert ioctls.TIOCGWINSZ == termios.TIOCGWINSZ
    finally:
        for one in (read, write, main, terminal):
            os.close(one)


def test_ioctl_gives_what_a_request_answers() -> None:
    """Without memory the answer is the structure, the number or the bytes that the header says."""
    main, terminal = os.openpty()
    folder = os.open("/", os.O_RDONLY)
    try:
        size = structures.winsize(ws_row=24, ws_col=80)
        assert calls.ioctl(terminal, ioctls.TIOCSWINSZ, size) == 0
        for request in (ioctls.TIOCGWINSZ, int(ioctls.TIOCGWINSZ)):
            assert calls.ioctl(terminal, request) == size
        settings = calls.ioctl(terminal, ioctls.TCGETS)
        assert isinstance(settings, structures.termios)
        assert settings.c_lflag == termios.tcgetattr(terminal)[3]
        assert calls.ioctl(main, ioctls.TIOCGPTN) == int(os.ttyname(terminal).rpartition("/")[2])
        assert calls.ioctl(main, ioctls.TIOCSPTLCK, struct.pack("i", 0)) == 0
        with pytest.raises(ValueError, match="bytes long"):
            calls.ioctl(terminal, ioctls.TIOCSETD, b"12")
        with pytest.raises(errors.ENOTTY):
            calls.ioctl(folder, ioctls.TIOCGPTN)
        # Of a driver's own, of which only the number says something, the kernel answers into no memory.
        with pytest.raises(errors.ENOTTY):
            calls.ioctl(folder, ioctls.IOR("~", 250, 4))
    finally:
        for one in (main, terminal, folder):
            os.close(one)


def test_answers_that_only_the_header_describes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed and unsigned numbers, a structure that the package has, and one that it lacks."""
    answers = {
        "RNDGETENTCNT": (b"\xfe" + b"\xff" * 3 if sys.byteorder == "little" else b"\xff" * 3 + b"\xfe", -2),
        "TIOCGPTN": (b"\xff" * 4, 0xFFFFFFFF),
        "MEMGETINFO": (bytes(range(32)), bytes(range(32))),
    }
    written = b""

    def driver(fd: int, request: int, memory: bytearray) -> int:
        memory[: len(written)] = written
        return 0

    monkeypatch.setattr(direct, "ioctl", driver)
    for name, (written, value) in answers.items():
        request = ioctls.find(name)
        size = _commands._size(request)
        assert size == len(written)
        assert _commands._asked(0, request, len(written)) == value, name


@pytest.mark.widths
def test_sizes_by_hand_are_those_of_the_structures() -> None:
    """What requests by hand are about has the size that the structure has on this ABI."""
    here = abi.current()
    about = [one for one in request_module._SIZES if hasattr(structures, one)]
    assert len(about) == 11
    for name in about:
        size = request_module._SIZES[name][here.bits == 32]
        if here.architecture == "mips":
            size = request_module._SIZES_ON_MIPS.get(name, size)
        assert getattr(structures, name).nbytes == size or (name == "termios" and not _plain("TCGETS")), name


def _plain(name: str) -> bool:
    """Whether the number of a request does not say how long its argument is."""
    return not requests.decode(int(ioctls.find(name)), abi.current().architecture)


@pytest.mark.portable
def test_what_numbers_do_not_say() -> None:
    """Direction and size of older requests, and of those whose numbers say others, are known by hand."""
    size = ioctls.find("TIOCGWINSZ", "x86_64")
    assert (size.direction, size.size, size.structure) == ("out", 8, "winsize")
    assert (size.type, size.number) == (ord("T"), 0x13)
    device = ioctls.find("TUNSETIFF", "i386")
    assert (device.direction, device.size) == ("inout", 32)
    index = ioctls.find("SIOCGIFINDEX", "aarch64")
    assert (index.direction, index.size) == ("inout", 40)
    # It has the number of TCSETSF, of which the size is known.
    tempo = ioctls.find("SNDCTL_TMR_CONTINUE", "x86_64")
    assert (tempo.direction, tempo.size, tempo.argument()) == ("", 0, "")
    assert ioctls.names(tempo, "x86_64") == ("SNDCTL_TMR_CONTINUE", "TCSETSF")


@pytest.mark.portable
def test_numbers_of_drivers() -> None:
    """What IO() and its kin make is what the kernel's macros make, on each ABI."""
    for name in abi.ABIS:
        assert ioctls.IOR("T", 0x30, 4, abi=name) == ioctls.find("TIOCGPTN", name) or "sparc" in name
        assert ioctls.IOW("X", 32, 28, abi=name) == ioctls.find("FS_IOC_FSSETXATTR", name)
        assert ioctls.IO(0x12, 93, abi=name) == ioctls.find("BLKROSET", name)
        assert ioctls.IOWR("X", 119, 4, abi=name) == ioctls.find("FIFREEZE", name)
        assert ioctls.IOC("in", "U", 3, 4, abi=name) == ioctls.IOW("U", 3, 4, abi=name)
    made = ioctls.IOWR("x", 1, structures.open_how)
    assert (made.direction, made.size, made.structure) == ("inout", 24, "open_how")
    assert (made.name, made.type, made.number) == ("", ord("x"), 1)


@pytest.mark.portable
def test_what_does_not_fit() -> None:
    """Parts that are too large for a number, or of another kind, are refused by name."""
    assert ioctls.IOR("T", 1, 16383, abi="x86_64").size == 16383
    assert ioctls.IOR("T", 1, 8191, abi="ppc").size == 8191
    for structure, name in ((16384, "x86_64"), (8192, "ppc"), (-1, "x86_64")):
        with pytest.raises(OverflowError, match=r"IOR: structure: -?\d+ is not from 0 to (8191|16383)"):
            ioctls.IOR("T", 1, structure, abi=name)
    with pytest.raises(OverflowError, match=r"IO: number: 256 is not from 0 to 255"):
        ioctls.IO("T", 256)
    with pytest.raises(TypeError, match=r"IO: type must be a letter or an int, not 'TT'"):
        ioctls.IO("TT", 1)
    with pytest.raises(TypeError, match=r"IOW: structure must be a structure or its size, not 'winsize'"):
        ioctls.IOW("T", 1, "winsize")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match=r'IOC: direction must be "", "in", "out" or "inout", not \'r\''):
        ioctls.IOC("r", "T", 1, 4)


@pytest.mark.portable
def test_names_that_are_missing() -> None:
    """A name that no header has gets those like it; one of other ABIs, these."""
    with pytest.raises(AttributeError, match=r"no request named 'TIOCGWINZ': did you mean TIOCGWINSZ"):
        getattr(ioctls, "TIOCGWIN" + "Z")
    with pytest.raises(
        LookupError, match=r"headers of x86_64 have no OPIOCGET: asm/openpromio\.h has it on sparc64"
    ):
        ioctls.find("OPIOCGET", "x86_64")
    with pytest.raises(LookupError, match=r"no ABI named 'vax'"):
        ioctls.find("TIOCGWINSZ", "vax")
    with pytest.raises(TypeError, match=r"find: name must be a str, not int"):
        ioctls.find(5)  # type: ignore[arg-type]  # wrong on purpose


def test_the_module_lists_its_names() -> None:
    """dir() has the requests of this ABI and the functions; `import *` brings only these."""
    listed = dir(ioctls)
    assert listed == sorted({*ioctls.table(), *macros.names(), *ioctls.__all__})
    assert "FICLONE" in listed and "IOWR" in listed and "OPIOCGET" not in ioctls.table("x86_64")


@pytest.mark.portable
def test_nothing_is_imported_early() -> None:
    """The table is read when the first name is used, and not with the package."""
    assert not {"pysys.ioctls", "pysys.tables.ioctls"} & loaded_by("import pysys, pysys.calls")
    assert "pysys.tables.ioctls" not in loaded_by("import pysys.ioctls")
    assert "pysys.tables.ioctls" in loaded_by("from pysys.ioctls import TIOCGPTN")
