"""Tests marked `isolated` run in a process of their own, within a time limit.

A test that makes processes must neither inherit pytest's threads, descriptors and signal handlers, nor
take pytest along when it goes wrong. Marked tests are plain functions without fixtures, apart from
`parametrize`; `skip` from tests/support/isolated.py works in them, and that module describes their process.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import leftovers
import pytest
import selected
import shares
import user_mode
from hypothesis import HealthCheck, settings
from isolated import SKIPPED
from paths import SUPPORT
from patience import PATIENCE

# Failing examples are kept nowhere: the tree may be read-only, and a test does not depend on an earlier run.
settings.register_profile(
    "pysys",
    database=None,
    deadline=None,
    max_examples=100 if PATIENCE == 1 else 25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("pysys")


def pytest_configure(config: pytest.Config) -> None:
    # A shell's background job starts with these ignored, and would hand that down to every child.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    config.addinivalue_line("markers", "slow: left out unless asked for with -m, as tox does")
    config.addinivalue_line(
        "markers", "thorough: long, and nearly the same on every Python: tox runs it once"
    )
    config.addinivalue_line(
        "markers", "portable: says the same on every kernel and ABI, and is left out on emulated machines"
    )
    config.addinivalue_line("markers", "once: says the same wherever it runs: tox runs it on one Python")
    config.addinivalue_line(
        "markers", "widths: depends on nothing but the width of a word, and is left out on emulated machines"
    )
    config.addinivalue_line("markers", "divided: the machines of CI divide its cases in a way of its own")
    config.addinivalue_line(
        "markers", "isolated(timeout=60): runs in a process of its own, within a number of seconds"
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    """Say what is left of runs that did not get to their end: none of it disturbs this one."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and (found := leftovers.left()):
        reporter.write_line("Earlier runs of the tests have left something behind. These remove it:")
        for line in found:
            reporter.write_line(f"    {line}")
        reporter.flush()  # this run may be killed, too


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files all of whose tests -m leaves out: an import takes long where it is emulated."""
    if collection_path.suffix != ".py" or any(
        collection_path == Path(argument.partition("::")[0]).resolve() for argument in config.args
    ):
        return None
    return True if selected.none(config.option.markexpr, selected.marks(collection_path)) else None


@pytest.hookimpl(trylast=True)  # when -m has left out what it leaves out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if share := os.environ.get("PYSYS_SHARE"):
        theirs = shares.left_out(items, share)
        config.hook.pytest_deselected(items=theirs)
        gone = set(theirs)
        items[:] = [item for item in items if item not in gone]
    for item in items:
        why = user_mode.reason(f"{item.path.stem}::{item.name}")
        if why:
            item.add_marker(pytest.mark.skip(reason=why))


class Interpreter:
    """The interpreter that loads files of tests and forks for each test."""

    def __init__(self, scratch: str) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # os.fork's warning of threads is left out: from Python 3.15 on its error would be the call's.
            warnings = ("-W", "error", "-W", "ignore:This process (pid=:DeprecationWarning")
            command = [sys.executable, "-X", "faulthandler", *warnings, str(SUPPORT / "isolated.py")]
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, leftovers.SCRATCH: scratch},
                start_new_session=True,
            )

    def ended(self) -> bool:
        return self._process.poll() is not None

    def close(self) -> None:
        self._requests.close()
        self._process.wait()

    def kill(self) -> None:
        self._process.kill()
        self.close()

    def run(
        self, path: Path, function: str, arguments: dict[str, object], timeout: float
    ) -> tuple[int | None, str]:
        """The status of a test, None if it hung, and its output."""
        reader, writer = os.pipe()
        try:
            try:
                socket.send_fds(self._requests, [f"{path}\0{function}\0{arguments!r}".encode()], [writer])
            finally:
                os.close(writer)
            pid = self._answer(path, "process")
            try:
                output, ended = self._output(reader, timeout)
                if not ended:
                    os.kill(pid, signal.SIGABRT)  # faulthandler prints where it hangs
                    output += self._output(reader, 5)[0]
            finally:
                os.killpg(pid, signal.SIGKILL)
            status = self._answer(path, "status")
        except BaseException:
            self.kill()  # an answer that nobody took would be the next test's
            raise
        finally:
            os.close(reader)
        return status if ended else None, output.decode(errors="replace")

    def _answer(self, path: Path, what: str) -> int:
        answer = self._requests.recv(64).decode()
        if not answer:
            raise ChildProcessError(f"the interpreter ended at {path.name}: see its output above")
        found, _, number = answer.partition(" ")
        # A status that is taken for a process may be 1, and the signal to its group ends all that there are.
        assert found == what, answer
        return int(number)

    def _output(self, reader: int, timeout: float) -> tuple[bytes, bool]:
        """What comes until the last process that may write has ended; whether that was in time."""
        output, end = b"", time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            if left <= 0 or not select.select([reader], [], [], left)[0]:
                return output, False
            text = os.read(reader, 1 << 16)
            if not text:
                return output, True
            output += text


_interpreter: Interpreter | None = None
_scratch: leftovers.Scratch | None = None


def interpreter() -> Interpreter:
    """The one there is; a new one after one that has ended."""
    global _interpreter, _scratch
    if _scratch is None:
        _scratch = leftovers.Scratch()
    if _interpreter is None or _interpreter.ended():
        _interpreter = Interpreter(_scratch.path)
    return _interpreter


def pytest_unconfigure() -> None:
    if _interpreter is not None:
        _interpreter.close()
    if _scratch is not None:
        _scratch.close()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    mark = pyfuncitem.get_closest_marker("isolated")
    if mark is None:
        return None
    timeout = mark.kwargs.get("timeout", 60) * PATIENCE
    case = getattr(pyfuncitem, "callspec", None)
    status, output = interpreter().run(
        pyfuncitem.path, pyfuncitem.originalname, dict(case.params) if case else {}, timeout
    )
    if status is None:
        pytest.fail(f"still running after {timeout:.0f} seconds\n{output}", pytrace=False)
    if status == SKIPPED:
        pytest.skip(output.strip().rpartition("\n")[2].removeprefix("skip: "))
    if status != 0:
        pytest.fail(f"ended with {status}\n{output}", pytrace=False)
    return True
