/* Makes any call, by number. Returns the result, or minus the errno. A pysys_word is as wide as an argument
   register. There is a function for each number of arguments, because their conversion takes most of the
   time. */
pysys_word pysys_syscall0(long number);
pysys_word pysys_syscall1(long number, pysys_word a1);
pysys_word pysys_syscall2(long number, pysys_word a1, pysys_word a2);
pysys_word pysys_syscall3(long number, pysys_word a1, pysys_word a2, pysys_word a3);
pysys_word pysys_syscall4(long number, pysys_word a1, pysys_word a2, pysys_word a3, pysys_word a4);
pysys_word pysys_syscall5(long number, pysys_word a1, pysys_word a2, pysys_word a3, pysys_word a4,
                          pysys_word a5);
pysys_word pysys_syscall6(long number, pysys_word a1, pysys_word a2, pysys_word a3, pysys_word a4,
                          pysys_word a5, pysys_word a6);
/* Seven are for mips_o32, where two 64-bit arguments and their alignment can take that many. */
pysys_word pysys_syscall7(long number, pysys_word a1, pysys_word a2, pysys_word a3, pysys_word a4,
                          pysys_word a5, pysys_word a6, pysys_word a7);

/* Whether a socket has a time limit (SO_RCVTIMEO, or SO_SNDTIMEO if sending). 0 for a descriptor that is not a
   socket. */
int pysys_socket_limit(int descriptor, int sending);

/* The family of a socket's addresses, or minus the errno. */
int pysys_socket_domain(int descriptor);

/* The address of a buffer, a bytes object or a pointer. */
uintptr_t pysys_address(const void *place);
