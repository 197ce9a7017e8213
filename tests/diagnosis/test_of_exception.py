"""exc.diagnose(): the diagnosis of a call from its exception, and where it was made."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading

import pytest
from isolated import in_child

from pysys import calls, diagnose, errors, numbers, spawn, syscall
from pysys.diagnosis.failures import Diagnosis, Verdict
from pysys.flags import AT_FDCWD

pytestmark = pytest.mark.isolated
NOWHERE = "/nonexistent/pysys"


def fail() -> errors.SyscallError:
    """An exception of a call of this thread."""
    with pytest.raises(errors.ENOENT) as caught:
        calls.openat(AT_FDCWD, NOWHERE, 0, 0)
    return caught.value


def test_as_the_function_says() -> None:
    """With the arguments that it has kept."""
    found = fail().diagnose()
    assert isinstance(found, Diagnosis)
    assert found == diagnose("openat", "ENOENT", AT_FDCWD, NOWHERE, 0, 0)
    assert found[0].verdict is Verdict.PROVEN


def test_of_another_process_nothing_is_looked_at() -> None:
    """Neither of its exception after a fork, nor of a pickle."""
    error = fail()
    data = pickle.dumps(error)

    def check() -> None:
        for one in (error, pickle.loads(data)):
            found = one.diagnose()
            assert f"process {os.getppid()}" in found[0].sentence
            assert {finding.verdict for finding in found} == {Verdict.UNKNOWN}

    in_child(os.fork, check)


def test_of_another_thread_nothing_is_proven() -> None:
    """What would be proven here fits; what would be excluded is not said."""
    made: list[errors.SyscallError] = []
    thread = threading.Thread(target=lambda: made.append(fail()))
    thread.start()
    thread.join()
    found = made[0].diagnose()
    assert found[0].verdict is Verdict.FITS
    assert any(f"thread {thread.native_id}" in finding.sentence for finding in found)
    assert not {Verdict.PROVEN, Verdict.EXCLUDED} & {finding.verdict for finding in found}


def test_of_spawn() -> None:
    """Proven where the child was in the same place."""
    with pytest.raises(errors.ENOENT) as caught:
        spawn([NOWHERE])
    assert caught.value.diagnose()[0].verdict is Verdict.PROVEN
    with pytest.raises(errors.ENOENT) as caught:
        spawn([NOWHERE], priority=19)
    found = caught.value.diagnose()
    assert found[0].verdict is Verdict.FITS
    assert any("child" in finding.sentence for finding in found)
    with pytest.raises(errors.ENOENT) as caught:
        spawn(["no-such-program-anywhere"])  # which is looked for in PATH
    assert not caught.value.diagnose().proven


def test_it_always_answers() -> None:
    """Of an exception that says little, or that a person has made."""
    with pytest.raises(errors.ENOSYS) as caught:
        syscall(min(numbers.table().values()) + 2000)
    for error in (errors.ENOENT(), errors.SyscallError("odd"), errors.error(2, "openat"), caught.value):
        assert isinstance(error.diagnose(), Diagnosis)


def test_without_the_extension() -> None:
    """It says that it cannot."""
    script = (
        "import sys\nsys.modules['pysys._ffi'] = None\nfrom pysys import errors\n"
        "try: errors.error(2, 'openat').diagnose()\nexcept errors.NotLoadedError as error: print(error)"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "pysys.diagnosis" in out
    assert "_ffi" in out
