"""usage: prover.py

Runs examples and provocations of the pages, each in a process that it forks: on an emulated machine, to start
an interpreter for each would take most of the time. For each line of its input it writes a line, in JSON:

    {"page": NAME, "causes": [INDEX...]}    to: {"wrong": [WHAT...], "proven": N, "lacking": [NEED...]}
    {"page": NAME, "causes": null}          all causes of the page, to the same
    {"page": NAME}                          the example, to: {"out": OUTPUT, "err": ERRORS, "status": N}
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import sys
import tempfile
import threading
import time
from types import ModuleType

from patience import PATIENCE

from pysys import metadata
from tools import provoke
from tools.record_examples import SECONDS


def causes(name: str, indices: list[int] | None) -> dict[str, object]:
    """Provoke causes of a page, where their needs are met."""
    count, lacking = provoke.Count(), set[str]()
    for index, cause in enumerate(provoke.own_causes(name)):
        if cause.provoke and (indices is None or index in indices):
            lacking.update(provoke.missing(cause))
            count.cause(name, cause)
    wrong = [*count.complaints, *sorted(count.unlisted)]
    return {"wrong": wrong, "proven": count.states["proven"], "lacking": sorted(lacking)}


def example(name: str) -> dict[str, object]:
    """Run a page's example, as `python NAME.py` in an empty folder would."""
    found = metadata.page(name).example
    assert found is not None
    with tempfile.TemporaryDirectory() as folder:
        pipes = [os.pipe(), os.pipe()]
        pid = os.fork()
        if pid == 0:
            for number, (_, writer) in enumerate(pipes, 1):
                os.dup2(writer, number)
            for pipe in pipes:
                for fd in pipe:
                    os.close(fd)
            with open("/dev/null") as nothing:
                os.dup2(nothing.fileno(), 0)
            os.setsid()
            os.chdir(folder)
            _run(found.python, os.path.join(folder, f"{name}.py"))
        for _, writer in pipes:
            os.close(writer)
        try:
            out, err, status = _outcome(pid, [reader for reader, _ in pipes])
        finally:
            try:
                os.killpg(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            provoke.end_what_is_left()
    return {"out": out, "err": err, "status": status}


def _run(text: str, path: str) -> None:
    """In the child: the example is __main__, and ends as an interpreter does."""
    code = 1
    try:
        atexit._clear()  # what the parent does at its end
        with open(path, "w") as script:
            script.write(text)
        sys.argv = [path]
        module = sys.modules["__main__"] = ModuleType("__main__")
        module.__file__ = path
        exec(compile(text, path, "exec"), module.__dict__)
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        try:
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)


def _outcome(pid: int, readers: list[int]) -> tuple[str, str, int]:
    """What a process and its children write, until the last has ended or the time is up; its exit status."""
    texts = dict.fromkeys(readers, b"")
    left, end = set(readers), time.monotonic() + SECONDS * PATIENCE
    while left and (seconds := end - time.monotonic()) > 0:
        for reader in select.select(left, [], [], seconds)[0]:
            text = os.read(reader, 1 << 16)
            texts[reader] += text
            if not text:
                left.remove(reader)
    for reader in readers:
        os.close(reader)
    if left:
        os.kill(pid, signal.SIGKILL)
        texts[readers[1]] += b"not finished in time"
    out, err = (texts[reader].decode(errors="replace") for reader in readers)
    return out, err, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    provoke.prepare()
    for line in sys.stdin:
        request = json.loads(line)
        name = request["page"]
        answer = causes(name, request["causes"]) if "causes" in request else example(name)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
