#include <linux/types.h>
#include <poll.h>

#define WAIT_P_PID 1
#define WAIT_P_PIDFD 3

/* The kernel's struct rusage: the C library's may have wider times. */
struct raw_rusage {
    __kernel_long_t user[2], system[2], counts[14];
};

long pysys_reap(int pidfd, int pid, int options, struct pysys_ended *ended)
{
    siginfo_t info;
    struct raw_rusage usage;
    long result = -1;
    info.si_pid = 0;
    if (pidfd != -1)
        result = syscall(NR_waitid, WAIT_P_PIDFD, pidfd, &info, WEXITED | options, &usage);
    if (pidfd == -1 || (result == -1 && errno == EINVAL))   /* before Linux 5.4 */
        result = syscall(NR_waitid, WAIT_P_PID, pid, &info, WEXITED | options, &usage);
    if (result == -1)
        return -errno;
    if (info.si_pid == 0)
        return 0;
    ended->returncode = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
    ended->usage[0] = usage.user[0] * 1000000LL + usage.user[1];
    ended->usage[1] = usage.system[0] * 1000000LL + usage.system[1];
    for (int i = 0; i < 14; i++)
        ended->usage[2 + i] = usage.counts[i];
    return 1;
}

long pysys_poll(int pidfd, long long timeout)
{
    struct pollfd file = {pidfd, POLLIN, 0};
    struct timespec time = {timeout / 1000000000, timeout % 1000000000};
    int ready = ppoll(&file, 1, &time, NULL);
    return ready == -1 ? -errno : ready;
}

long pysys_send_signal(int pidfd, int number)
{
    return syscall(NR_pidfd_send_signal, pidfd, number, NULL, 0) == -1 ? -errno : 0;
}
