"""The typed calls in C: for every call of an ABI a function with the kernel's parameters.

build_ffi.py asks for two texts: declarations, which CFFI and C read, and definitions. A result is at
least 0, or minus the errno, as in cdefs/syscall.h. Besides the functions there are texts from which Python
knows the parameters of every call without reading a file, including calls that the ABI lacks or pysys
refuses, what they are under each command, and what else is known of the call.
"""

from __future__ import annotations

from collections.abc import Sequence

from pysys import numbers, signatures
from pysys.abi import ABI
from pysys.parameters import Parameter, behaviour, defined, dump, items, parameters
from pysys.parameters.commands import commands
from pysys.policy.fate import fate
from pysys.policy.refusals import REFUSED_VALUES

# Types of numbers in C. A kernel's long is as wide as a register.
_NUMBERS = {
    "__s32": "int",
    "__u32": "unsigned int",
    "__u64": "unsigned long long",
    "aio_context_t": "pysys_uword",
    "clockid_t": "int",
    "compat_aio_context_t": "unsigned int",
    "compat_long_t": "int",
    "compat_mode_t": "unsigned short",
    "compat_pid_t": "int",
    "compat_size_t": "unsigned int",
    "compat_ssize_t": "int",
    "compat_ulong_t": "unsigned int",
    "compat_uptr_t": "unsigned int",
    "enum landlock_rule_type": "int",
    "enum pl_code": "int",
    "gid_t": "unsigned int",
    "int": "int",
    "key_serial_t": "int",
    "key_t": "int",
    "loff_t": "long long",
    "long": "pysys_word",
    "mqd_t": "int",
    "off_t": "pysys_word",
    "old_gid_t": "unsigned short",
    "old_sigset_t": "pysys_uword",
    "old_uid_t": "unsigned short",
    "pid_t": "int",
    "qid_t": "unsigned int",
    "rwf_t": "int",
    "size_t": "pysys_uword",
    "timer_t": "int",
    "u32": "unsigned int",
    "uid_t": "unsigned int",
    "uint": "unsigned int",
    "uint32_t": "unsigned int",
    "uintptr_t": "pysys_uword",
    "umode_t": "unsigned short",
    "unsigned": "unsigned int",
    "unsigned int": "unsigned int",
    "unsigned long": "pysys_uword",
    "utrap_entry_t": "int",
}


def calls(abi: ABI) -> list[str]:
    """The names that have a function: those that the kernel defines in C and pysys makes."""
    return [
        name
        for name in numbers.table(abi)
        if parameters(name, abi) is not None and not fate(name, abi).refusal
    ]


def _texts(abi: ABI) -> dict[str, str]:
    """The parameters of every call that the kernel defines in C: `usual_NAME`, and `parameters_NAME` if that
    of the ABI differs; and `behaviour_NAME` of what else is known."""
    found = {}
    for name in sorted(numbers.calls()):
        usual = defined(name)
        own = defined(name, abi) if name in numbers.table(abi) else usual
        if usual is not None:
            found[f"usual_{name}"] = dump(usual)
        if own is not None and (usual is None or dump(own) != dump(usual)):
            found[f"parameters_{name}"] = dump(own)
        if known := behaviour(name, abi):
            found[f"behaviour_{name}"] = " ".join(
                f"{key}={one}" if one else key for key, one in known.items()
            )
    return found


def type_of(parameter: Parameter, structures: frozenset[str]) -> str:
    """A parameter's type in C, or its union's or structure's."""
    if parameter.kind == "fd":
        return "int"  # where the kernel has it unsigned, too: -1 and AT_FDCWD are descriptors
    if parameter.kind in ("word", "address"):
        return "pysys_word"
    if parameter.kind in ("path", "string"):
        return "const char *"
    if parameter.kind == "memory" and parameter.points in structures:
        keyword = "union" if parameter.points == "bpf_attr" else "struct"
        return f"{keyword} kernel_{parameter.points} *"
    if "*" in parameter.type or parameter.kind in ("memory", "strings"):
        return "void *"
    return _NUMBERS[parameter.type.removeprefix("const ")]


def types_of(name: str, abi: ABI, structures: frozenset[str]) -> list[str]:
    """The types in C of a call's parameters."""
    types = [type_of(parameter, structures) for parameter in parameters(name, abi) or ()]
    for index, size in (abi.pairs and signatures.layout(name, abi)) or ():
        # What goes into two registers has 64 bits, whatever other ABIs make of it.
        if size == 2 and not types[index].endswith("long long"):
            types[index] = "long long"
    return types


def _words(name: str, abi: ABI) -> list[str]:
    """What goes into the registers."""
    known = parameters(name, abi) or ()
    layout = signatures.layout(name, abi) if abi.pairs else None
    if layout is not None:
        words = []
        for index, size in layout:
            one = f"a{index}"
            if index < 0:
                words.append("0")
            elif size == 2:
                words += [f"PYSYS_FIRST({one})", f"PYSYS_SECOND({one})"]
            else:
                words.append(_word(known[index], one))
        return words
    words = []
    for index, parameter in enumerate(known):
        words.append(_word(parameter, f"a{index}"))
        if parameter.name == "pos" and len(defined(name, abi) or ()) > len(known):
            # Low and high long; the latter is shifted away where a long has 64 bits.
            if abi.bits == 32:
                words[-1:] = [f"(unsigned int)a{index}", f"(unsigned int)(a{index} >> 32)"]
            else:
                words.append("0")
    return words


def _word(parameter: Parameter, argument: str) -> str:
    pointer = "*" in parameter.type or parameter.kind in ("memory", "path", "string", "strings")
    if pointer and parameter.kind not in ("word", "address"):
        return f"(pysys_word)(uintptr_t){argument}"
    return f"(pysys_word){argument}"


def declarations(abi: ABI, structures: frozenset[str]) -> str:
    """The prototypes."""
    lines = []
    for name in calls(abi):
        listed = [f"{kind} a{index}" for index, kind in enumerate(types_of(name, abi, structures))]
        lines.append(f"pysys_word call_{name}({', '.join(listed) or 'void'});\n")
    lines += [f"extern const char *const {name};\n" for name in _texts(abi)]
    lines += [f"extern const char *const commands_{name};\n" for name in calls(abi) if commands(name, abi)]
    return "".join(lines)


def definitions(abi: ABI, structures: frozenset[str]) -> str:
    """The functions; pysys_word and outcome() are those of cdefs/."""
    bodies = []
    for name, prototype in zip(calls(abi), declarations(abi, structures).splitlines(), strict=False):
        number = numbers.number(name, abi)
        words = ", ".join([str(number), *_words(name, abi)])
        issued = f"outcome({number}, syscall({words}))"
        bodies.append(f"static {prototype.removesuffix(';')}\n{{\n    return {issued};\n}}\n")
        if lines := commands(name, abi):
            text = "\\n".join(lines.splitlines())
            bodies.append(f'const char *const commands_{name} = "{text}";\n')
    texts = [f'const char *const {name} = "{text}";\n' for name, text in _texts(abi).items()]
    return _HALVES + "\n".join([*bodies, *texts, _table(abi, structures)])


# ---- the table: how calls.c converts the arguments ----


def _table(abi: ABI, structures: frozenset[str]) -> str:
    """Of every call, sorted by name, what cdefs/table.h describes."""
    parts, rows = [], []
    for name in sorted(calls(abi)):
        known = parameters(name, abi) or ()
        types = types_of(name, abi, structures)
        passed = [
            f"({kind})(uintptr_t)v[{index}]" if kind.endswith("*") else f"({kind})v[{index}]"
            for index, kind in enumerate(types)
        ]
        parts.append(
            f"static pysys_word issue_{name}(const long long *v)\n"
            f"{{\n    (void)v;\n    return call_{name}({', '.join(passed)});\n}}\n"
        )
        place = "NULL"
        if known:
            place = f"parameters_of_{name}"
            listed = [
                f"    {_parameter(name, abi, at, kind, structures)},\n" for at, kind in enumerate(types)
            ]
            parts.append(f"static const struct parameter {place}[] = {{\n{''.join(listed)}}};\n")
        values = [value for value in REFUSED_VALUES.get(name, ())]
        refused = "NULL"
        if values:
            refused = f"refused_of_{name}"
            listed = [str(len(values)), *map(str, values)]
            parts.append(f"static const unsigned {refused}[] = {{{', '.join(listed)}}};\n")
        told = behaviour(name, abi)
        flags = [flag for word, flag in _CALL_FLAGS.items() if word in told]
        names = "".join(f"{one.python}\\0" for one in known)
        rows.append(
            f'    {{"{name}", "{names}", issue_{name}, {place}, {refused}, {numbers.number(name, abi)},'
            f" {len(known)}, {' | '.join(flags) or 0}}},\n"
        )
    return "".join(parts) + f"static const struct call table[] = {{\n{''.join(rows)}}};\n"


_CALL_FLAGS = {"quiet": "IS_QUIET", "brief": "KEEPS_GIL", "address": "GIVES_ADDRESS"}


def _parameter(name: str, abi: ABI, at: int, ctype: str, structures: frozenset[str]) -> str:
    """The row of one parameter."""
    known = parameters(name, abi) or ()
    one = known[at]
    flags = ["TAKES_NULL"] * one.nullable
    flags += ["HAS_DEFAULT"] * bool(one.default) + ["IS_NEWER"] * bool(one.since)
    flags += ["DEFAULT_IS_NULL"] * (one.default == "NULL")
    kind, limits, least, scale, counted = "ANOTHER", "0, 0", "0", "0", -1
    if one.kind in ("int", "fd", "word", "address"):
        kind, limits = "A_NUMBER", f"LOW({ctype}), HIGH({ctype})"
        # Of a word a command may say that the kernel reads 32 bits. The end of the heap is not set.
        if one.narrow or (one.kind == "word" and commands(name, abi)):
            limits = f"WITHIN({ctype}, INT32_MIN, UINT32_MAX)"
        if name == "brk":
            limits = "0, 0"
        if one.kind in ("word", "address"):
            flags.append("TAKES_NULL")
    elif one.kind in ("path", "string"):
        kind = "A_TEXT"
        flags += ["IS_PATH"] * (one.kind == "path")
    elif one.kind == "memory":
        found = None if one.pieces or _is_varied(name, abi, one) else _need(known, at, structures)
        if found is not None:
            kind = "A_MEMORY"
            least, scale, counted = found
            flags += ["IS_WRITTEN"] * (one.direction in ("out", "inout"))
            flags += ["IS_BYTES"] * (ctype == "void *")
    if kind == "ANOTHER" and one.kind == "memory" and _is_varied(name, abi, one):
        flags = [flag for flag in flags if flag != "TAKES_NULL"]
    return f"{{{limits}, {least}, {scale}, {counted}, {kind}, {' | '.join(dict.fromkeys(flags)) or 0}}}"


def _is_varied(name: str, abi: ABI, one: Parameter) -> bool:
    """Whether a command of the call says what the parameter is."""
    lines = (commands(name, abi) or "").splitlines()[1:]
    return any(one.name in items(line.partition(" ")[2]) for line in lines)


def _need(known: Sequence[Parameter], at: int, structures: frozenset[str]) -> tuple[str, str, int] | None:
    """How long memory has to be: bytes, bytes per item, and the parameter that counts the items, or -1. None for
    what takes more than that: see bound.need."""
    one = known[at]
    size = _size(one.points, structures)
    length, _, unit = one.length.partition(" ")
    if length in ("", "?"):
        return ("0" if length == "?" and size == "1" else size), "0", -1
    if length.isdigit() and unit in ("", "bytes"):
        return (length if unit == "bytes" else f"{length} * {size}"), "0", -1
    counts = [index for index, other in enumerate(known) if other.name == length and other.kind == "int"]
    if not counts or unit not in ("", "bytes"):
        return None
    # Of what no size is known, bytes are counted.
    scale = "1" if unit == "bytes" or size == "0" else size
    return "0", scale, counts[0]


def _size(points: str, structures: frozenset[str]) -> str:
    """The bytes of what memory points to, in C; "0" where it is not known."""
    if points in ("", "void"):
        return "1"
    if set(points.split()) <= {"int", "long", "short", "unsigned"}:
        return {"long": "sizeof(pysys_word)", "unsigned long": "sizeof(pysys_word)"}.get(
            points, f"sizeof({points})"
        )
    if points in structures:
        return f"sizeof({'union' if points == 'bpf_attr' else 'struct'} kernel_{points})"
    return "0"


# A 64-bit argument in two registers of 32 bits lies in them as in memory.
_HALVES = """
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define PYSYS_FIRST(value) ((pysys_word)(int)((value) >> 32))
#define PYSYS_SECOND(value) ((pysys_word)(int)(value))
#else
#define PYSYS_FIRST(value) ((pysys_word)(int)(value))
#define PYSYS_SECOND(value) ((pysys_word)(int)((value) >> 32))
#endif
"""
