"""What a program needs to be started: its interpreter, or its loader."""

from __future__ import annotations

import os
import struct

_INTERPRETER = 3  # PT_INTERP


def interpreter(content: bytes) -> str | None:
    """The program that a script's first line or an ELF program's header names; None if it names none."""
    if content.startswith(b"#!"):
        words = content[2 : content.find(b"\n") if b"\n" in content else None].strip(b" \t").split()
        return os.fsdecode(words[0]) if words else None
    if content[:4] != b"\x7fELF":
        return None
    order = "<" if content[5] == 1 else ">"
    wide = content[4] == 2
    try:
        (start,) = struct.unpack_from(order + ("Q" if wide else "I"), content, 32 if wide else 28)
        size, count = struct.unpack_from(order + "HH", content, 54 if wide else 42)
        for index in range(count):
            at = start + index * size
            if struct.unpack_from(order + "I", content, at)[0] == _INTERPRETER:
                form = order + ("Q" if wide else "I")
                (offset,) = struct.unpack_from(form, content, at + (8 if wide else 4))
                (length,) = struct.unpack_from(form, content, at + (32 if wide else 16))
                return os.fsdecode(content[offset : offset + length].rstrip(b"\0"))
    except struct.error:
        pass
    return None
