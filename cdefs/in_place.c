/* The steps are spawn's, made by this process in the place of a child. A step that fails comes back by longjmp. */
#include <setjmp.h>

#ifndef AT_EACCESS
#define AT_EACCESS 0x200
#endif

struct in_place {
    struct spawn_in_place steps;    /* the first, so that its address is this one's */
    jmp_buf back;
    size_t copies;                  /* of descriptors, made to get out of the way */
    int *copied;
    struct raw_sigaction actions[KERNEL_SIGNALS];   /* as they were */
};

static struct in_place *in_place_of(struct spawn_child *c)
{
    return (struct in_place *)(uintptr_t)c->in_place;
}

static void in_place_fail(struct spawn_child *c)
{
    longjmp(in_place_of(c)->back, 1);
}

static void in_place_copied(struct spawn_child *c, int descriptor)
{
    struct in_place *here = in_place_of(c);
    here->copied[here->copies++] = descriptor;
}

/* A process that is in a new user namespace has no rights any more outside, and so maps one id: its own. The kernel
   demands that it gives up setgroups for that. */
static void in_place_unshare(struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
    struct failure why;
    if (r->namespaces)
        spawn_fail_unless(c, syscall(NR_unshare, (long)r->namespaces), "namespaces", "unshare");
    if (r->gid_map) {
        spawn_fail_at(c, write_of_self(&why, "gid_map", "/proc/self/setgroups", "deny", 4), &why);
        spawn_fail_at(c, write_of_self(&why, "gid_map", "/proc/self/gid_map", r->gid_map, strlen(r->gid_map)), &why);
    }
    if (r->uid_map)
        spawn_fail_at(c, write_of_self(&why, "uid_map", "/proc/self/uid_map", r->uid_map, strlen(r->uid_map)), &why);
}

/* Whether the paths of the program mean the same files before and after the steps, and the user is the same. */
static int program_is_known(const struct pysys_spawn *r)
{
    return !r->chroot && !r->joins && !r->namespaces &&
           !(r->asked & (PYSYS_SPAWN_GROUPS | PYSYS_SPAWN_GID | PYSYS_SPAWN_UID | PYSYS_SPAWN_PROGRAM_FD));
}

/* Looks whether one of the candidates can be executed, before anything has changed. Returns 0, or -1 and sets errno
   as spawn_exec does. Where that is not known, the exec finds out. */
static int look_for_program(const struct spawn_child *c)
{
    int reason = 0;
    if (!program_is_known(c->r))
        return 0;
    for (char **program = c->programs; *program; program++) {
        if (**program != '/' || syscall(NR_faccessat2, AT_FDCWD, *program, X_OK, AT_EACCESS) == 0 ||
            errno == ENOSYS || errno == EPERM)
            return 0;
        if (errno != ENOENT && errno != ENOTDIR && !reason)
            reason = errno;
    }
    errno = reason ? reason : ENOENT;
    return -1;
}

/* The first namespace of process ids: a process stays in the one that it was made in. */
static int pid_namespace(const struct pysys_spawn *r)
{
    for (size_t i = 0; i < r->joins; i++) {
        int type = r->join_flags[i] ? r->join_flags[i] : ioctl(r->join[i], NS_GET_NSTYPE);
        if (type == -1 || type & CLONE_NEWPID)
            return (int)i;
    }
    return -1;
}

static void keep_actions(struct in_place *here)
{
    for (int number = 1; number <= KERNEL_SIGNALS; number++)
        if (raw_sigaction(number, NULL, &here->actions[number - 1]) == -1)
            memset(&here->actions[number - 1], 0, sizeof *here->actions);
}

static void restore_actions(const struct in_place *here)
{
    for (int number = 1; number <= KERNEL_SIGNALS; number++) {
        const struct raw_sigaction *before = &here->actions[number - 1];
        struct raw_sigaction now;
        if (raw_sigaction(number, NULL, &now) == 0 && now.words[HANDLER_WORD] != before->words[HANDLER_WORD])
            raw_sigaction(number, before, NULL);
    }
}

/* Returns minus the errno of the step that failed; not at all if none does. */
static long spawn_in_place(struct spawn_child *c, struct pysys_spawn *r)
{
    int copied[r->maps + 3];    /* each descriptor that the child needs is copied at most once */
    struct in_place here = {{in_place_unshare, in_place_copied, in_place_fail}, .copied = copied};
    signal_set signals;
    if (c->joined & CLONE_NEWPID) {
        r->step = "join_namespaces";
        r->element = pid_namespace(r);
        r->call = "clone";
        return -EINVAL;
    }
    if (look_for_program(c) == -1) {
        r->step = "executable";
        r->call = "execve";
        return -errno;
    }
    r->call = "rt_sigprocmask";
    if (block_signals(&signals) == -1)
        return -errno;
    spawn_mask(c, &signals);
    keep_actions(&here);
    c->parent = getppid();
    c->handlers_cleared = 1;    /* the exec does it */
    c->enters_cgroup = (r->asked & PYSYS_SPAWN_CGROUP) != 0;
    c->in_place = &here.steps;
    r->began = 1;
    if (!setjmp(here.back))
        spawn_child(c);
    for (size_t i = 0; i < here.copies; i++)
        close(copied[i]);
    restore_actions(&here);
    restore_signals(&signals);
    r->step = c->report->step;
    r->call = c->report->call;
    r->element = c->report->element;
    return -c->report->error;
}

/* ---- Landlock ---- */

long pysys_ruleset(struct pysys_settings *settings, struct pysys_failed *failed)
{
    struct failure why = {NULL, NULL, -1};
    int ruleset = -1, made = make_ruleset(settings, &ruleset, &why), error = errno;
    failed->call = why.call;
    failed->element = why.element;
    if (made == 0)
        return ruleset == -1 ? PYSYS_NO_RULESET : ruleset;
    if (ruleset != -1)
        close(ruleset);
    return -error;
}

void pysys_landlock_known(int version, uint64_t sets[3])
{
    struct landlock_sets known = landlock_of(version);
    sets[0] = known.files;
    sets[1] = known.ports;
    sets[2] = known.scoped;
}
