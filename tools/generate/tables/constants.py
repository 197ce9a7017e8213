"""Constants of the kernel's interface on every ABI: macros and enumerators, by the host's preprocessor.

Its own definitions are switched off and those of the ABI's compiler given, so that it reads the headers
as that compiler would; no other compiler is needed.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from functools import cache
from pathlib import Path

from tools.generate.tables.source import SourceError, Tree

# What the ABI's compiler defines, as far as headers look at it.
_MIPS = "__mips__ _MIPSEL __MIPSEL__ _MIPS_SIM_ABI32=1 _ABIO32=1 _ABIN32=2 _ABI64=3"
DEFINED = {
    "x86_64": "__x86_64__ __LP64__",
    "x32": "__x86_64__ __ILP32__",
    "i386": "__i386__",
    "aarch64": "__aarch64__ __LP64__ __AARCH64EL__",
    "aarch64_compat32": "__arm__ __ARM_EABI__ __ARMEL__",  # programs compiled for arm
    "arm": "__arm__ __ARM_EABI__ __ARMEL__",
    "armoabi": "__arm__ __ARMEL__",
    "riscv64": "__riscv __riscv_xlen=64 __LP64__",
    "riscv32": "__riscv __riscv_xlen=32",
    "loongarch64": "__loongarch__ __loongarch_grlen=64 __LP64__",
    "loongarch32": "__loongarch__ __loongarch_grlen=32",
    "ppc64": "__powerpc__ __powerpc64__ __LP64__ __LITTLE_ENDIAN__",
    "ppc": "__powerpc__ __BIG_ENDIAN__",
    "ppc_spu": "__powerpc__ __powerpc64__ __LP64__ __BIG_ENDIAN__",
    "s390x": "__s390__ __s390x__ __LP64__",
    "mips_o32": f"{_MIPS} _MIPS_SIM=_ABIO32 _MIPS_SZLONG=32",
    "mips_n64": f"{_MIPS} _MIPS_SIM=_ABI64 _MIPS_SZLONG=64 __LP64__",
    "mips_n32": f"{_MIPS} _MIPS_SIM=_ABIN32 _MIPS_SZLONG=32",
    "sparc64": "__sparc__ __arch64__ __LP64__",
    "sparc": "__sparc__",
    "parisc64": "__hppa__ __LP64__",
    "parisc": "__hppa__",
    "alpha": "__alpha__ __LP64__",
    "sh": "__sh__ __LITTLE_ENDIAN__",
    "m68k": "__m68k__ __mc68000__",
    "microblaze": "__microblaze__ __MICROBLAZEEL__",
    "xtensa": "__XTENSA__ __XTENSA_EL__",
    "arc": "__arc__",
    "csky": "__csky__ __CSKY__",
    "hexagon": "__hexagon__",
    "nios2": "__nios2__",
    "openrisc": "__or1k__",
}

# Headers that are not for every program.
LEFT_OUT = ("linux/patchkey.h",)
ASM = (
    "fcntl",
    "ioctls",
    "mman",
    "poll",
    "prctl",
    "ptrace",
    "resource",
    "siginfo",
    "signal",
    "socket",
    "stat",
)

# Constants of system calls that no uapi header has: a file, and the names that count in it.
INSIDE = {
    "include/linux/socket.h": r"(AF|PF|MSG|SOL|SCM)_\w+",
    "include/linux/net.h": r"(SOCK|SHUT)_\w+",
    "include/linux/fs_dirent.h": r"DT_\w+",
    "include/linux/fs.h": r"(MNT|UMOUNT)_\w+",
    "include/linux/splice.h": r"SPLICE_F_\w+",
    "include/linux/statfs.h": r"ST_\w+",
    "include/linux/swap.h": r"SWAP_FLAG_\w+",
    "include/linux/key.h": r"KEY_(POS|USR|GRP|OTH)_\w+",
    "include/linux/syslog.h": r"SYSLOG_ACTION_\w+",
}

# Families of which some member has another value elsewhere.
FAMILIES = re.compile(
    r"(O|MAP|PROT|MADV|MCL|MS|SO|SCM|SOL|SOCK|F|LOCK|EFD|TFD|SFD|IN|EPOLL|OPEN_TREE|RLIMIT|SA|PTRACE|FAN"
    r"|FSOPEN|FSMOUNT|FSPICK|MFD|PKEY|SPLICE|POSIX_FADV)_(?!IOC)\w+|FASYNC"
    r"|SIG_?[A-Z0-9]+|POLL[A-Z]+|MINSIGSTKSZ|PIDFD_(NONBLOCK|THREAD)"
)

_IDENTIFIER = r"[A-Za-z_]\w*"
Values = dict[str, int]


def read(tree: Tree, architectures: dict[str, str], wanted: Callable[[str], object]) -> dict[str, Values]:
    """The constants that are wanted, by ABI; architectures are the kernel's folder of each ABI."""
    if missing := architectures.keys() - DEFINED.keys():
        raise SourceError("arch", 0, f"ABIs whose compiler is not known: {', '.join(sorted(missing))}")
    return {
        abi: _of_abi(tree, "arm" if abi == "aarch64_compat32" else architecture, DEFINED[abi], wanted)
        for abi, architecture in architectures.items()
    }


def differing(found: dict[str, Values]) -> tuple[Values, dict[str, dict[str, int | None]]]:
    """Names with more than one value: the most frequent, and by ABI where it is another, or none."""
    usual: Values = {}
    by_abi: dict[str, dict[str, int | None]] = {abi: {} for abi in found}
    for name in sorted({name for values in found.values() for name in values}):
        counts = Counter(values[name] for values in found.values() if name in values)
        if len(counts) < 2:
            continue
        usual[name] = counts.most_common(1)[0][0]
        for abi, values in found.items():
            if values.get(name) != usual[name]:
                by_abi[abi][name] = values.get(name)
    return usual, by_abi


def _of_abi(tree: Tree, architecture: str, defined: str, wanted: Callable[[str], object]) -> Values:
    with tempfile.TemporaryDirectory(prefix="pysys-headers-") as name:
        folder = Path(name)
        headers = prepare(tree, architecture, folder)
        command = [*_compiler(), "-E", "-undef", "-nostdinc", "-w", "-P"]
        long = 8 if "__LP64__" in defined else 4
        sizes = f"__CHAR_BIT__=8 __SIZEOF_LONG__={long} __SIZEOF_POINTER__={long}"  # for __BITS_PER_LONG
        command += [f"-D{one}" for one in f"{defined} {sizes}".split()]
        command += [f"-I{tree.root}/arch/{architecture}/include/uapi", f"-I{tree.root}/include/uapi"]
        command += [f"-I{folder}"]
        text = "".join(f"#include <{header}>\n" for header in headers) + _inside(tree, architecture)
        macros = re.findall(
            rf"^#define ({_IDENTIFIER}) ", _preprocess([*command, "-dM"], text, architecture), re.MULTILINE
        )
        names = sorted({name for name in macros if wanted(name)})
        text += "".join(f'"@" "{name}" {name}\n' for name in names)
        output = _preprocess(command, text, architecture)
    values = _enumerators(output)
    found = {name: number for name, number in values.items() if wanted(name)}
    for name, expression in re.findall(r'^"@" "(\w+)" (.*)$', output, re.MULTILINE):
        number = evaluate(expression, values, long)
        if number is not None:
            found[name] = number
    return found


@cache
def _compiler() -> list[str]:
    found = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if found is None:
        raise SourceError("cc", 0, "the constants need a C preprocessor: install gcc or clang")
    return [found, "-x", "c"]


def _preprocess(command: list[str], text: str, architecture: str) -> str:
    done = subprocess.run(
        [*command, "-"], input=text, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        raise SourceError(f"arch/{architecture}", 0, f"{shlex.join(command)}\n{done.stderr[:2000]}")
    return done.stdout


def prepare(tree: Tree, architecture: str, folder: Path) -> list[str]:
    """Write what a kernel's build would generate for its headers; the headers to read."""
    own = tree.root / f"arch/{architecture}/include/uapi"
    common = tree.root / "include/uapi"
    for header in sorted((common / "asm-generic").glob("*.h")):
        if not (own / "asm" / header.name).exists():
            _write(folder / "asm" / header.name, f"#include <asm-generic/{header.name}>\n")
    # What else they include is the C library's, or holds numbers of calls: nothing is missed without it.
    for name in _included(common) | _included(own):
        if not any((place / name).exists() for place in (own, common, folder)):
            _write(folder / name, "")
    headers = sorted(f"linux/{path.name}" for path in (common / "linux").glob("*.h"))
    asm = [f"asm/{name}.h" for name in ASM]
    asm = [name for name in asm if any((place / name).exists() for place in (own, folder))]
    return [*(name for name in headers if name not in LEFT_OUT), *asm]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@cache
def _included(folder: Path) -> set[str]:
    pattern = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)', re.MULTILINE)
    return {
        name
        for path in folder.rglob("*.h")
        for name in pattern.findall(path.read_text("utf-8", "surrogateescape"))
    }


def _inside(tree: Tree, architecture: str) -> str:
    """The kernel's own definitions of what programs pass as well."""
    own = f"arch/{architecture}/include/asm/socket.h"
    text, taken = "", set()
    paths = ([(own, INSIDE["include/linux/net.h"])] if tree.exists(own) else []) + list(INSIDE.items())
    for path, pattern in paths:
        content = "\n".join(line for _, line in tree.lines(path))
        for match in re.finditer(rf"^#\s*define\s+({pattern})\s+(\S.*)$", content, re.MULTILINE):
            if match[1] not in taken:  # an architecture's comes first; of #if and #else, the first
                taken.add(match[1])
                text += f"#ifndef {match[1]}\n{match[0]}\n#endif\n"
        for match in re.finditer(r"enum\s+(\w+)\s*\{([^{}]*)\}", content):
            if match[1] not in taken and re.search(rf"\b{pattern}\b", match[2]):
                taken.add(match[1])
                text += f"{match[0]};\n"
    return text


def _enumerators(text: str) -> Values:
    values: Values = {}
    for match in re.finditer(r"\benum\b[^;{}()=]*\{([^{}]*)\}", text):
        following: int | None = 0
        for item in items(match[1]):
            name, equals, expression = item.partition("=")
            if equals:
                following = evaluate(expression, values)
            name = name.strip()
            if following is not None and re.fullmatch(_IDENTIFIER, name):
                values[name] = following
                following += 1
    return values


def items(text: str) -> Iterable[str]:
    """Split at commas outside of parentheses."""
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            yield text[start:place]
            start = place + 1
    yield text[start:]


# A constant expression of C, as far as headers use it.

_TOKEN = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b|'(?P<char>[^'\\])'"
    rf"|(?P<name>{_IDENTIFIER})|(?P<op><<|>>|<=|>=|==|!=|&&|\|\||[-+*/%~!&|^<>?:()]))"
)
_LEVELS = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!="),
    ("<", ">", "<=", ">="),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
_BINARY: dict[str, Callable[[int, int], int]] = {
    "||": lambda a, b: int(bool(a or b)),
    "&&": lambda a, b: int(bool(a and b)),
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "<<": lambda a, b: a << b,
    ">>": lambda a, b: a >> b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a // b,
    "%": lambda a, b: a % b,
}
_WORDS = frozenset(("unsigned", "signed", "char", "short", "int", "long", "__force"))
_TYPES = re.compile(r"__[usl]e?\d+|u?int\d+_t|__kernel_\w+_t|size_t|time_t|__poll_t")
_SIZES = {
    "char": 1,
    "short": 2,
    "int": 4,
    "__u8": 1,
    "__u16": 2,
    "__u32": 4,
    "__s32": 4,
    "__u64": 8,
    "__s64": 8,
}


class _NotConstantError(Exception):
    pass


def evaluate(text: str, known: Values | None = None, long: int = 8) -> int | None:
    """The value of a constant expression; None if it is not one."""
    tokens: list[tuple[str, str]] = []
    place, text = 0, text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            return None
        tokens.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    parser = _Parser(tokens, known or {}, long)
    try:
        value = parser.conditional()
    except (_NotConstantError, ZeroDivisionError, ValueError):
        return None
    return value if not parser.tokens else None


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], known: Values, long: int) -> None:
        self.tokens = tokens[::-1]  # the next one is the last
        self.known = known
        self.long = long

    def next(self, operators: Collection[str]) -> str:
        """Take the next token if it is one of these operators."""
        if self.tokens and self.tokens[-1][0] == "op" and self.tokens[-1][1] in operators:
            return self.tokens.pop()[1]
        return ""

    def need(self, operator: str) -> None:
        if not self.next((operator,)):
            raise _NotConstantError

    def conditional(self) -> int:
        condition = self.binary(0)
        if not self.next("?"):
            return condition
        first = self.conditional()
        self.need(":")
        second = self.conditional()
        return first if condition else second

    def binary(self, level: int) -> int:
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while operator := self.next(_LEVELS[level]):
            left = _BINARY[operator](left, self.binary(level + 1))
        return left

    def unary(self) -> int:
        if operator := self.next("-+~!"):
            value = self.unary()
            return {"-": -value, "+": value, "~": ~value, "!": int(not value)}[operator]
        if not self.tokens:
            raise _NotConstantError
        if self.next("("):
            if self.type():
                self.need(")")
                return self.unary()
            value = self.conditional()
            self.need(")")
            return value
        kind, text = self.tokens.pop()
        if kind == "char":
            return ord(text)
        if kind == "number":
            octal = len(text) > 1 and text[0] == "0" and text.isdigit()
            return int(text, 8) if octal else int(text, 0)
        if text == "sizeof" and self.next("("):
            name = self.type()
            self.need(")")
            return self.size(name)
        if text in self.known:
            return self.known[text]
        raise _NotConstantError

    def type(self) -> str:
        """Take a type's name, if one comes."""
        words = []
        while self.tokens and self.tokens[-1][0] == "name":
            word = self.tokens[-1][1]
            if word not in _WORDS and not _TYPES.fullmatch(word):
                break
            words.append(self.tokens.pop()[1])
        return " ".join(words)

    def size(self, name: str) -> int:
        # time_t is the C library's. The kernel's own, which a bare call passes, is a long.
        if name in ("time_t", "__kernel_long_t", "__kernel_ulong_t", "size_t", "unsigned long", "long"):
            return self.long
        if name.removeprefix("unsigned ") in _SIZES:
            return _SIZES[name.removeprefix("unsigned ")]
        raise _NotConstantError
