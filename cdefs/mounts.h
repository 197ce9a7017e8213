/* mounts: puts file systems and directories in their places, by steps that Python has prepared. */

/* The calls of steps. */
#define PYSYS_MOUNTS_UNSHARE 0
#define PYSYS_MOUNTS_OPEN 1
#define PYSYS_MOUNTS_OPEN_INSIDE 2
#define PYSYS_MOUNTS_MKDIR 3
#define PYSYS_MOUNTS_SYMLINK 4
#define PYSYS_MOUNTS_WRITE 5
#define PYSYS_MOUNTS_CLOSE 6
#define PYSYS_MOUNTS_OPEN_TREE 7
#define PYSYS_MOUNTS_MOVE_MOUNT 8
#define PYSYS_MOUNTS_FSOPEN 9
#define PYSYS_MOUNTS_FSCONFIG 10
#define PYSYS_MOUNTS_FSMOUNT 11
#define PYSYS_MOUNTS_SETATTR 12
#define PYSYS_MOUNTS_FCHDIR 13
#define PYSYS_MOUNTS_PIVOT_ROOT 14
#define PYSYS_MOUNTS_UMOUNT 15
#define PYSYS_MOUNTS_CHROOT 16
#define PYSYS_MOUNTS_CHDIR 17

/* Places for descriptors that a step makes and later ones take. */
#define PYSYS_MOUNTS_TOP 0          /* the root of the targets */
#define PYSYS_MOUNTS_CONTEXT 1      /* of fsopen */
#define PYSYS_MOUNTS_MOUNT 2
#define PYSYS_MOUNTS_TARGET 3
#define PYSYS_MOUNTS_PARENT 4
#define PYSYS_MOUNTS_FILE 5
#define PYSYS_MOUNTS_SOURCES 6
#define PYSYS_MOUNTS_PLACES 7

/* MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH */
#define PYSYS_MOUNTS_FROM_EMPTY 4
#define PYSYS_MOUNTS_TO_EMPTY 0x40

#define PYSYS_MOUNTS_ARGUMENTS 5
#define PYSYS_MOUNTS_MESSAGE 160    /* bytes of what a file system says */

struct pysys_mounts_step {
    int call;                   /* PYSYS_MOUNTS_* */
    unsigned places;            /* bit n: argument n is a place, and the call gets its descriptor */
    int result;                 /* the place that the result gets; -1: none */
    int tolerated;              /* an errno that is not a failure; 0: none */
    int after_success;          /* how many steps are omitted then, */
    int after_error;            /* and after the error that is tolerated */
    uintptr_t argument[5];
    const char *undo;           /* of move_mount: what to unmount if a later step fails; NULL: nothing */
    int done;                   /* out: whether the call was made, and did not fail */
};

struct pysys_mounts {
    size_t steps;
    struct pysys_mounts_step *step;
    size_t descriptors;         /* of this process that the steps name */
    int *descriptor;
    int namespace;              /* pysys_mounts_apply: whether to go back to the namespace of before after a failure */
    int kept;                   /* pysys_mounts_apply: the place whose descriptor is the result; -1: none */
    /* out, of a failure */
    int failed;                 /* the step */
    int left;                   /* the errno because of which not all was undone; 0: all was */
    const char *call;
    char message[160];          /* what the file system says, or nothing */
};

/* Makes the steps in this thread. Returns a descriptor, or 0, or minus the errno of the step that failed; then what
   the steps before it mounted is unmounted, or this thread is in the mount namespace of before. */
long pysys_mounts_apply(struct pysys_mounts *mounts);
