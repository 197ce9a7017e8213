"""New calls, made through older ones where the kernel answers that it does not know them."""

from __future__ import annotations

from pysys import errors, numbers
from pysys.calls import direct
from pysys.calls._make import conversions
from pysys.calls._make.build import finish
from pysys.policy import replacements

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


numbers.table()  # which says, where the kernel does not know a call, what older ones there are


def falling_back(name: str) -> Callable[..., Any]:
    """The call, and where it raises ENOSYS an older one that does the same, if there is one."""
    target = getattr(direct, name)
    names = ", ".join(target.__code__.co_varnames[: target.__code__.co_argcount])
    lines = [
        f"def {name}({names}):",
        f"    try: return target({names})",
        f"    except ENOSYS as error: return older({name!r}, error, ({names},))",
    ]
    space: dict[str, Any] = {"target": target, "older": _older, "ENOSYS": errors.ENOSYS}
    exec("\n".join(lines), space)
    known = " or ".join(map(str, replacements.written_fallbacks(name)))
    text = f"{target.__doc__}\n\nWhere the kernel does not know it: {known}."
    return finish(space[name], name, text, "pysys.calls")


def _older(name: str, error: errors.ENOSYS, args: tuple[Any, ...]) -> Any:
    for one in replacements.fallbacks(name):
        result = conversions.function(one)(*args)
        if result is not NotImplemented:
            return result
    raise error
