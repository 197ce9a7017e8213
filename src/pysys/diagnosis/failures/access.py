"""What calls do with the file at the end of a path: data alone.

A row is a call, and for each of its paths the parameter, behind that of the directory it begins at, and what
is done:

- "look": nothing that the file itself could refuse;
- "enter": it becomes a directory of this process; "read", "write", "execute": its contents;
- "own": what only the owner may change;
- "open", "check": as the call's flags or mode say;
- "make": a name in the directory; "remove": that name is taken away; "replace": it may be one that is there.

A link at the end is followed except where "!" stands before what is done, and as flags say.
"""

from __future__ import annotations

from pysys.metadata.light import Record


class Use(Record):
    """What a call does with one of its paths."""

    path: str  # the names of parameters
    base: str
    what: str
    follows: bool


_ROWS = """
open:            filename open
openat:          dfd/filename open
openat2:         dfd/filename open
creat:           pathname write
stat:            filename look
newstat:         filename look
lstat:           filename !look
newfstatat:      dfd/filename look
statx:           dfd/filename look
statfs:          pathname look
access:          filename check
faccessat:       dfd/filename check
faccessat2:      dfd/filename check
execve:          filename execute
execveat:        fd/filename execute
chdir:           filename enter
chroot:          filename enter
chmod:           filename own
fchmodat:        dfd/filename own
fchmodat2:       dfd/filename own
chown:           filename own
lchown:          filename !own
fchownat:        dfd/filename own
utime:           filename own
utimes:          filename own
futimesat:       dfd/filename own
utimensat:       dfd/filename own
truncate:        path write
truncate64:      path write
readlink:        path !look
readlinkat:      dfd/pathname !look
mkdir:           pathname !make
mkdirat:         dfd/pathname !make
mknod:           filename !make
mknodat:         dfd/filename !make
symlink:         newname !make
symlinkat:       newdfd/newname !make
link:            oldname !look, newname !make
linkat:          olddfd/oldname !look, newdfd/newname !make
unlink:          pathname !remove
unlinkat:        dfd/pathname !remove
rmdir:           pathname !remove
rename:          oldname !remove, newname !replace
renameat:        olddfd/oldname !remove, newdfd/newname !replace
renameat2:       olddfd/oldname !remove, newdfd/newname !replace
getxattr:        pathname look
lgetxattr:       pathname !look
listxattr:       pathname look
llistxattr:      pathname !look
setxattr:        pathname write
lsetxattr:       pathname !write
removexattr:     pathname write
lremovexattr:    pathname !write
getxattrat:      dfd/pathname look
listxattrat:     dfd/pathname look
setxattrat:      dfd/pathname write
removexattrat:   dfd/pathname write
inotify_add_watch: pathname read
name_to_handle_at: dfd/name !look
open_tree:       dfd/filename look
move_mount:      from_dfd/from_pathname !look, to_dfd/to_pathname !look
mount:           dir_name look
umount2:         name look
pivot_root:      new_root enter, put_old enter
swapon:          specialfile look
acct:            name write
bind:            umyaddr !make
connect:         uservaddr write
"""


def _row(line: str) -> tuple[str, tuple[Use, ...]]:
    call, _, rest = line.partition(":")
    uses = []
    for one in rest.split(","):
        where, what = one.split()
        base, _, path = where.rpartition("/")
        uses.append(Use(path, base, what.lstrip("!"), not what.startswith("!")))
    return call, tuple(uses)


USES: dict[str, tuple[Use, ...]] = dict(map(_row, _ROWS.strip().splitlines()))
