"""What an object's own methods (__iter__, __index__, __fspath__) have to do with an exception."""

from __future__ import annotations


def is_own(error: BaseException) -> bool:
    """Whether a method in Python raised it, and not the interpreter because of what the method returned.

    error: as it was caught, by the function that asked the interpreter to call the method. Such an exception
    is the caller's, and goes on unchanged.
    """
    traceback = error.__traceback__
    return traceback is not None and traceback.tb_next is not None
