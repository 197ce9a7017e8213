"""The docstring of a typed call: what each parameter takes."""

from __future__ import annotations

from pysys.parameters.words import in_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pysys.arguments.multiplexed import Commands
    from pysys.parameters import Parameter

_COMMANDED = """
Memory must be as long as the command requires, and writable where the kernel answers: bytes are refused for
what it reads and writes. With a command that is
not known here, bytes and read-only buffers are copied, and the kernel's answer is lost.
"""
_GUARDED = """
Short memory is copied, too, and gets the answer; a ValueError after the call says that there was more of it.
"""


def describe(
    name: str, known: Sequence[Parameter], commands: Commands | None = None, refusal: str = ""
) -> str:
    """The short text, above which help() adds nothing and below which it puts the page.

    refusal: what the error says, for a call that is never made.
    """
    lines = [f"{name}(2): the call as the kernel defines it."]
    if known:
        lines.append("")
        lines += [f"{one.python}: {in_words(one)}." for one in known]
    if commands:
        lines += [(_COMMANDED + (_GUARDED[1:] if commands.guarded else "")).rstrip()]
    result = "Returns the kernel's result, an int. Raises the documented errors of the call (pysys.errors)."
    lines += [
        "",
        f"It always raises errors.RefusedError: {refusal}." if refusal else result,
    ]
    return "\n".join(lines)
