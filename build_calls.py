"""The typed calls in C: for every call of an ABI a function with the kernel's parameters.

build_ffi.py asks for two texts: declarations, which CFFI and C read, and definitions. A result is at
least 0, or minus the errno, as in cdefs/syscall.h. Besides the functions there are texts from which Python
knows the parameters of every call without reading a file, including calls that the ABI lacks or pysys
refuses, what they are under each command, and what else is known of the call.
"""

from __future__ import annotations

from pysys import numbers, signatures
from pysys.abi import ABI
from pysys.parameters import Parameter, behaviour, defined, dump, parameters
from pysys.parameters.commands import commands
from pysys.policy.fate import fate

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
        before = _SETVAL if name == "semctl" and abi.bits == 64 else ""
        bodies.append(f"static {prototype.removesuffix(';')}\n{{\n{before}    return {issued};\n}}\n")
        if lines := commands(name, abi):
            text = "\\n".join(lines.splitlines())
            bodies.append(f'const char *const commands_{name} = "{text}";\n')
    texts = [f'const char *const {name} = "{text}";\n' for name, text in _texts(abi).items()]
    return _HALVES + "\n".join(bodies + texts)


# SETVAL (16, with or without IPC_64, 0x100) takes an int in a union: there the upper half of the argument.
_SETVAL = """
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    if ((a2 & ~0x100) == 16)
        a3 = (pysys_word)((pysys_uword)a3 << 32);
#endif
"""

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
