#include <poll.h>

/* The child cannot hand its listener over: once it has loaded the filter, any call may be forbidden to it, or be held
   until somebody answers. So it makes none but the exec. The listener is in a table of descriptors that the child
   shares with the keeper, a process that was made before, without the filter. The keeper sends it, and is ended. */

#define HANDOVER_LOOK 50        /* how often a keeper sees whether its parent exists, in milliseconds */
#define ANSWER_GO_ON 1          /* SECCOMP_USER_NOTIF_FLAG_CONTINUE */

/* The stages of a keeper: it makes the child; it has; it shall send; it has sent. */
#define KEEPER_MAKES 0
#define KEEPER_MADE 1
#define KEEPER_SEND 2
#define KEEPER_SENT 3

/* The kernel's struct seccomp_notif and seccomp_notif_resp. */
struct held_call {
    uint64_t id;
    uint32_t pid, flags;
    int32_t number;
    uint32_t arch;
    uint64_t instruction, arguments[6];
};
struct call_answer {
    uint64_t id;
    int64_t value;
    int32_t error;
    uint32_t flags;
};
#define RECEIVE_CALL _IOWR('!', 0, struct held_call)
#define ANSWER_CALL _IOWR('!', 1, struct call_answer)

/* In memory that the child, the keeper and this process share. */
struct handover {
    unsigned stage;             /* a futex */
    int made;                   /* the child's process id */
    int error;                  /* of the keeper's clone or sendmsg; 0: none */
    int socket;                 /* of the keeper, which the child moves if its number is taken */
    int listener;               /* its number in the child; -1: the filter is not loaded */
};

static void set_keeper(struct handover *h, unsigned stage)
{
    __atomic_store_n(&h->stage, stage, __ATOMIC_SEQ_CST);
    wake(&h->stage);
}

/* The keeper, which has made the child, or could not. It does not return. If the parent ends, the child may be in a
   call that nobody answers: unless it has exec'd, which marks `running`, it ends as well. `inner` is the process that
   it has made in its place, if any. */
static void keep(struct handover *h, int error, pid_t parent, const unsigned *running, const pid_t *inner)
{
    h->error = error;
    set_keeper(h, KEEPER_MADE);
    while ((pid_t)syscall(NR_getppid) == parent) {
        unsigned stage = __atomic_load_n(&h->stage, __ATOMIC_SEQ_CST);
        if (stage == KEEPER_SEND) {
            h->error = send_descriptor(h->socket, h->listener) == -1 ? errno : 0;
            set_keeper(h, KEEPER_SENT);
        } else
            wait_for_change(&h->stage, stage, HANDOVER_LOOK);
    }
    if (h->listener != -1 && !(__atomic_load_n(running, __ATOMIC_SEQ_CST) & FUTEX_OWNER_DIED))
        kill(*inner ? *inner : h->made, SIGKILL);
    for (;;)
        syscall(NR_exit_group, 0);
}

/* Whether a child has ended, whatever its exit signal; it is not reaped. __WALL is known since Linux 4.7. */
static int has_ended(pid_t pid)
{
    siginfo_t info;
    info.si_pid = 0;
    int result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL);
    if (result == -1 && errno == EINVAL)
        result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
    return result == -1 || info.si_pid == pid;
}

/* Returns 0 if the keeper has ended instead. */
static int wait_for_keeper(struct handover *h, unsigned seen, pid_t keeper)
{
    while (__atomic_load_n(&h->stage, __ATOMIC_SEQ_CST) == seen) {
        wait_for_change(&h->stage, seen, HANDOVER_LOOK);
        if (__atomic_load_n(&h->stage, __ATOMIC_SEQ_CST) == seen && has_ended(keeper))
            return 0;
    }
    return 1;
}

/* Returns the listener; or -1, and sets errno and the failure. */
static int take_listener(struct handover *h, pid_t keeper, int *channel, struct failure *why)
{
    set_keeper(h, KEEPER_SEND);
    if (!wait_for_keeper(h, KEEPER_SEND, keeper)) {
        errno = EAGAIN;
        return failed_at(why, "seccomp", "clone");
    }
    if (h->error) {
        errno = h->error;
        return failed_at(why, "seccomp", "sendmsg");
    }
    int listener = receive_descriptor(channel);
    return listener == -1 ? failed_at(why, "seccomp", "recvmsg") : listener;
}

/* Lets the child go on with what it does itself up to its exec, which may be a call that the filter has somebody
   decide about. `running` is marked when it has exec'd: a call that waited before that is not the program's. Before
   Linux 5.5 there is no such answer, and the call fails. Returns whether there was a call. */
static int let_go_on(int listener, const unsigned *running)
{
    struct pollfd file = {listener, POLLIN, 0};
    struct held_call call;
    memset(&call, 0, sizeof call);
    if (poll(&file, 1, 0) != 1 || !(file.revents & POLLIN) ||
        __atomic_load_n(running, __ATOMIC_SEQ_CST) & FUTEX_OWNER_DIED)
        return 0;
    if (ioctl(listener, RECEIVE_CALL, &call) == -1)
        return 0;
    struct call_answer answer = {call.id, 0, 0, ANSWER_GO_ON};
    if (ioctl(listener, ANSWER_CALL, &answer) == -1 && errno == EINVAL) {
        answer.error = -ENOSYS;
        answer.flags = 0;
        ioctl(listener, ANSWER_CALL, &answer);
    }
    return 1;
}
