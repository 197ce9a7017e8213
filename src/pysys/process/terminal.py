"""Terminal: a pseudo-terminal for a program."""

from __future__ import annotations

import fcntl
import io
import os
import struct
import termios
from errno import EIO
from itertools import chain, repeat, starmap

from pysys import errors
from pysys.arguments import integers
from pysys.process.child import Child
from pysys.process.spawn import spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from typing_extensions import Buffer

    from pysys._types import Path


class Terminal(io.RawIOBase):
    """openpty(3): a pseudo-terminal, on which this process is the user and a program finds its terminal.

    The object is this process's side, a file of bytes: what is written the program reads as if it was typed,
    and what the program writes is read here, with what was typed before it (ECHO) and \\r\\n as end of line,
    unless termios says otherwise. read() without a size and io.BufferedReader(terminal) go to the end: that
    no process has the terminal open any more, for which the kernel says EIO. select, poll and asyncio's
    add_reader accept the object; os.get_terminal_size returns its size. The end of `with` closes it, and then
    the session that has the terminal gets SIGHUP.

    rows, columns: its size in characters.

    Raises errors.ENOENT where devpts is not mounted, errors.ENOSPC at the limit of them (kernel.pty.max),
    errors.EMFILE; TypeError, ValueError and OverflowError for a size. Since Linux 2.2.
    """

    __module__ = "pysys"  # the public name
    _sides: list[int] = []  # noqa: RUF012  # of one that was not made

    def __init__(self, rows: int = 24, columns: int = 80) -> None:
        self._sides = []  # this process's, and the program's until it is released
        size = _size("Terminal", rows, columns)
        try:
            # One call of C: a signal handler that raises cannot lose them.
            self._sides.extend(chain.from_iterable(starmap(os.openpty, ((),))))
        except OSError as error:
            raise errors.error(error.errno or 0, "openat", filename="/dev/ptmx") from None
        fcntl.ioctl(self._sides[0], termios.TIOCSWINSZ, size)

    @property
    def settings(self) -> dict[str, Any]:
        """What spawn and Popen take for a program that has the terminal.

        Its side is stdin, stdout, stderr and controlling_terminal, which begins a session. ValueError once
        that was released.
        """
        if len(self._sides) < 2:
            raise ValueError("the program's side of the terminal is closed")
        names = ("stdin", "stdout", "stderr", "controlling_terminal")
        return dict.fromkeys(names, self._sides[1])

    def spawn(self, argv: Iterable[Path], **others: Any) -> Child:
        """Start a program that has the terminal, and release it.

        argv, others: as spawn takes them; others override `settings`.

        Returns a Child. Raises what spawn raises, and then the terminal is not released.
        """
        child = spawn(argv, **{**self.settings, **others})
        self.release()
        return child

    def release(self) -> None:
        """Close the program's side here, so that reading ends when the programs that have it have ended."""
        any(map(os.close, map(self._sides.pop, repeat(1, len(self._sides) - 1))))

    def resize(self, rows: int, columns: int) -> None:
        """ioctl(2) with TIOCSWINSZ: change the size. The foreground process group gets SIGWINCH.

        rows, columns: the new size in characters.

        Raises ValueError if the terminal is closed; TypeError, ValueError and OverflowError for a size.
        """
        fcntl.ioctl(self.fileno(), termios.TIOCSWINSZ, _size("resize", rows, columns))

    # ---- a file ----

    def fileno(self) -> int:
        """This process's side. Returns an int. Raises ValueError if it is closed."""
        if not self._sides:
            raise ValueError("the terminal is closed")
        return self._sides[0]

    def readable(self) -> bool:
        """Returns True."""
        return True

    def writable(self) -> bool:
        """Returns True."""
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        """read(2): wait for output, and put it into memory.

        buffer: the memory.

        Returns the number of bytes, 0 at the end; None if there is none yet and the descriptor does not
        block. Raises the errors of read, apart from EIO.
        """
        try:
            return os.readv(self.fileno(), [buffer])
        except BlockingIOError:
            return None
        except OSError as error:
            if error.errno == EIO:
                return 0
            raise

    def write(self, data: Buffer) -> int | None:
        """write(2): type something.

        data: what is typed, bytes.

        Returns the number of bytes that were taken; None if there is no space and the descriptor does not
        block. Raises the errors of write.
        """
        try:
            return os.write(self.fileno(), data)
        except BlockingIOError:
            return None

    def close(self) -> None:
        """Close both sides."""
        # In this order: IOBase closes again what was not closed to the end when a signal handler raised.
        any(map(os.close, map(self._sides.pop, repeat(-1, len(self._sides)))))
        super().close()


def _size(title: str, rows: int, columns: int) -> bytes:
    limits = (0, 0xFFFF)
    return struct.pack(
        "4H",
        integers.within(f"{title}: rows", rows, limits, below=ValueError),
        integers.within(f"{title}: columns", columns, limits, below=ValueError),
        0,
        0,
    )
