"""inotify and fanotify."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from skips import skipped_if

from pysys import calls, errors
from pysys.flags import FanotifyMarkFlags, InotifyEvents


def test_inotify_reports_what_happened_in_a_directory(tmp_path: Path) -> None:
    """Events have the watch, their mask, the two halves of a renaming in common a cookie, and the name."""
    fd = calls.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        with pytest.raises(errors.EAGAIN):
            calls.inotify_read(fd)
        watch = calls.inotify_add_watch(fd, tmp_path, InotifyEvents.IN_CREATE | InotifyEvents.IN_MOVE)
        (tmp_path / "one").touch()
        (tmp_path / "one").rename(tmp_path / "other")
        made, source, target = calls.inotify_read(fd)
        assert (made.wd, made.mask, made.name) == (watch, InotifyEvents.IN_CREATE, b"one")
        assert (source.mask, source.name) == (InotifyEvents.IN_MOVED_FROM, b"one")
        assert (target.mask, target.name) == (InotifyEvents.IN_MOVED_TO, b"other")
        assert source.cookie == target.cookie != made.cookie
        assert isinstance(made.mask, InotifyEvents)
        (tmp_path / "second").touch()
        with pytest.raises(errors.EINVAL):
            calls.inotify_read(fd, 16)
    finally:
        os.close(fd)


def test_fanotify_reports_files_by_descriptor_or_by_name(tmp_path: Path) -> None:
    """An event has the open file, or with FAN_REPORT_DFID_NAME the directory's handle and the name."""
    from pysys.flags import FAN_ATTRIB, FAN_CLOEXEC, FAN_EVENT_ON_CHILD, FAN_OPEN, FAN_REPORT_DFID_NAME

    add = FanotifyMarkFlags.FAN_MARK_ADD
    (tmp_path / "file").touch()
    with skipped_if(errors.EPERM, errors.EINVAL):
        fd = calls.fanotify_init()
    try:
        calls.fanotify_mark(fd, add, FAN_OPEN | FAN_EVENT_ON_CHILD, pathname=tmp_path)
        (tmp_path / "file").read_bytes()
        (event,) = calls.fanotify_read(fd)
        try:
            assert event.pid == os.getpid() and event.mask == FAN_OPEN and not event.information
            assert os.path.samestat(os.fstat(event.fd), (tmp_path / "file").stat())
            assert not os.get_inheritable(event.fd)
        finally:
            os.close(event.fd)
    finally:
        os.close(fd)
    fd = calls.fanotify_init(FAN_CLOEXEC | FAN_REPORT_DFID_NAME)
    try:
        with skipped_if(errors.EOPNOTSUPP, errors.ENODEV, errors.EXDEV):
            directory = os.open(tmp_path, os.O_RDONLY)
            try:
                calls.fanotify_mark(fd, add, FAN_ATTRIB | FAN_EVENT_ON_CHILD, directory)
            finally:
                os.close(directory)
        (tmp_path / "file").chmod(0o600)
        (event,) = calls.fanotify_read(fd)
        (about,) = event.information
        assert event.fd == -1 and getattr(about, "name", b"") == b"file"
    finally:
        os.close(fd)


@pytest.mark.isolated
def test_fanotify_asks_and_is_answered() -> None:
    """Who opens a file waits for the answer, and is denied by FAN_DENY."""
    import tempfile

    from pysys.flags import FAN_CLASS_CONTENT, FAN_DENY, FAN_OPEN_PERM, FAN_REPORT_TID

    with tempfile.NamedTemporaryFile() as file:
        try:
            fd = calls.fanotify_init(FAN_CLASS_CONTENT | FAN_REPORT_TID)
            calls.fanotify_mark(fd, FanotifyMarkFlags.FAN_MARK_ADD, FAN_OPEN_PERM, pathname=file.name)
        except (errors.EPERM, errors.EINVAL, errors.ENOSYS) as error:
            pytest.skip(str(error))
        child = os.fork()
        if not child:
            try:
                os.open(file.name, os.O_RDONLY)
            except PermissionError:
                os._exit(7)
            os._exit(0)
        (event,) = calls.fanotify_read(fd)
        assert event.pid == child and event.mask == FAN_OPEN_PERM
        calls.fanotify_respond(fd, event.fd, FAN_DENY)
        os.close(event.fd)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        os.close(fd)
