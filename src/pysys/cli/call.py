"""`pysys call`: make a system call and show what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysys.cli.arguments import Buffer, argument
from pysys.cli.output import CommandError, UsageError, number_or_name
from pysys.loading import counted

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from pysys.cli.output import Output
    from pysys.errors import SyscallError


def run(options: Namespace, out: Output) -> int:
    """Make the call. A failed one may have written into its buffers too."""
    from pysys import errors
    from pysys.numbers import UnknownCallError
    from pysys.raw import syscall

    call = number_or_name(options.call)
    arguments = [argument(text) for text in options.arguments]
    error: SyscallError | None = None
    result: int | None = None
    try:
        result = syscall(call, *(one.view if isinstance(one, Buffer) else one for one in arguments))
    except errors.SyscallError as failed:
        error = failed
    except (errors.RefusedError, UnknownCallError) as refused:
        raise CommandError(str(refused)) from None
    except (TypeError, ValueError, OverflowError) as wrong:
        raise UsageError(str(wrong)) from None
    buffers = [
        (text, buffer.view.tobytes(), buffer.overrun())
        for text, buffer in zip(options.arguments, arguments, strict=True)
        if isinstance(buffer, Buffer)
    ]
    data: dict[str, Any] = {
        "call": call,
        "arguments": options.arguments,
        "result": result,
        "error": None if error is None else _data(error),
        "buffers": [
            {"argument": text, "hex": content.hex(), "text": _printable(content)}
            for text, content, _ in buffers
        ],
    }
    # An address says more in hexadecimal.
    parts = [] if result is None else [hex(result) if result > 0x7FFFFFFF else str(result)]
    parts += [
        f"\n{text}\n{hexdump(content)}" for text, content, _ in buffers if error is None or any(content)
    ]
    out.answer(data, *parts)
    for text, content, overrun in buffers:
        if overrun:
            raise CommandError(f"{text}: the call wrote more than {counted(len(content), 'byte')}")
    if error is not None:
        return _explain(error, out)
    return 0


def _data(error: SyscallError) -> dict[str, Any]:
    from pysys.cli.errno import causes_data

    return {
        "name": error.symbol,
        "number": error.errno,
        "message": str(error),
        "explained": error.explain(),
        "causes": causes_data(error.causes),
    }


def _explain(error: SyscallError, out: Output) -> int:
    """Say on stderr what error.explain() says; with --json the data has it."""
    import sys

    from pysys.cli.errno import explanation
    from pysys.cli.output import plain
    from pysys.metadata.render import Section

    print(f"pysys: {error}", file=sys.stderr)
    if not out.json:
        print(plain(Section("", explanation(error)), out.width).rstrip(), file=sys.stderr)
    return 1


def hexdump(content: bytes) -> str:
    """Offset, bytes and characters, 16 to a line; lines that repeat are shown once, and a * after them."""
    lines: list[str] = []
    before = None
    for offset in range(0, len(content), 16):
        piece = content[offset : offset + 16]
        if piece == before:
            if lines[-1] != "*":
                lines.append("*")
            continue
        before = piece
        halves = f"{piece[:8].hex(' '):23}  {piece[8:].hex(' '):23}"
        lines.append(f"{offset:08x}  {halves}  |{_printable(piece)}|")
    return "\n".join([*lines, f"{len(content):08x}"])


def _printable(content: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in content)
