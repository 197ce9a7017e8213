#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif

static const struct { long number; const char *name; } mounts_calls[] = {
    [PYSYS_MOUNTS_UNSHARE] = {NR_unshare, "unshare"},
    [PYSYS_MOUNTS_OPEN] = {NR_openat, "openat"},
    [PYSYS_MOUNTS_OPEN_INSIDE] = {NR_openat2, "openat2"},
    [PYSYS_MOUNTS_MKDIR] = {NR_mkdirat, "mkdirat"},
    [PYSYS_MOUNTS_SYMLINK] = {NR_symlinkat, "symlinkat"},
    [PYSYS_MOUNTS_WRITE] = {NR_write, "write"},
    [PYSYS_MOUNTS_CLOSE] = {NR_close, "close"},
    [PYSYS_MOUNTS_OPEN_TREE] = {NR_open_tree, "open_tree"},
    [PYSYS_MOUNTS_MOVE_MOUNT] = {NR_move_mount, "move_mount"},
    [PYSYS_MOUNTS_FSOPEN] = {NR_fsopen, "fsopen"},
    [PYSYS_MOUNTS_FSCONFIG] = {NR_fsconfig, "fsconfig"},
    [PYSYS_MOUNTS_FSMOUNT] = {NR_fsmount, "fsmount"},
    [PYSYS_MOUNTS_SETATTR] = {NR_mount_setattr, "mount_setattr"},
    [PYSYS_MOUNTS_FCHDIR] = {NR_fchdir, "fchdir"},
    [PYSYS_MOUNTS_PIVOT_ROOT] = {NR_pivot_root, "pivot_root"},
    [PYSYS_MOUNTS_UMOUNT] = {NR_umount2, "umount2"},
    [PYSYS_MOUNTS_CHROOT] = {NR_chroot, "chroot"},
    [PYSYS_MOUNTS_CHDIR] = {NR_chdir, "chdir"},
};

static void mounts_close(int *place)
{
    if (*place != -1)
        syscall(NR_close, *place);
    *place = -1;
}

/* A file system may be full after a part. */
static long mounts_write(int file, const char *text, size_t size)
{
    while (size > 0) {
        long written = syscall(NR_write, file, text, size);
        if (written == -1)
            return -1;
        text += written;
        size -= (size_t)written;
    }
    return 0;
}

static long mounts_make(const struct pysys_mounts_step *step, int *places)
{
    long a[PYSYS_MOUNTS_ARGUMENTS];
    for (int i = 0; i < PYSYS_MOUNTS_ARGUMENTS; i++)
        a[i] = step->places >> i & 1 ? places[step->argument[i]] : (long)step->argument[i];
    if (step->call == PYSYS_MOUNTS_WRITE)
        return mounts_write((int)a[0], (const char *)a[1], (size_t)a[2]);
    if (step->call == PYSYS_MOUNTS_CLOSE) {     /* it is closed whatever the call answers */
        mounts_close(&places[step->argument[0]]);
        return 0;
    }
    return syscall(mounts_calls[step->call].number, a[0], a[1], a[2], a[3], a[4]);
}

/* What the file system that is being made says of the failure; empty if nothing. errno stays. */
static void mounts_explain(const struct pysys_mounts_step *step, const int *places, char *message)
{
    int reason = errno;
    message[0] = '\0';
    if ((step->call == PYSYS_MOUNTS_FSCONFIG || step->call == PYSYS_MOUNTS_FSMOUNT) &&
        places[PYSYS_MOUNTS_CONTEXT] != -1) {
        long size = syscall(NR_read, places[PYSYS_MOUNTS_CONTEXT], message, PYSYS_MOUNTS_MESSAGE - 1);
        message[size > 0 ? size : 0] = '\0';
    }
    errno = reason;
}

/* Returns 0 and, if it is asked for, a descriptor in *kept; or -1, and sets errno, the failure, whose element is the
   step, and the message. Only system calls are made here, through syscall(), because the child of spawn may share
   the parent's memory. */
static int make_mounts(const struct pysys_mounts *mounts, int *kept, char *message, struct failure *why)
{
    int places[PYSYS_MOUNTS_PLACES], result = 0;
    for (int i = 0; i < PYSYS_MOUNTS_PLACES; i++)
        places[i] = -1;
    for (size_t i = 0; i < mounts->steps; i++) {
        struct pysys_mounts_step *step = &mounts->step[i];
        long made = mounts_make(step, places);
        if (made == -1 && (!step->tolerated || errno != step->tolerated)) {
            mounts_explain(step, places, message);
            why->element = (int)i;
            result = failed_at(why, "mounts", mounts_calls[step->call].name);
            break;
        }
        if (made != -1 && step->result != -1) {
            mounts_close(&places[step->result]);
            places[step->result] = (int)made;
        }
        step->done = made != -1;
        i += (size_t)(made == -1 ? step->after_error : step->after_success);
    }
    int reason = errno;
    for (int i = 0; i < PYSYS_MOUNTS_PLACES; i++)
        if (result == 0 && kept && mounts->kept == i)
            *kept = places[i];
        else
            mounts_close(&places[i]);
    errno = reason;
    return result;
}

/* ---- in this process ---- */

/* The namespace, the root and the working directory of before, as descriptors; -1: not opened. */
struct mounts_before {
    int namespace, root, cwd;
};

static int mounts_remember(struct mounts_before *before, struct failure *why)
{
    before->namespace = open("/proc/thread-self/ns/mnt", O_RDONLY | O_CLOEXEC);
    if (before->namespace != -1)
        before->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (before->root != -1)
        before->cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return before->cwd == -1 ? failed_at(why, "mounts", "openat") : 0;
}

static int mounts_go_back(const struct mounts_before *before)
{
    return setns(before->namespace, CLONE_NEWNS) == -1 || fchdir(before->root) == -1 || chroot(".") == -1 ||
           fchdir(before->cwd) == -1 ? -1 : 0;
}

/* The last first. Returns 0, or -1 and sets errno, if something stays. */
static int mounts_unmount(const struct pysys_mounts *mounts, int failed)
{
    int reason = 0;
    for (int i = failed - 1; i >= 0; i--) {
        const struct pysys_mounts_step *step = &mounts->step[i];
        if (step->done && step->undo && syscall(NR_umount2, step->undo, MNT_DETACH) == -1)
            reason = errno;
    }
    errno = reason;
    return reason ? -1 : 0;
}

long pysys_mounts_apply(struct pysys_mounts *mounts)
{
    struct mounts_before before = {-1, -1, -1};
    struct failure why = {NULL, NULL, -1};
    int kept = 0;
    mounts->left = 0;
    mounts->message[0] = '\0';
    for (size_t i = 0; i < mounts->steps; i++)
        mounts->step[i].done = 0;
    int done = mounts->namespace ? mounts_remember(&before, &why) : 0;
    if (done == 0)
        done = make_mounts(mounts, &kept, mounts->message, &why);
    int reason = errno;
    if (done == -1 && why.element > 0 &&
        (mounts->namespace ? mounts_go_back(&before) : mounts_unmount(mounts, why.element)) == -1)
        mounts->left = errno;
    mounts_close(&before.namespace);
    mounts_close(&before.root);
    mounts_close(&before.cwd);
    mounts->failed = why.element;
    mounts->call = why.call;
    return done == -1 ? -(long)reason : kept;
}
