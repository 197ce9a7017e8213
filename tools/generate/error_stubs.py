"""The text of src/pysys/errors/__init__.pyi, for `stubs`: classes that are made when first asked for."""

from __future__ import annotations

from pysys import errors
from pysys.errors.base import SyscallError
from tools.generate.tables import emit


def text(heading: str) -> str:
    """The text of the file."""
    lines = [
        heading,
        "from collections.abc import Mapping",
        "from typing import ClassVar",
        "",
        "from pysys.errors.arguments import PassedMemory as PassedMemory",
        "from pysys.errors.base import MAX_ERRNO as MAX_ERRNO",
        "from pysys.errors.base import put_first as put_first",
        "from pysys.errors.base import RefusedError as RefusedError, SyscallError as SyscallError",
        "from pysys.errors.classes import by_name as by_name, by_number as by_number, error as error",
        "from pysys.errors.classes import of_call as of_call",
        "from pysys.loading import NotLoadedError as NotLoadedError",
        "",
        emit.packed("__all__", "list[str]", map(emit.literal, errors.__all__), "[]"),
        "",
        "CLASSES: Mapping[str, type[SyscallError]]",
        "",
        "def __dir__() -> list[str]: ...",
        "",
    ]
    aliases = []
    for name, kind in errors.CLASSES.items():
        if kind.__name__ == name:
            lines += _class(name, kind)
        else:
            aliases.append(f"{name} = {kind.__name__}")
    return "\n".join([*lines, *_class("NoNumber", errors.by_name("ENOSYS"), "ENOSYS"), *aliases]) + "\n"


def _class(name: str, kind: type[SyscallError], bases: str = "") -> list[str]:
    about = getattr(errors, name).__doc__
    bases = bases or ", ".join(base.__name__ for base in kind.__bases__)
    return [f"class {name}({bases}):", emit.docstring(str(about)), "    symbol: ClassVar[str]"]
