/* syscall() returns -1 only for an error; another negative value is a result, for example an address. */
static inline pysys_word outcome(long number, pysys_word result)
{
    (void)number;
    if (result == -1)
        return -(pysys_word)errno;
#if defined(__x86_64__) && !defined(__ILP32__)
    if (number == SYS_modify_ldt) /* its errors come as an unsigned int, which the C library takes for a result */
        return (int)result;
#endif
    return result;
}

pysys_word pysys_syscall7(long number, pysys_word a1, pysys_word a2, pysys_word a3, pysys_word a4,
                          pysys_word a5, pysys_word a6, pysys_word a7)
{
    return outcome(number, syscall(number, a1, a2, a3, a4, a5, a6, a7));
}

pysys_word pysys_syscall6(long number, pysys_word a1, pysys_word a2, pysys_word a3, pysys_word a4,
                          pysys_word a5, pysys_word a6)
{
    return outcome(number, syscall(number, a1, a2, a3, a4, a5, a6));
}

pysys_word pysys_syscall5(long number, pysys_word a1, pysys_word a2, pysys_word a3, pysys_word a4,
                          pysys_word a5)
{
    return pysys_syscall6(number, a1, a2, a3, a4, a5, 0);
}

pysys_word pysys_syscall4(long number, pysys_word a1, pysys_word a2, pysys_word a3, pysys_word a4)
{
    return pysys_syscall6(number, a1, a2, a3, a4, 0, 0);
}

pysys_word pysys_syscall3(long number, pysys_word a1, pysys_word a2, pysys_word a3)
{
    return pysys_syscall6(number, a1, a2, a3, 0, 0, 0);
}

pysys_word pysys_syscall2(long number, pysys_word a1, pysys_word a2)
{
    return pysys_syscall6(number, a1, a2, 0, 0, 0, 0);
}

pysys_word pysys_syscall1(long number, pysys_word a1)
{
    return pysys_syscall6(number, a1, 0, 0, 0, 0, 0);
}

pysys_word pysys_syscall0(long number)
{
    return pysys_syscall6(number, 0, 0, 0, 0, 0, 0);
}

int pysys_socket_limit(int descriptor, int sending)
{
    struct timeval limit = {0, 0};
    socklen_t size = sizeof limit;
    if (getsockopt(descriptor, SOL_SOCKET, sending ? SO_SNDTIMEO : SO_RCVTIMEO, &limit, &size) == -1)
        return 0;
    return limit.tv_sec != 0 || limit.tv_usec != 0;
}

int pysys_socket_domain(int descriptor)
{
    int domain = 0;
    socklen_t size = sizeof domain;
    if (getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) == -1)
        return -errno;
    return domain;
}

uintptr_t pysys_address(const void *place)
{
    return (uintptr_t)place;
}
