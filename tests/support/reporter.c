/* A program that says what it finds when it starts: a line for each fact, through descriptor 1, which is a
   socket. Then it waits until it is told to end, so that it can be looked at from outside, too. It is linked
   statically, because it also starts in a root directory without libraries.

   usage: reporter ANYTHING...
          reporter "at once"            does not wait
          reporter mark                 only makes a call that a supervisor knows (tests/support/injector.py)
          reporter hold [HOST NAME]     only says that it is there, and holds its namespaces */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_IS_SET 1
#endif

#define HIGHEST 1100    /* no test opens a descriptor above it */

extern char **environ;

static void words(const char *name, char **strings)
{
    for (; *strings; strings++)
        printf("%s %s\n", name, *strings);
}

static void descriptors(void)
{
    for (int number = 0; number < HIGHEST; number++) {
        struct stat found;
        if (fstat(number, &found) == 0)
            printf("fd %d %llu:%llu\n", number, (unsigned long long)found.st_dev,
                   (unsigned long long)found.st_ino);
    }
}

static void ids(void)
{
    uid_t uid[3];
    gid_t gid[3], groups[64];
    getresuid(&uid[0], &uid[1], &uid[2]);
    getresgid(&gid[0], &gid[1], &gid[2]);
    printf("uids %u %u %u %u\n", uid[0], uid[1], uid[2], (unsigned)setfsuid((uid_t)-1));
    printf("gids %u %u %u %u\n", gid[0], gid[1], gid[2], (unsigned)setfsgid((gid_t)-1));
    printf("groups");
    for (int i = 0, count = getgroups(64, groups); i < count; i++)
        printf(" %u", groups[i]);
    printf("\n");
}

static void capabilities(void)
{
    struct { uint32_t version; int pid; } header = {0x20080522, 0};
    struct { uint32_t effective, permitted, inheritable; } data[2];
    unsigned long long ambient = 0;
    memset(data, 0, sizeof data);
    syscall(SYS_capget, &header, data);
    for (long number = 0; number < 64; number++)
        if (prctl(PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_IS_SET, number, 0L, 0L) == 1)
            ambient |= 1ULL << number;
    printf("effective %llx\n", (unsigned long long)data[1].effective << 32 | data[0].effective);
    printf("permitted %llx\n", (unsigned long long)data[1].permitted << 32 | data[0].permitted);
    printf("inheritable %llx\n", (unsigned long long)data[1].inheritable << 32 | data[0].inheritable);
    printf("ambient %llx\n", ambient);
}

static void signals(void)
{
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    for (int number = 1; number <= SIGRTMAX; number++) {
        struct sigaction action;
        if (sigismember(&blocked, number) == 1)
            printf("blocked %d\n", number);
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
            printf("%s %d\n", action.sa_handler == SIG_IGN ? "ignored" : "caught", number);
    }
}

static void limits(void)
{
    cpu_set_t cpus;
    for (int number = 0; number < 16; number++) {
        struct rlimit limit;
        if (getrlimit(number, &limit) == 0)
            printf("limit %d %llx %llx\n", number, (unsigned long long)limit.rlim_cur,
                   (unsigned long long)limit.rlim_max);
    }
    errno = 0;
    printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
    printf("cpus");
    CPU_ZERO(&cpus);
    sched_getaffinity(0, sizeof cpus, &cpus);
    for (int number = 0; number < CPU_SETSIZE; number++)
        if (CPU_ISSET(number, &cpus))
            printf(" %d", number);
    printf("\n");
}

static void process(void)
{
    int death = 0;
    struct utsname host;
    mode_t mask = umask(0);
    prctl(PR_GET_PDEATHSIG, &death);
    uname(&host);
    printf("umask %o\n", (unsigned)mask);
    printf("pid %d\n", (int)getpid());
    printf("parent %d\n", (int)getppid());
    printf("group %d\n", (int)getpgid(0));
    printf("session %d\n", (int)getsid(0));
    printf("pdeathsig %d\n", death);
    printf("no_new_privs %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L));
    printf("keepcaps %d\n", prctl(PR_GET_KEEPCAPS, 0L, 0L, 0L, 0L));
    printf("dumpable %d\n", prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L));
    printf("host %s\n", host.nodename);
    printf("domain %s\n", host.domainname);
}

/* What a ruleset of Landlock, a filter and a new network namespace make otherwise. */
static void confinement(void)
{
    struct sockaddr_in nobody = {.sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(0x7f000001)};
    struct ifreq loopback = {.ifr_name = "lo"};
    close(3);                   /* all may be taken; they have been reported */
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    int done = connect(connection, (struct sockaddr *)&nobody, sizeof nobody);
    printf("port %s\n", done == -1 && errno == EACCES ? "denied" : "allowed");
    close(connection);
    int any = socket(AF_UNIX, SOCK_DGRAM, 0);
    printf("loopback %s\n",
           ioctl(any, SIOCGIFFLAGS, &loopback) == -1 ? "none" : loopback.ifr_flags & IFF_UP ? "up" : "down");
    close(any);
    printf("yield %d\n", syscall(SYS_sched_yield) == -1 ? errno : 0);
}

static void settings(void)
{
    char keyring[256] = "";
    int reaper = 0;
    long described = syscall(SYS_keyctl, 6, -3, keyring, sizeof keyring - 1, 0);    /* KEYCTL_DESCRIBE, the session's */
    prctl(PR_GET_CHILD_SUBREAPER, &reaper);
    printf("keyring %s\n", described != -1 && strstr(keyring, ";pysys-test") ? "given" : "other");
    printf("subreaper %d\n", reaper);
    printf("securebits %x\n", (unsigned)prctl(PR_GET_SECUREBITS, 0L, 0L, 0L, 0L));
    printf("slack %d\n", prctl(PR_GET_TIMERSLACK, 0L, 0L, 0L, 0L));
    printf("personality %x\n", (unsigned)personality(0xffffffff));
    printf("io %s\n", syscall(SYS_ioprio_get, 1, 0) >> 13 == 3 ? "idle" : "other");
}

int main(int argc, char **argv)
{
    static char report[1 << 16];
    char path[PATH_MAX], byte;
    setvbuf(stdout, report, _IOFBF, sizeof report);
    if (argc > 1 && strcmp(argv[1], "mark") == 0) {
        prctl(0x70797379, 4L, 0L, 0L, 0L);
        return 7;
    }
    if (argc > 1 && strcmp(argv[1], "hold") == 0) {
        if (argc > 2 && sethostname(argv[2], strlen(argv[2])) == -1)
            return 1;
    } else {
        words("argument", argv);
        words("variable", environ);
        printf("path %s\n", syscall(SYS_getcwd, path, sizeof path) == -1 ? strerror(errno) : path);
        descriptors();
        ids();
        capabilities();
        signals();
        limits();
        process();
        settings();
        confinement();
    }
    printf("end\n");
    fflush(stdout);
    if (argc > 1 && strcmp(argv[1], "at once") == 0)
        return 7;
    while (read(1, &byte, 1) == -1 && errno == EINTR)
        ;
    return 7;
}
