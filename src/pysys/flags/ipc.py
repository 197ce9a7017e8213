"""Flag types of System V IPC: message queues, semaphores, shared memory.

Values are those of the kernel's headers (``linux/ipc.h``, ``linux/msg.h``, ``linux/sem.h``,
``linux/shm.h``), the same on every architecture.
"""

from __future__ import annotations

from pysys.flags.documented import DocumentedEnum, DocumentedFlag


class IpcFlags(DocumentedFlag):
    """Flags of msgget, semget and shmget, besides the mode bits; IPC_NOWAIT is for msgsnd, msgrcv, semop.

    Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    IPC_CREAT = (
        0o001000,
        """Make the object if no one has the key. With the key 0 (IPC_PRIVATE) one is always
        made.""",
    )
    IPC_EXCL = 0o002000, "With IPC_CREAT: EEXIST if there is one."
    IPC_NOWAIT = (
        0o004000,
        """Do not wait: EAGAIN, or ENOMSG from msgrcv. In sem_flg of a semaphore operation too.""",
    )
    IPC_DIPC = 0o010000, "Reserved for distributed IPC; without effect. Since Linux 2.2."
    IPC_OWN = 0o020000, "Reserved for distributed IPC; without effect. Since Linux 2.2."


class IpcCommand(DocumentedEnum):
    """Commands that msgctl, semctl and shmctl have in common; see the three classes for the others.

    On ABIs whose kernel also has an older layout of the structures, IPC_64 (0x100) is added to the
    command; the raw call does not do that by itself. Since Linux 2.0 or earlier.
    """

    IPC_RMID = (
        0,
        """Remove the object and wake who waits. Shared memory stays until the last detach. Needs
        to be owner or creator, or CAP_SYS_ADMIN.""",
    )
    IPC_SET = 1, "Set owner, group and mode, for a queue its size in bytes too. Needs what IPC_RMID needs."
    IPC_STAT = 2, "Read the object's structure. Needs permission to read."
    IPC_INFO = 3, "Read the limits of the namespace; returns the highest index in use."


class MsgctlCommand(DocumentedEnum):
    """Commands of msgctl besides IpcCommand.

    They enumerate queues: the id parameter is an index, from 0 to what MSG_INFO returns. Since
    Linux 2.0 or earlier, unless a member says otherwise.
    """

    MSG_STAT = 11, "IPC_STAT by index; returns the id."
    MSG_INFO = 12, "What the queues take up, struct msginfo; returns the highest index in use."
    MSG_STAT_ANY = 13, "MSG_STAT without a check of permission. Since Linux 4.17."


class SemctlCommand(DocumentedEnum):
    """Commands of semctl besides IpcCommand.

    Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    GETPID = 11, "Process that last changed the semaphore."
    GETVAL = 12, "The semaphore's value."
    GETALL = 13, "The values of all semaphores, an array of unsigned short."
    GETNCNT = 14, "How many wait for the value to grow."
    GETZCNT = 15, "How many wait for the value to be 0."
    SETVAL = 16, "Set the value, the argument itself; clears undo values of the semaphore in all processes."
    SETALL = 17, "Set all values, an array of unsigned short; clears all undo values."
    SEM_STAT = 18, "IPC_STAT by index; returns the id."
    SEM_INFO = 19, "What the semaphores take up, struct seminfo; returns the highest index in use."
    SEM_STAT_ANY = 20, "SEM_STAT without a check of permission. Since Linux 4.17."


class SemopFlags(DocumentedFlag):
    """sem_flg of struct sembuf, for semop and semtimedop, besides IPC_NOWAIT.

    Since Linux 2.0 or earlier.
    """

    SEM_UNDO = 0x1000, "Take the operation back when the process exits."


class ShmctlCommand(DocumentedEnum):
    """Commands of shmctl besides IpcCommand.

    Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    SHM_LOCK = (
        11,
        """Keep the segment in memory. Without CAP_IPC_LOCK within RLIMIT_MEMLOCK, for owner or
        creator, since Linux 2.6.10.""",
    )
    SHM_UNLOCK = 12, "The segment may be swapped out again."
    SHM_STAT = 13, "IPC_STAT by index; returns the id."
    SHM_INFO = 14, "What the segments take up, struct shm_info; returns the highest index in use."
    SHM_STAT_ANY = 15, "SHM_STAT without a check of permission. Since Linux 4.17."


class ShmFlags(DocumentedFlag):
    """Flags of shmget, besides IpcFlags and the mode bits.

    The size of a huge page is its logarithm, shifted by 26; without one it is the default size.
    Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    SHM_W = 0o000200, "Permission for the owner to write."
    SHM_R = 0o000400, "Permission for the owner to read."
    SHM_HUGETLB = (
        0o004000,
        """Of huge pages; the length is rounded up. Needs CAP_IPC_LOCK or the group in
        vm.hugetlb_shm_group. Since Linux 2.6.0.""",
    )
    SHM_NORESERVE = (
        0o010000,
        """Reserve no swap space: writing may kill the process when memory runs out. Since Linux
        2.6.15.""",
    )
    SHM_HUGE_64KB = 16 << 26, "With SHM_HUGETLB: pages of 64 KiB. Since Linux 3.8."
    SHM_HUGE_512KB = 19 << 26, "With SHM_HUGETLB: pages of 512 KiB. Since Linux 3.8."
    SHM_HUGE_1MB = 20 << 26, "With SHM_HUGETLB: pages of 1 MiB. Since Linux 3.8."
    SHM_HUGE_2MB = 21 << 26, "With SHM_HUGETLB: pages of 2 MiB. Since Linux 3.8."
    SHM_HUGE_8MB = 23 << 26, "With SHM_HUGETLB: pages of 8 MiB. Since Linux 3.8."
    SHM_HUGE_16MB = 24 << 26, "With SHM_HUGETLB: pages of 16 MiB. Since Linux 3.8."
    SHM_HUGE_32MB = 25 << 26, "With SHM_HUGETLB: pages of 32 MiB. Since Linux 3.8."
    SHM_HUGE_256MB = 28 << 26, "With SHM_HUGETLB: pages of 256 MiB. Since Linux 3.8."
    SHM_HUGE_512MB = 29 << 26, "With SHM_HUGETLB: pages of 512 MiB. Since Linux 3.8."
    SHM_HUGE_1GB = 30 << 26, "With SHM_HUGETLB: pages of 1 GiB. Since Linux 3.8."
    SHM_HUGE_2GB = 31 << 26, "With SHM_HUGETLB: pages of 2 GiB. Since Linux 3.8."
    SHM_HUGE_16GB = 34 << 26, "With SHM_HUGETLB: pages of 16 GiB. Since Linux 3.8."


class ShmatFlags(DocumentedFlag):
    """Flags of shmat.

    SHM_RDONLY is the bit that shmget knows as SHM_NORESERVE. Since Linux 2.0 or earlier, unless a
    member says otherwise.
    """

    SHM_RDONLY = 0o010000, "Attach for reading only. Without it, permission to write is needed as well."
    SHM_RND = 0o020000, "Round the address down to a multiple of SHMLBA."
    SHM_REMAP = 0o040000, "Replace mappings that lie in the range; needs an address."
    SHM_EXEC = 0o100000, "Allow to run code there. Needs permission to execute. Since Linux 2.6.9."


class MsgFlags(DocumentedFlag):
    """Flags of msgrcv, besides IPC_NOWAIT.

    Since Linux 2.0 or earlier, unless a member says otherwise.
    """

    MSG_NOERROR = 0o010000, "Cut a message that is too long; without it E2BIG, and the message stays."
    MSG_EXCEPT = 0o020000, "With a type above 0: the first message of any other type."
    MSG_COPY = (
        0o040000,
        """Copy the message at the position that the type parameter says and leave it there. Needs
        IPC_NOWAIT and a kernel with checkpoint support. Since Linux 3.8.""",
    )


class IpcCall(DocumentedEnum):
    """The first parameter of ipc: which of the System V calls it stands for.

    Only ABIs with that old multiplexer have it. A version number in the upper half changes how the
    arguments of MSGRCV and SHMAT are passed. Since Linux 2.0 or earlier, unless a member says
    otherwise.
    """

    SEMOP = 1, "semop."
    SEMGET = 2, "semget."
    SEMCTL = 3, "semctl."
    SEMTIMEDOP = 4, "semtimedop. Since Linux 2.6.0."
    MSGSND = 11, "msgsnd."
    MSGRCV = 12, "msgrcv."
    MSGGET = 13, "msgget."
    MSGCTL = 14, "msgctl."
    SHMAT = 21, "shmat."
    SHMDT = 22, "shmdt."
    SHMGET = 23, "shmget."
    SHMCTL = 24, "shmctl."
    DIPC = 25, "Distributed IPC; never implemented. Since Linux 2.2."


IPC_PRIVATE = 0
"""The key that no object has: msgget, semget and shmget make a new one for it."""

IPC_64 = 0x100
"""Added to a command: the newer layout of the structures, on ABIs whose kernel has an older one too."""
