"""Definitions of system calls: their parameters, and which definition an ABI's entry point means."""

from __future__ import annotations

import re
import runpy
from typing import NamedTuple

from tools import PROJECT
from tools.generate.tables.source import SourceError, Tree, without_comments

Parameters = tuple[tuple[str, str], ...]  # (type, name)


# What one function for several calls reads from the saved registers, by its entry point and the call: none of
# the general definitions, as ARM's cacheflush takes an end and not a length. Calls that have no general
# definition either are in data/definitions.tsv.
SWITCHES: dict[tuple[str, str], Parameters] = {
    (entry, "cacheflush"): (("unsigned long", "start"), ("unsigned long", "end"), ("int", "flags"))
    for entry in ("arm_syscall", "compat_arm_syscall")
}


class Definition(NamedTuple):
    symbol: str  # "sys_read", "compat_sys_execve"
    parameters: Parameters
    path: str
    line: int
    conditions: tuple[str, ...]  # of the preprocessor, outermost first

    def names(self) -> list[str]:
        return [name for _, name in self.parameters]


# Folders that define no call of a kernel which programs see.
SKIPPED = ("tools/", "Documentation/", "samples/", "scripts/", "arch/um/", "arch/x86/um/")
MACRO = re.compile(r"^(\w*?)SYSCALL(32)?_DEFINE(\d)\s*\(", re.MULTILINE)
FUNCTION = re.compile(r"^asmlinkage\s+[\w\s*]*?\b(\w+)\s*\(([^(){};]*)\)\s*\{", re.MULTILINE)
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b[ \t]*(.*?)[ \t]*$", re.MULTILINE)
# Macros that stand for two parameters, the halves of a 64-bit one; the low half is written first
# here, the order in registers is the one of the byte order.
HALVES = re.compile(r"(?:SC_ARG64|compat_arg_u64_dual|arg_u32p)\((\w+)\)")
RENAME = re.compile(r"^#\s*define\s+(_*sys_\w+)\s+(_*sys_\w+)\s*$", re.MULTILINE)
NOT_IMPLEMENTED: frozenset[str] = runpy.run_path(str(PROJECT / "src/pysys/abi.py"))["NOT_IMPLEMENTED"]
# Assembly around a C function: alpha's fork_like, stubs that save registers, parisc's wrappers.
STUB = re.compile(r"^(?:alpha_|__sys_|sys_)(\w+?)(?:_wrapper)?$")


def read(tree: Tree) -> list[Definition]:
    """Every definition in the tree."""
    found: list[Definition] = []
    for path in tree.glob("**/*.c"):
        if path.startswith(SKIPPED):
            continue
        text = tree.text(path)
        if "SYSCALL" in text or (path.startswith("arch/") and "asmlinkage" in text):
            found += parse(path, text)
    if not found:
        raise SourceError("", 0, "no system call is defined in this tree")
    return found


def parse(path: str, text: str) -> list[Definition]:
    """The definitions of one file."""
    text = without_comments(text)
    found = []
    for match in MACRO.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        end = _closing(text, match.end(), path, line)
        name, *rest = [" ".join(part.split()) for part in _split(text[match.end() : end])]
        parameters = _pairs(rest, path, line)
        if len(parameters) != int(match[3]):
            raise SourceError(path, line, f"{name} has {len(parameters)} parameters, not {match[3]}")
        conditions = conditions_of(text[: match.start()])
        prefix = match[1]
        if prefix == "" and match[2]:  # SYSCALL32_DEFINE: of a 32-bit kernel or for its processes
            symbols = [f"sys_{name}", f"compat_sys_{name}"]
            conditions = (*conditions, "defined(SPLIT)")
        elif prefix == "":
            symbols = [f"sys_{name}"]
        elif prefix == "COMPAT_":
            symbols = [f"compat_sys_{name}"]
        elif prefix == "PPC32_":
            symbols = [f"sys_{name}", f"compat_sys_{name}"]
        else:
            raise SourceError(path, line, f"unknown macro {match[0]!r}")
        found += [Definition(symbol, parameters, path, line, conditions) for symbol in symbols]
    if path.startswith("arch/"):
        for match in FUNCTION.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            if "pt_regs" in match[2]:
                continue  # it takes its arguments from the saved registers
            try:
                declared = tuple(_declared(one) for one in match[2].split(",") if one.strip() != "void")
            except ValueError as error:
                raise SourceError(path, line, str(error)) from None
            conditions = conditions_of(text[: match.start()])
            found.append(Definition(match[1], declared, path, line, conditions))
    return found


def _closing(text: str, start: int, path: str, line: int) -> int:
    depth = 1
    for index in range(start, min(start + 2000, len(text))):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth == 0:
            return index
    raise SourceError(path, line, "a definition that does not end")


def _split(text: str) -> list[str]:
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _pairs(parts: list[str], path: str, line: int) -> Parameters:
    words: list[str] = []
    for part in parts:
        if match := HALVES.fullmatch(part):
            words += ["u32", f"{match[1]}_lo", "u32", f"{match[1]}_hi"]
        else:
            words.append(part)
    if len(words) % 2 or not all(name.isidentifier() for name in words[1::2]):
        raise SourceError(path, line, f"not pairs of types and names: {parts}")
    return tuple((_type(one), name) for one, name in zip(words[::2], words[1::2], strict=True))


def _declared(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"\s*(.*?)(\w+)\s*", text, re.DOTALL)
    if not match or not match[1].strip():
        raise ValueError(f"not a declaration of a parameter: {text!r}")
    return _type(match[1]), match[2]


def _type(text: str) -> str:
    """A type as it is written outside of the kernel: without __user, stars at the end."""
    text = re.sub(r"\b__user\b", " ", text)
    text = re.sub(r"\s*\*\s*", "*", " ".join(text.split()))
    return re.sub(r"(?<=[\w])\*", " *", text, count=1)


def conditions_of(before: str) -> tuple[str, ...]:
    """The #if lines that are open at the end of a text, each as an expression with defined()."""
    stack: list[list[str]] = []
    for word, rest in DIRECTIVE.findall(before):
        if word in ("if", "ifdef", "ifndef"):
            test = {"if": rest, "ifdef": f"defined({rest})", "ifndef": f"!defined({rest})"}[word]
            stack.append([test])
        elif word == "endif":
            stack.pop()
        else:  # the last test of the list is the one that holds here, the ones before it do not
            stack[-1].append(rest if word == "elif" else "1")
    found = []
    for tests in stack:
        *failed, held = tests
        found += [f"!({test})" for test in failed] + [held]
    return tuple(test for test in found if test != "1")


class Kernel(NamedTuple):
    """What is known of the configuration of a kernel with a given native ABI."""

    architecture: str
    known: dict[str, bool]

    def excludes(self, definition: Definition) -> bool:
        """This kernel certainly does not contain the definition."""
        folders = definition.path.split("/")
        if folders[0] == "arch" and folders[1] != self.architecture:
            return True
        return self.holds(definition.conditions) is False

    def holds(self, conditions: tuple[str, ...]) -> bool | None:
        """Whether conditions hold together; None if that depends on something unknown."""
        found = {self._value(test) for test in conditions}
        return False if False in found else None if None in found else True

    def _value(self, test: str) -> bool | None:
        """The value of a preprocessor condition; None if it depends on something unknown."""
        names = re.findall(r"[A-Za-z_]\w*", test)
        words = {name for name in names if name not in ("defined", "IS_ENABLED")}
        remainder = re.sub(r"[A-Za-z_]\w*|[()!\s]|&&|\|\|", "", test)
        if remainder or not words:
            return None
        unknown = sorted(words - self.known.keys())
        if len(unknown) > 4:
            return None
        python = re.sub(r"!(?!=)", " not ", test.replace("&&", " and ").replace("||", " or "))
        python = re.sub(r"\b(?:defined|IS_ENABLED)\b", "", python).strip()
        outcomes = set()  # with every value of what is unknown
        for bits in range(1 << len(unknown)):
            values = self.known | {name: bool(bits >> i & 1) for i, name in enumerate(unknown)}
            outcomes.add(bool(eval(python, {"__builtins__": {}}, values)))
        return outcomes.pop() if len(outcomes) == 1 else None


# Kconfig symbols on which the choice between definitions depends.
SYMBOLS = (
    "CLONE_BACKWARDS",
    "CLONE_BACKWARDS2",
    "CLONE_BACKWARDS3",
    "OLD_SIGSUSPEND",
    "OLD_SIGSUSPEND3",
    "ARCH_SPLIT_ARG64",
)


def kernel(tree: Tree, architecture: str, bits: int) -> Kernel:
    """Configuration of an architecture's kernel, as its Kconfig file selects it."""
    wide = bits == 64
    known = {
        "CONFIG_64BIT": wide,
        "CONFIG_32BIT": not wide,
        "CONFIG_MMU": True,
        "CONFIG_X86_32": architecture == "x86" and not wide,
        "CONFIG_X86_64": architecture == "x86" and wide,
        "CONFIG_PPC32": architecture == "powerpc" and not wide,
        "CONFIG_PPC64": architecture == "powerpc" and wide,
        "__LP64__": wide,
    }
    if not wide:
        known["CONFIG_COMPAT"] = False
    path = f"arch/{architecture}/Kconfig"
    selected: dict[str, bool] = dict.fromkeys(SYMBOLS, False)
    block = ""
    for line, text in enumerate(tree.text(path).split("\n"), 1):
        if match := re.match(r"(?:menu)?config (\w+)", text):
            block = match[1]
        if match := re.match(r"\s+select (\w+)(?:\s+if\s+(.*))?$", text):
            symbol, condition = match.groups()
            if symbol not in SYMBOLS:
                continue
            value = Kernel(architecture, known | {f"CONFIG_{block}": True})._value(
                re.sub(r"(\w+)", r"CONFIG_\1", condition) if condition else "CONFIG_MMU"
            )
            if value is None or known.get(f"CONFIG_{block}", True) is None:
                raise SourceError(path, line, f"unknown condition: {text.strip()!r}")
            selected[symbol] |= value and known.get(f"CONFIG_{block}", True)
    if architecture == "sparc":
        selected["CLONE_BACKWARDS"] = True  # sparc_clone() reads the registers in that order
    known |= {f"CONFIG_{symbol}": value for symbol, value in selected.items()}
    known["SPLIT"] = known["CONFIG_ARCH_SPLIT_ARG64"]
    return Kernel(architecture, known)


def renames(tree: Tree, kernel: Kernel) -> dict[str, str]:
    """Entry points that an architecture's table replaces by #define before it reads the table."""
    found: dict[str, str] = {}
    folder = f"arch/{kernel.architecture}/kernel"
    for path in tree.glob(f"{folder}/*.c") + tree.glob(f"{folder}/*.S"):
        text = tree.text(path)
        if not re.search(r'#\s*include\s+[<"]asm/(?:syscall_table|calls)', text):
            continue
        text = without_comments(text)
        for match in RENAME.finditer(text):
            if kernel.holds(conditions_of(text[: match.start()])) is not False:
                found[match[1]] = match[2]
    return found


class Resolver:
    """Finds the definition which an entry point means on an ABI."""

    def __init__(self, definitions: list[Definition]) -> None:
        self.by_symbol: dict[str, list[Definition]] = {}
        for definition in definitions:
            self.by_symbol.setdefault(definition.symbol, []).append(definition)

    def find(self, symbol: str, kernel: Kernel) -> Definition | None:
        """The definition; None if the function is assembly or reads the saved registers."""
        possible = [d for d in self.by_symbol.get(symbol, ()) if not kernel.excludes(d)]
        own = [d for d in possible if d.path.startswith("arch/")]
        possible = own or possible
        if not possible:
            return None
        # Stubs, kernels without an MMU and of another width define the same call again, with other
        # names of parameters at most.
        other = "_32." if kernel.known["CONFIG_64BIT"] else "_64."
        possible.sort(
            key=lambda d: (
                "stub" in d.path or "nommu" in d.path or other in d.path,
                d.path,
                d.line,
            )
        )
        types = {tuple(one for one, _ in d.parameters) for d in possible}
        if len({tuple(one.replace("const ", "") for one in t) for t in types}) > 1:
            where = ", ".join(f"{d.path}:{d.line}" for d in possible)
            raise SourceError(
                possible[0].path, possible[0].line, f"{symbol} has several definitions: {where}"
            )
        return possible[0]

    def resolve(self, entry: str, kernel: Kernel) -> Definition | None:
        """The same, looking through assembly stubs."""
        if entry in NOT_IMPLEMENTED:
            return None
        found = self.find(entry, kernel)
        if found is None and (match := STUB.match(entry)):
            found = self.find(f"sys_{match[1]}", kernel)
        return found

    def meant(self, call: str, entry: str, kernel: Kernel) -> Definition | None:
        """What an entry point takes as this call; None if the call's general definition says it."""
        if (entry, call) in SWITCHES:
            return Definition(f"sys_{call}", SWITCHES[entry, call], "arch/arm/kernel/traps.c", 0, ())
        return self.resolve(entry, kernel)

    def general(self, name: str) -> Definition | None:
        """The definition of a name outside the architectures, with 64-bit parameters undivided."""
        for definition in self.by_symbol.get(f"sys_{name}", ()):
            if not definition.path.startswith("arch/") and not _split_only(definition):
                return definition
        return None

    def compat(self, symbol: str, architecture: str) -> list[Definition]:
        """What a 64-bit kernel of an architecture runs for its 32-bit processes, if it is C."""
        possible = self.by_symbol.get(symbol, ())
        own = [d for d in possible if d.path.startswith(f"arch/{architecture}/")]
        return own or [d for d in possible if not d.path.startswith("arch/")]


def _split_only(definition: Definition) -> bool:
    return "defined(SPLIT)" in definition.conditions


class Catalogue(NamedTuple):
    """Signatures under keys, and which key a name means."""

    signatures: dict[str, tuple[str, str]]  # key: parameters, file
    usual: dict[str, str]  # name: key, where they differ
    by_abi: dict[str, dict[str, str]]  # ABI: name: key, where it is not the usual one


def text(parameters: Parameters) -> str:
    return ", ".join(f"{one}{'' if one.endswith('*') else ' '}{name}" for one, name in parameters)


def numbered_keys(used: list[Definition]) -> dict[tuple[str, Parameters], str]:
    """A key for each different definition, in the order of first use."""
    keys: dict[tuple[str, Parameters], str] = {}
    count: dict[str, int] = {}
    for one in used:
        if (one.symbol, one.parameters) not in keys:
            name = one.symbol.removeprefix("sys_")
            count[name] = count.get(name, 0) + 1
            keys[one.symbol, one.parameters] = name if count[name] == 1 else f"{name}#{count[name]}"
    return keys


def listing(used: list[Definition]) -> dict[str, tuple[str, str]]:
    """Parameters and file of each different definition, by key."""
    keys = numbered_keys(used)
    files = {keys[one.symbol, one.parameters]: one for one in reversed(used)}
    return {key: (text(one.parameters), one.path) for key, one in sorted(files.items())}


def catalogue(meant: dict[str, dict[str, Definition | None]]) -> Catalogue:
    """Keys for the definitions that calls mean, an ABI and name each.

    A key is the name of the definition without its sys_, numbered where an architecture or a
    configuration defines it differently. The first ABI that has a definition has the usual one.
    """
    usual: dict[str, Definition] = {}
    used: list[Definition] = []
    for calls in meant.values():
        for name, definition in calls.items():
            if definition:
                usual.setdefault(name, definition)
                used.append(definition)
    keys = numbered_keys(used)

    def key_of(definition: Definition) -> str:
        return keys[definition.symbol, definition.parameters]

    by_abi = {
        abi: {
            name: key_of(definition)
            for name, definition in calls.items()
            if definition and key_of(definition) != key_of(usual[name])
        }
        for abi, calls in meant.items()
    }
    return Catalogue(
        listing(used),
        {name: key_of(one) for name, one in sorted(usual.items()) if key_of(one) != name},
        {abi: calls for abi, calls in by_abi.items() if calls},
    )
