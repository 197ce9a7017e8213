/* What linux/if.h wants of the C library. */
#ifndef SYS_SOCKET_H
#define SYS_SOCKET_H
struct sockaddr {
    unsigned short sa_family;
    char sa_data[14];
};
#endif
