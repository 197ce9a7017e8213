"""open_process: a program whose pipes are streams of asyncio."""

from __future__ import annotations

from sys import modules

from pysys.process.spawn import spawn
from pysys.process.spawn_arguments import PIPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Iterable
    from typing import Any

    from pysys._types import Path
    from pysys.process.child import Child


async def open_process(
    argv: Iterable[Path], *, limit: int = 1 << 16, **settings: Any
) -> tuple[Child, StreamReader, StreamWriter]:
    """spawn(argv, stdin=PIPE, stdout=PIPE) with streams of asyncio, and without a thread.

    argv: the program's arguments, of which the first is its name.
    limit: how many bytes the reader keeps at most before the program has to wait; also what readline() and
        readuntil() find at most.
    settings: those of spawn but stdin and stdout; stderr=STDOUT lets the reader have both.

    `async with child` waits for the program, and `await child` does: first close the writer if it reads to
    the end of its input.

    Returns a Child, which can be awaited; the StreamReader of its output and the StreamWriter of its input.

    Raises what spawn raises; TypeError if stdin or stdout is stated. If the task is cancelled before it
    returns, the program is killed. Since Linux 2.6.27, as spawn; with a pidfd, since Linux 5.3, its end is
    reported at once.
    """
    asyncio = modules["asyncio"]  # whose loop runs this
    loop = asyncio.get_running_loop()
    child = spawn(argv, stdin=PIPE, stdout=PIPE, **settings)
    opened: list[Any] = []
    try:
        reader = asyncio.StreamReader(limit, loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        opened.append((await loop.connect_read_pipe(lambda: protocol, child.stdout))[0])
        # The protocol of a reader that gets nothing: it has what a StreamWriter waits for.
        unread = asyncio.StreamReaderProtocol(asyncio.StreamReader(loop=loop), loop=loop)
        transport, _ = await loop.connect_write_pipe(lambda: unread, child.stdin)
        opened.append(transport)
        writer = asyncio.StreamWriter(transport, unread, None, loop)
    except BaseException:
        for one in opened:
            one.close()
        child._discard()
        raise
    child._streams = (None, None, child.stderr)  # the transports close them
    return child, reader, writer
