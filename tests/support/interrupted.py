"""A handler of a signal that raises, at each point of a function where the interpreter may run one."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import Any


class StopError(BaseException):
    """What the handler raises; as KeyboardInterrupt is one, no Exception."""


# After these instructions CPython looks whether a handler is to be run.
_LOOKS = ("CALL", "RESUME", "JUMP_BACKWARD", "INSTRUMENTED")
_names: dict[CodeType, dict[int, str]] = {}


def _looks(frame: FrameType, last: int) -> bool:
    code = frame.f_code
    if code not in _names:
        _names[code] = {one.offset: one.opname for one in dis.get_instructions(code)}
    return _names[code].get(last, "").startswith(_LOOKS)


def run_until(point: int, files: set[str], action: Callable[[], object]) -> bool:
    """Run action, which StopError ends at that point in code of these files; whether it came so far."""
    left = point
    last: dict[FrameType, int] = {}

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in files:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            before = last.get(frame)
            last[frame] = frame.f_lasti
            if before is not None and _looks(frame, before):
                if left == 0:
                    raise StopError
                left -= 1
        return trace

    sys._getframe().f_trace_opcodes = True  # Python 3.12 wants one before
    sys.settrace(trace)
    try:
        action()
    except StopError:
        return True
    finally:
        sys.settrace(None)
    return False


def at_each_point(files: set[str], action: Callable[[], object]) -> Iterator[int]:
    """Let StopError end action at its first point, its second, ...; yields each time when it has."""
    point = 0
    while run_until(point, files, action):
        yield point
        point += 1
    assert point > 0, "there was no point to interrupt"
