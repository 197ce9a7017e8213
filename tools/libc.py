"""What the C library has of the reference's names: headers, prototypes, symbol versions.

python -m tools.libc            writes the file; then `python -m tools.generate`
python -m tools.libc --check    writes nothing; exits 1 if the file is not what it would write

Writes tools/generate/tables/data/libc.tsv from the newest glibc that Debian packages: the declarations in
its headers, as the C compiler's preprocessor leaves them, and the versions of the dynamic symbols. Those of
i386 are as old as glibc 2.0; x86-64 began with 2.2.5. It needs a C compiler, binutils, and pycparser, which
comes with cffi. What it unpacks stays in $PYSYS_CACHE or ~/.cache/pysys, for --check.
"""

from __future__ import annotations

import argparse
import difflib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pycparser import CParser, c_ast, c_generator
from pycparser.c_parser import ParseError

from machines.cache import cache, locked
from machines.debian import Archive
from machines.errors import Trouble
from machines.packages import unpack
from pysys.metadata import load
from tools.generate.tables import facts

FILE = facts.DATA / "libc.tsv"
SUITE = "sid"
PACKAGES = {"amd64": ("libc6", "libc6-dev", "linux-libc-dev"), "i386": ("libc6",)}
TRIPLES = {"amd64": "x86_64-linux-gnu", "i386": "i386-linux-gnu"}
# What the compiler adds to C, and the parser does not know.
EXTENSIONS = (
    "__attribute__(x)=",
    "__asm__(...)=",
    "__volatile__=",
    "__signed__=signed",
    "__extension__=",
    "__inline=inline",
    "__restrict=restrict",
    "__builtin_va_list=int",
    "__typeof__(x)=int",
    "__int128=long",
    *(f"_Float{size}=double" for size in ("32", "32x", "64", "64x", "128")),
)
# Types of macros and unions behind which the headers hide what everyone passes.
PLAIN = {
    "__CONST_SOCKADDR_ARG": "const struct sockaddr *",
    "__SOCKADDR_ARG": "struct sockaddr *",
    "__rlimit_resource_t": "int",
    "__priority_which_t": "int",
    "__rusage_who_t": "int",
    "__itimer_which_t": "int",
}
# Before glibc 2.33 these were inline functions, made of the symbol that is named here.
INLINE = {
    "stat": "__xstat",
    "lstat": "__lxstat",
    "fstat": "__fxstat",
    "fstatat": "__fxstatat",
    "mknod": "__xmknod",
    "mknodat": "__xmknodat",
}
# Headers that the manual of the C library names, and not the ones that they include.
BETTER = {"sys/acct.h": "unistd.h", "sys/perm.h": "sys/io.h", "sys/poll.h": "poll.h"}


class Function(NamedTuple):
    """A declaration: the file that it stands in, and C without its semicolon."""

    file: str
    prototype: str


class Headers:
    """The headers of a C library."""

    def __init__(self, root: Path) -> None:
        self.root = root
        folder = root / "usr/include"
        own = folder / TRIPLES["amd64"]
        top = [folder, own]
        self.public = sorted(
            {
                str(path.relative_to(one))
                for one in top
                for path in (*one.glob("*.h"), *one.glob("sys/*.h"), *one.glob("net/*.h"))
                if "linux" not in path.parts
            }
        )
        compilers = subprocess.run(
            ["cc", "-print-file-name=include"], capture_output=True, text=True, check=True
        ).stdout.strip()
        self.paths = ["-nostdinc", *(f"-isystem{one}" for one in (compilers, own, folder))]

    def declared(self, header: str, macro: str = "") -> dict[str, Function]:
        """The functions that a file with this one #include may use."""
        definitions = [f"-D{one}" for one in (*EXTENSIONS, *([macro] if macro else []))]
        done = subprocess.run(
            ["cc", "-E", "-xc", *self.paths, *definitions, "-"],
            input=f"#include <{header}>\n",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:  # not meant to be included, or not without another one
            return {}
        try:
            tree = CParser().parse(re.sub(r"^#pragma.*$", "", done.stdout, flags=re.M))
        except ParseError as error:
            print(f"libc: {header} is left out: {error}", file=sys.stderr)
            return {}
        types = {
            one.type.type.names[0]: one.name
            for one in tree.ext
            if isinstance(one, c_ast.Typedef)
            and isinstance(one.type, c_ast.TypeDecl)
            and isinstance(one.type.type, c_ast.IdentifierType)
            and one.type.type.names == [f"__{one.name}"]
        }
        return {
            one.name: Function(str(one.coord).partition(":")[0], _prototype(one, types))
            for one in tree.ext
            if isinstance(one, c_ast.Decl) and isinstance(one.type, c_ast.FuncDecl)
        }

    def home(self, file: str) -> str:
        """The header that a declaration in this file is reached by, "sched.h" for bits/sched.h."""
        relative = re.sub(rf".*/usr/include/(?:{TRIPLES['amd64']}/)?", "", file)
        if relative in self.public:
            return relative
        found = re.search(r"# *error \"Never.*?; *(?:use|include) *<(.*?)>", Path(file).read_text("latin-1"))
        return found[1] if found else ""


def _prototype(declared: c_ast.Decl, types: dict[str, str]) -> str:
    """The declaration as the manual of a library writes it."""
    declared.storage, declared.funcspec = [], []
    text = " ".join(c_generator.CGenerator().visit(declared).split())
    text = re.sub(r"\b__\w+", lambda found: types.get(found[0], PLAIN.get(found[0], found[0])), text)
    text = re.sub(r"(?<!enum )\b__+(?=[a-z])", "", text)
    text = re.sub(r"\blong unsigned int\b", "unsigned long", text)
    return text.replace("* ", "*").replace("long int", "long").replace("short int", "short")


def versions(library: Path) -> dict[str, tuple[str, bool]]:
    """The oldest version of each dynamic symbol, and whether a program can be linked to it today."""
    command = ["readelf", "--dyn-syms", "--wide", str(library)]
    return oldest(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def oldest(symbols: str) -> dict[str, tuple[str, bool]]:
    """The same, from what readelf prints."""
    found: dict[str, tuple[str, bool]] = {}
    for name, at, version in re.findall(r" I?FUNC .* (\w+)(@@?)GLIBC_([\d.]+)", symbols):
        before, linked = found.get(name, (version, False))
        found[name] = min(before, version, key=load.version_key), linked or at == "@@"
    return found


def functions(root: Path) -> tuple[str, dict[str, tuple[str, str, str, str]]]:
    """The version of glibc, and header, macro, version and prototype of the functions of the reference."""
    headers = Headers(root / "amd64")
    linked, *_ = symbols = [
        versions(root / one / "usr/lib" / triple / "libc.so.6") for one, triple in TRIPLES.items()
    ]
    other = dict(facts.rows("libc_names.tsv", 2)[1])
    wanted = {name for name in {*load.names(), *other.values()} if name not in other}
    found: dict[str, tuple[str, str, str, str]] = {}
    for macro in "", "_GNU_SOURCE":
        offered = {header: headers.declared(header, macro) for header in headers.public}
        # Where no header says that a declaration is its own, the one that brings least besides.
        for header in sorted(offered, key=lambda one: len(offered[one])):
            for name, function in offered[header].items():
                if name not in wanted or name in found or not linked.get(name, ("", False))[1]:
                    continue
                if headers.home(function.file) in (header, ""):
                    names = (name, INLINE.get(name, name))
                    since = (table[one][0] for table in symbols for one in names if one in table)
                    oldest = min(since, key=load.version_key)
                    found[name] = BETTER.get(header, header), macro, oldest, function.prototype
    own = (root / "amd64/usr/include/features.h").read_text()
    numbers = re.search(r"__GLIBC__\s+(\d+)\n.*?__GLIBC_MINOR__\s+(\d+)", own, re.S)
    assert numbers is not None
    return f"{numbers[1]}.{numbers[2]}", found


def fetch(target: Path) -> None:
    """Unpack the packages, a folder for each architecture."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        root = Path(folder) / "root"
        for architecture, packages in PACKAGES.items():
            for package in packages:
                with Archive(SUITE, architecture).alone(package) as path:
                    unpack(path, root / architecture)
        root.rename(target)


def text(version: str, found: dict[str, tuple[str, str, str, str]]) -> str:
    """What the file has."""
    lines = [f"# glibc {version}: its headers, and the symbols of libc.so.6 on x86-64 and i386"]
    return "\n".join([*lines, *("\t".join((name, *row)) for name, row in sorted(found.items()))]) + "\n"


def complaints(version: str, made: str, committed: str) -> tuple[int, str]:
    """The exit status of --check and what it prints; another C library than the file's is not a failure."""
    theirs = re.match(r"# glibc ([\d.]+):", committed)
    if theirs is None or theirs[1] != version:
        was = theirs[1] if theirs else "none"
        return 0, f"libc.tsv is of glibc {was}, and there is {version}. To take it in: python -m tools.libc"
    if made == committed:
        return 0, "libc.tsv is current"
    changed = list(difflib.unified_diff(committed.splitlines(), made.splitlines(), lineterm="", n=0))[2:]
    return 1, "\n".join(["libc.tsv is not what glibc's headers give:", *changed])


def main(arguments: Iterable[str] | None = None) -> int:
    """Fetch, and write or compare the file."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.libc", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    options = parser.parse_args(None if arguments is None else list(arguments))
    try:
        target = cache() / f"c-library-{SUITE}"
        with locked(target):
            if not options.check:  # to take in what is newest
                shutil.rmtree(target, ignore_errors=True)
            if not target.exists():
                fetch(target)
            version, found = functions(target)
    except Trouble as trouble:
        sys.exit(f"libc: {trouble}")
    if options.check:
        status, answer = complaints(version, text(version, found), FILE.read_text("utf-8"))
        print(answer)
        return status
    FILE.write_text(text(version, found), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
