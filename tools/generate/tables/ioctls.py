"""Requests of ioctl: their numbers on every ABI, as the exported headers define them.

The headers are read twice, as a compiler of the ABI would: once for the names, with _IO() and its kin left as
they are written, which shows direction and structure; and once for the numbers, which depend on the sizes of
structures. For those a compiler is needed that knows each ABI's layout: clang, which Zig brings for all.
"""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tools import PROJECT
from tools.generate.tables import constants, emit
from tools.generate.tables.source import SourceError, Tree

# Whose layout of structures the compiler follows: the ABI's own, or where Zig has none, one with words of the
# same width and the same alignment. What differs besides, as the byte order, changes no size.
LAYOUTS = {
    "x86_64": "x86_64-linux-gnu",
    "x32": "x86_64-linux-gnux32",
    "i386": "i386-linux-gnu",
    "aarch64": "aarch64-linux-gnu",
    "arm": "arm-linux-gnueabihf",
    "riscv64": "riscv64-linux-gnu",
    "riscv32": "riscv32-linux-gnu",
    "loongarch64": "loongarch64-linux-gnu",
    "loongarch32": "loongarch32-linux-gnu",
    "ppc64": "powerpc64le-linux-gnu",
    "ppc": "powerpc-linux-gnu",
    "s390x": "s390x-linux-gnu",
    "mips_o32": "mips-linux-gnu",
    "mips_n64": "mips64-linux-gnuabi64",
    "mips_n32": "mips64-linux-gnuabin32",
    "sparc64": "sparc64-linux-gnu",
    "sparc": "sparc-linux-gnu",
    "parisc64": "powerpc64-linux-gnu",
    "parisc": "powerpc-linux-gnu",
    "alpha": "riscv64-linux-gnu",
    "xtensa": "xtensa-linux-gnu",
    "arc": "arc-linux-gnu",
    "csky": "csky-linux-gnu",
    "hexagon": "hexagon-linux-musl",
    # 64-bit members are aligned to 4 bytes.
    "sh": "i386-linux-gnu",
    "microblaze": "i386-linux-gnu",
    "nios2": "i386-linux-gnu",
    "openrisc": "i386-linux-gnu",
    "armoabi": "i386-linux-gnu",
    # And to 2 bytes: see _narrow().
    "m68k": "i386-linux-gnu",
}
# ABIs whose programs are compiled for another one.
SAME = {"aarch64_compat32": "arm", "ppc_spu": "ppc64"}

# What scripts/headers_install.sh removes or rewrites, and the C library's types.
_INSTALLED = (
    "__user= __force= __iomem= __attribute_const__= __packed=__attribute__((packed)) inline=__inline__ "
    "__linux__=1 __CHAR_BIT__=8"
)
_LIBRARY = """\
#define bool _Bool
#define NULL ((void *)0)
typedef unsigned char uint8_t, u_char;
typedef unsigned short uint16_t, u_short, sa_family_t;
typedef unsigned int uint32_t, u_int;
typedef unsigned long long uint64_t;
typedef unsigned long u_long, ino_t;
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
typedef char *caddr_t;
#include <linux/types.h>
typedef __kernel_size_t size_t;
typedef __kernel_off_t off_t;
typedef __kernel_loff_t loff_t;
typedef __kernel_pid_t pid_t;
typedef __kernel_old_time_t time_t;
struct sockaddr { sa_family_t sa_family; char sa_data[14]; };
#include <linux/time.h>
void *memset(void *, int, size_t);
void *memcpy(void *, const void *, size_t);
typedef uint16_t domid_t; /* Xen's own header */
typedef uint32_t grant_ref_t;
typedef unsigned long xen_pfn_t;
"""
# In place of <asm/ioctl.h> where the names are read: each macro stays what it is.
_UNCHANGED = "".join(
    f"#define {name}({parts}) {name}({parts})\n" for name, parts in (("_IO", "t, n"), ("_IOC", "d, t, n, s"))
) + "".join(f"#define {name}(t, n, s) {name}(t, n, s)\n" for name in ("_IOR", "_IOW", "_IOWR"))
_UNCHANGED += "".join(f"#define {name} {name}\n" for name in ("_IOC_NONE", "_IOC_READ", "_IOC_WRITE"))

# Requests that are plain numbers, from before the rule: names, of which header, and the numbers' second byte.
PLAIN = (
    (r"(?!TIOCPKT_|TIOCSER_TEMT|TIOCM_)(FIO|TC|TIOC)\w+", "asm/ioctls.h", None),
    (r"(FIO|SIOC)(?!PARM)[A-Z]\w+", "", None),
    (r"(CDROM|DVD_)\w+", "linux/cdrom.h", 0x53),
    (r"HDIO_\w+", "linux/hdreg.h", 0x03),
    (r"(KD|KIOC|GIO_|PIO_)\w+", "linux/kd.h", 0x4B),
    (r"VT_\w+", "linux/vt.h", 0x56),
    (r"LOOP_\w+", "linux/loop.h", 0x4C),
    (r"LP\w+", "linux/lp.h", 0x06),
    (r"I2C_\w+", "linux/i2c-dev.h", 0x07),
    (r"FBIO\w+", "linux/fb.h", 0x46),
    (r"SG_\w+", "scsi/sg.h", 0x22),
    (r"SCSI_IOCTL_\w+", "", None),
)
# Headers of which programs have the C library's copy: the numbers in them.
COPIED = {
    "scsi/sg.h": r"SG_\w+\s+0x22[0-9a-fA-F]{2}",
    "scsi/scsi_ioctl.h": r"SCSI_IOCTL_\w+\s+(0x53[0-9a-fA-F]{2}|[1-9])",
    "scsi/scsi.h": r"SCSI_IOCTL_\w+\s+0x53[0-9a-fA-F]{2}",
}
# Headers with structures that others name without including them, and generic ones with requests.
FIRST = (
    *("asm/termios.h", "asm/ioctls.h", "asm/sockios.h"),
    *("linux/serial.h", "linux/blktrace_api.h", "linux/fiemap.h"),
)
# Words of a protocol, made like requests but never given to ioctl.
NO_REQUESTS = re.compile(r"B[CR]_\w+|_\w*")


def read(tree: Tree, abis: Mapping[str, Any]) -> dict[str, dict[str, Request]]:
    """The requests of each ABI by name."""
    if not tree.exists("include/uapi/asm-generic/ioctl.h"):
        return {name: {} for name in abis}
    if missing := abis.keys() - LAYOUTS.keys() - SAME.keys():
        raise SourceError("arch", 0, f"ABIs whose layout is not known: {', '.join(sorted(missing))}")
    first, *others = (name for name in abis if name not in SAME)
    compiled = {first: _of_abi(tree, abis[first].architecture, first)}
    known = compiled[first].keys()
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        read = [threads.submit(_of_abi, tree, abis[name].architecture, name, known) for name in others]
        compiled |= {name: one.result() for name, one in zip(others, read, strict=True)}
    return {name: compiled[SAME.get(name, name)] for name in abis}


# The header of a name, the structure that it takes, and whether its number is made of parts.
Named = tuple[str, str, bool]


class Request:
    """A request on one ABI. coded: whether its number is made of direction, size and so on."""

    def __init__(self, header: str, structure: str, value: int, coded: bool) -> None:
        self.header = header
        self.structure = structure
        self.value = value
        self.coded = coded


def _of_abi(tree: Tree, architecture: str, abi: str, known: Collection[str] = ()) -> dict[str, Request]:
    """The requests of an ABI. known: names that are requests elsewhere, so that they are here, too."""
    with tempfile.TemporaryDirectory(prefix="pysys-headers-") as name:
        folder = Path(name)
        constants.prepare(tree, architecture, folder)
        command = _command(tree, architecture, abi, folder)
        text = _LIBRARY + _includes(tree, architecture)
        (folder / "reading/asm").mkdir(parents=True)
        (folder / "reading/asm/ioctl.h").write_text(_UNCHANGED)
        found = _names(command, f"-I{folder}/reading", text, known)
        values = _values(command, text, found)
        if abi == "m68k":
            values = _narrow(command, text, values)
    return {
        name: Request(header, structure, values[name], coded)
        for name, (header, structure, coded) in found.items()
        if name in values and (coded or name in known or _is_plain(name, header, values[name]))
    }


def _command(tree: Tree, architecture: str, abi: str, folder: Path) -> list[str]:
    defined = constants.DEFINED[abi]
    long = 8 if "__LP64__" in defined else 4
    command = [str(_zig()), "clang", "-target", LAYOUTS[abi], "-undef", "-nostdinc", "-w", "-ffreestanding"]
    if abi == "hexagon":
        command.append("-fno-short-enums")  # as its kernel is compiled
    switches = f"{defined} {_INSTALLED} __SIZEOF_LONG__={long} __SIZEOF_POINTER__={long}".split()
    command += [f"-D{one}" for one in switches]
    places = (f"{tree.root}/arch/{architecture}/include/uapi", f"{tree.root}/include/uapi", str(folder))
    return [*command, *(f"-I{place}" for place in places)]


@cache
def _zig() -> Path:
    package = find_spec("ziglang")
    if package is None or package.origin is None:
        raise SourceError("zig", 0, "the requests of ioctl need Zig's C compiler: pip install ziglang")
    return Path(package.origin).with_name("zig")


def _includes(tree: Tree, architecture: str) -> str:
    """Include the headers that may have requests, and have the numbers of those that are copied."""
    headers = [*FIRST]
    own = tree.root / f"arch/{architecture}/include/uapi"
    for folder in (tree.root / "include/uapi", own):
        for header, text in _texts(folder).items():
            exported = header != "linux/kvm.h" or (own / "asm/kvm.h").exists()
            known = any(header == one for _, one, _ in PLAIN)
            if exported and (known or re.search(r"IO(C|CTL|R|W|WR)?\s*\(|define\s+SIOC", text)):
                headers.append(header)
    left_out = constants.LEFT_OUT
    lines = [
        f"#if __has_include(<{one}>)\n#include <{one}>\n#endif\n" for one in headers if one not in left_out
    ]
    for header, pattern in COPIED.items():
        if tree.exists(f"include/{header}"):
            content = tree.text(f"include/{header}")
            lines.append(f'# 1 "{header}"\n')
            lines += [f"#define {match[0]}\n" for match in re.finditer(rf"(?<=define ){pattern}", content)]
    return "".join(lines)


@cache
def _texts(folder: Path) -> dict[str, str]:
    """The headers below a folder, but for those that others include for the rest."""
    return {
        str(path.relative_to(folder)): path.read_text("utf-8", "surrogateescape")
        for path in sorted(folder.rglob("*.h"))
        if path.parent.name != "asm-generic"
    }


def _names(command: list[str], first: str, text: str, known: Collection[str]) -> dict[str, Named]:
    """What may be a request: its header, its structure, and whether its number is made of parts."""
    preprocess = [*command[:2], first, *command[2:], "-E", "-xc", "-"]
    output = _run([*preprocess, "-dD"], text)
    macros: dict[str, str] = {}
    found: dict[str, Named] = {}
    for header, content in _parts(output):
        for name in re.findall(r"^#define ([A-Z]\w*) .*\w.*$", content, re.MULTILINE):
            if not NO_REQUESTS.fullmatch(name):
                macros[name] = header
        for match in re.finditer(r"\b(\w+)\s*=\s*(?=_IO[CRW]*\s*\()", content):
            if not NO_REQUESTS.fullmatch(match[1]):
                found[match[1]] = (header, _structure(_balanced(content[match.end() :])) or "", True)
    text += "".join(f'"@" "{name}" {name}\n' for name in macros)
    for name, expansion in re.findall(r'^"@" "(\w+)" (.*)$', _run([*preprocess, "-P"], text), re.MULTILINE):
        structure = _structure(expansion)
        if structure is not None:
            found[name] = (macros[name], structure, True)
        elif (name in known or _may_be_plain(name, macros[name])) and expansion != name:
            found[name] = (macros[name], "", False)
    return found


def _parts(output: str) -> Iterator[tuple[str, str]]:
    """The preprocessor's output by the header that it is from, as programs include it."""
    marker = re.compile(r'^# \d+ "(.*)".*$', re.MULTILINE)
    places = [*marker.finditer(output)]
    for place, following in zip(places, [*places[1:], None], strict=True):
        header = re.sub(r"^.*/include/uapi/", "", place[1]).replace("asm-generic/", "asm/")
        yield header, output[place.end() : following.start() if following else len(output)]


def _balanced(text: str) -> str:
    """A text up to the parenthesis that closes its first."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == ")" and not depth:
            return text[: place + 1]
    return text


def _structure(expansion: str) -> str | None:
    """What the argument of a request points to, "" if nothing; None where this is not a request."""
    match = re.match(r"[(\s]*(_IO[CRW]*)\s*(?=\()", expansion)
    if match is None:
        return None
    parts = [" ".join(one.split()) for one in constants.items(_balanced(expansion[match.end() :])[1:-1])]
    if match[1] == "_IO" or len(parts) < 3:
        return ""
    text = parts[-1]
    if match[1] == "_IOC":
        sized = re.fullmatch(r"\(?sizeof ?\((.*)\)\)?", text)
        text = sized[1] if sized else ""
    return re.sub(r" ?([\[\]*]) ?", r"\1", re.sub(r"\b(struct|union) ", "", text)).strip()


def _may_be_plain(name: str, header: str) -> bool:
    return any(where in ("", header) and re.fullmatch(names, name) for names, where, _ in PLAIN)


def _is_plain(name: str, header: str, value: int) -> bool:
    return any(
        where in ("", header) and re.fullmatch(names, name) and byte in (None, value >> 8)
        for names, where, byte in PLAIN
    )


def _values(command: list[str], text: str, names: Iterable[str]) -> dict[str, int]:
    """The numbers of requests; of those whose structure the ABI lacks, none."""
    compile_ = [*command, "-ferror-limit=0", "-fno-caret-diagnostics", "-S", "-emit-llvm", "-o-", "-xc", "-"]
    left = [*names]
    for _ in range(2):
        lines = [f"const unsigned long long pysys_{name} = (unsigned int)({name});\n" for name in left]
        done = subprocess.run(
            compile_, input=f'{text}# 1 "requests"\n{"".join(lines)}', capture_output=True, text=True
        )
        if not done.returncode:
            found = re.findall(r"^@pysys_(\w+) = .*constant i64 (-?\d+)", done.stdout, re.MULTILINE)
            return {name: int(value) for name, value in found}
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        odd = [line for line in errors if not line.startswith("requests:")]
        if odd or not errors:
            break
        without = {int(line.split(":")[1]) - 1 for line in errors}
        left = [name for place, name in enumerate(left) if place not in without]
    raise SourceError(command[3], 0, "\n".join(odd[:20]) or done.stderr[:2000])


def _narrow(command: list[str], text: str, values: dict[str, int]) -> dict[str, int]:
    """The numbers where nothing is aligned to more than 2 bytes, but for what a header aligns itself.

    The compiler can only do the first. Structures with members that are aligned to 8 bytes are recognized by
    being larger with 16, and stay as they are.
    """
    narrow = _values([*command, "-fpack-struct=2"], text, values)
    aligned = _values([*command, "-Daligned(x)=aligned((x)>4?2*(x):(x))"], text, values)
    return {name: value if aligned[name] != value else narrow[name] for name, value in values.items()}


def _run(command: list[str], text: str) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        raise SourceError(command[3], 0, done.stderr[:2000])
    return done.stdout


# ---- the module ----


def module(tree: Tree, found: Mapping[str, Mapping[str, Request]], abis: Mapping[str, Any]) -> str:
    """The text of the table."""
    by_name: dict[str, dict[str, Request]] = {}
    for abi, requests in found.items():
        for name, request in requests.items():
            by_name.setdefault(name, {})[abi] = request
    sets: dict[tuple[str, ...], int] = {}
    lines: dict[str, list[str]] = {}
    for name, on in by_name.items():
        header = Counter(one.header for one in on.values()).most_common(1)[0][0]
        structure = next((one.structure for one in on.values() if one.structure), "")
        lines.setdefault(header, []).append(f"{name} {_numbers(on, abis, sets)} {structure}".strip())
    text = [line for header in sorted(lines) for line in (f"# {header}", *sorted(lines[header]))]
    return emit.module(
        f"Requests of ioctl in the exported headers of Linux {tree.version}.\n\n{_ABOUT}",
        [
            emit.packed("SETS", "tuple[str, ...]", (emit.literal(" ".join(abis)) for abis in sets), "()"),
            "",
            'REQUESTS = """',
            *text,
            '"""',
        ],
    )


_ABOUT = """\
A line for each: its name, its number, what its argument points to. A number is hexadecimal, and as most
architectures make it of direction, size, type and number, from which the others' is made; or it is the same
everywhere, behind "!". Behind it, with commas, come other numbers, behind the place in SETS of the ABIs that
have it; "-" is for none. The header is above, behind "#".

Sizes of structures are those of a compiler that follows each ABI's layout, or for alpha, armoabi, m68k,
microblaze, nios2, openrisc, parisc, parisc64 and sh, that of an ABI with the same widths and alignment.
(armoabi's compilers also round up a structure's size to 4 bytes, which is not done here.) Times in structures
are those of the headers, with 32 bits on ABIs of 32 bits where they are the C library's."""


def _numbers(on: Mapping[str, Request], abis: Mapping[str, Any], sets: dict[tuple[str, ...], int]) -> str:
    """The usual number of a request, and those of other ABIs."""
    keys = {abi: _key(on.get(abi), abis[abi].architecture) for abi in abis}
    usual = Counter(keys.values()).most_common(1)[0][0]
    others: dict[str, list[str]] = {}
    for abi, key in keys.items():
        if key != usual and not _gives(usual, on.get(abi), abis[abi].architecture):
            others.setdefault(key, []).append(abi)
    listed = [f",{sets.setdefault(tuple(names), len(sets))}={key}" for key, names in others.items()]
    return usual + "".join(listed)


def _key(request: Request | None, architecture: str) -> str:
    if request is None:
        return "-"
    key = f"{_translate(request.value, architecture, 'x86'):x}" if request.coded else ""
    return key if _gives(key, request, architecture) else f"!{request.value:x}"


def _gives(key: str, request: Request | None, architecture: str) -> bool:
    """Whether a number of the table is that of the request on an ABI."""
    if request is None or not key or key[0] in "-!":
        return False
    return _translate(int(key, 16), "x86", architecture) == request.value


@cache
def _requests() -> dict[str, Any]:
    """pysys.parameters.requests, from its file: the package needs the tables that are made here."""
    return runpy.run_path(str(PROJECT / "src/pysys/parameters/requests.py"))


def _translate(value: int, source: str, target: str) -> int:
    number: int = _requests()["translate"](value, source, target)
    return number
