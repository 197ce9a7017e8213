"""The calls whose child returns to Python, each as a function without arguments."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pysys import CloneArgs, clone, clone3, fork, vfork

WAYS: dict[str, Callable[[], int]] = {
    "fork": fork,
    "fork-kernel": lambda: fork(entry="kernel"),
    "vfork": vfork,
    "clone": clone,
    "clone3": lambda: clone3(CloneArgs()),
}


@contextmanager
def other_threads(count: int) -> Iterator[None]:
    """Further Python threads, which are there before and after."""
    end = threading.Event()
    started = threading.Barrier(count + 1)

    def wait() -> None:
        started.wait()
        end.wait()

    threads = [threading.Thread(target=wait) for _ in range(count)]
    for thread in threads:
        thread.start()
    started.wait()
    try:
        yield
    finally:
        end.set()
        for thread in threads:
            thread.join()
