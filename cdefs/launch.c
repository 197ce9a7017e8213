/* ---- the child; only system calls, as in settings.c ---- */

/* All signals are blocked, also SIGTTOU, which a process in the background would otherwise get for this. */
static int take_foreground(const struct pysys_launch *l, struct failure *why)
{
    int group = (int)syscall(NR_getpgid, 0);
    if (group == -1)
        return failed_at(why, "foreground", "getpgid");
    if (syscall(NR_ioctl, l->foreground, TIOCSPGRP, &group) == -1)
        return failed_at(why, "foreground", "ioctl");
    return 0;
}

static int set_memory_policy(const struct pysys_launch *l, struct failure *why)
{
    if (!(l->asked & PYSYS_LAUNCH_NUMA))
        return 0;
#ifdef NR_set_mempolicy
    /* The kernel reads one bit less than it is told. */
    if (syscall(NR_set_mempolicy, l->numa_mode, l->numa_nodes, l->numa_bits ? l->numa_bits + 1 : 0) == 0)
        return 0;
#else
    errno = ENOSYS;
#endif
    return failed_at(why, "numa_policy", "set_mempolicy");
}

static char *written_number(char *at, unsigned number)
{
    if (number > 9)
        at = written_number(at, number / 10);
    *at = (char)('0' + number % 10);
    return at + 1;
}

/* As the process sees it itself: in its own PID namespace. */
static void write_own_ids(const struct pysys_launch *l)
{
    for (size_t i = 0; i < l->own_ids; i++) {
        char *at = l->own_id[i];
        while (*at != '=')
            at++;
        *written_number(at + 1, (unsigned)syscall(NR_getpid)) = '\0';
    }
}

/* ---- the child: namespaces inside others ---- */

/* A user namespace without a map has no ids. This one has those of the process, and no right to others. */
static int map_own_ids(unsigned uid, unsigned gid, struct failure *why)
{
    const unsigned ids[] = {uid, gid};
    const char *const files[] = {"/proc/self/uid_map", "/proc/self/gid_map"};
    if (write_of_self(why, "namespaces_inside", "/proc/self/setgroups", "deny", 4) == -1)
        return -1;
    for (int i = 0; i < 2; i++) {
        char line[32], *at = written_number(line, ids[i]);
        *at++ = ' ';
        at = written_number(at, ids[i]);
        *at++ = ' ';
        *at++ = '1';
        if (write_of_self(why, "namespaces_inside", files[i], line, (size_t)(at - line)) == -1)
            return -1;
    }
    return 0;
}
