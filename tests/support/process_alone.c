/* cdefs/process.c without an interpreter, for tests/process/test_process_alone.py. Argument: the scene. */
#include <stdio.h>

/* ---- each way, alone and beside a thread: the child that sends itself a signal gets it, and nobody else ---- */

static volatile sig_atomic_t caught;
static void catch(int number) { caught = number; }

static pthread_barrier_t barrier;
static void *wait_twice(void *unused)
{
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return unused;
}

static int status_of(pid_t pid)
{
    int status = -1;
    return waitpid(pid, &status, __WALL) == pid ? status : -1;
}

static int check(const char *name, int call, uint64_t flags, void (*child)(void), int expected)
{
    struct pysys_clone_args args = {.flags = flags & ~(uint64_t)0xFF, .exit_signal = flags & 0xFF};
    struct pysys_create request = {.call = call, .flags = flags, .fallback = 1, .args = &args, .size = sizeof args};
    caught = 0;
    long pid = pysys_create(&request);
    if (pid == 0) {
        child();
        _exit(0);
    }
    int status = pid > 0 ? status_of((pid_t)pid) : -1;
    if (status == expected && caught == 0)
        return 0;
    printf("%s: %ld, status %#x, expected %#x; signals that hit the parent: %d\n", name, pid, status, expected, caught);
    return 1;
}

static void raises(void) { _exit(raise(SIGUSR1) == 0 && caught == SIGUSR1 ? 7 : 1); }
static void raises_in_its_child(void)
{
    struct pysys_create request = {.call = PYSYS_CLONE, .flags = SIGCHLD};
    long pid = pysys_create(&request);
    if (pid == 0)
        raises();
    _exit(pid > 0 && caught == 0 ? status_of((pid_t)pid) >> 8 : 1);
}

static int every_way(void)
{
    static const struct { const char *name; int call; uint64_t flags; } ways[] = {
        {"libc's fork", PYSYS_LIBC_FORK, SIGCHLD},
        {"fork", PYSYS_FORK, SIGCHLD},
        {"vfork", PYSYS_CLONE, CLONE_VFORK | SIGCHLD},
        {"clone", PYSYS_CLONE, SIGCHLD},
        {"clone3", PYSYS_CLONE3, SIGCHLD},
    };
    int failures = 0;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        failures += check(ways[i].name, ways[i].call, ways[i].flags, raises, 7 << 8);
        failures += check(ways[i].name, ways[i].call, ways[i].flags, raises_in_its_child, 7 << 8);
        failures += check(ways[i].name, ways[i].call, ways[i].flags, abort, SIGABRT);
    }
    return failures;
}

static int signals(void)
{
    pthread_t thread;
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    setvbuf(stdout, NULL, _IONBF, 0);
    signal(SIGUSR1, catch);
    int failures = every_way();
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, wait_twice, NULL);
    pthread_barrier_wait(&barrier);
    failures += every_way();
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    return failures;
}

/* ---- what the link to the children's namespace answers ---- */

static int namespaces(void)
{
    static const struct { int answer, elsewhere; } rows[] = {
        {0, 0}, {ENOENT, 1}, {EACCES, 0}, {EPERM, 0}, {ENOSYS, 0}, {ENOMEM, 0}, {EMFILE, 0},
    };
    int failures = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        link_answer = rows[i].answer;
        if (pysys_children_elsewhere() == rows[i].elsewhere)
            continue;
        printf("elsewhere where the link answers %d: %d\n", link_answer, !rows[i].elsewhere);
        failures++;
    }
    return failures;
}

int main(int argc, char **argv)
{
    int failures = argc == 2 && !strcmp(argv[1], "signals") ? signals() : namespaces();
    printf("%d failures\n", failures);
    return failures != 0;
}
