/* Terminals, serial lines and consoles: what their requests of ioctl take. */

struct kernel_winsize {
    unsigned short ws_row;
    unsigned short ws_col;
    unsigned short ws_xpixel;
    unsigned short ws_ypixel;
    MORE
};

#ifdef __mips__
#define KERNEL_NCCS 23                             /* of termios */
#define KERNEL_NCCS2 23                            /* of termios2 */
#define KERNEL_NCC 23                              /* of termio */
#elif defined(__sparc__)
#define KERNEL_NCCS 17
#define KERNEL_NCCS2 19
#define KERNEL_NCC 8
#elif defined(__powerpc__)
#define KERNEL_NCCS 19
#define KERNEL_NCC 10
#else
#define KERNEL_NCCS 19
#define KERNEL_NCCS2 19
#define KERNEL_NCC 8
#endif

struct kernel_termios {                     /* TCGETS; the C library's is longer */
    unsigned int c_iflag;
    unsigned int c_oflag;
    unsigned int c_cflag;
    unsigned int c_lflag;
#if defined(__powerpc__) || defined(__alpha__)
    unsigned char c_cc[KERNEL_NCCS];
    unsigned char c_line;
    unsigned int c_ispeed;
    unsigned int c_ospeed;
#else
    unsigned char c_line;
    unsigned char c_cc[KERNEL_NCCS];
#endif
    MORE
};

#ifndef __powerpc__                         /* whose termios has the speeds */
struct kernel_termios2 {                    /* TCGETS2 */
    unsigned int c_iflag;
    unsigned int c_oflag;
    unsigned int c_cflag;
    unsigned int c_lflag;
#ifdef __alpha__
    unsigned char c_cc[KERNEL_NCCS2];
    unsigned char c_line;
#else
    unsigned char c_line;
    unsigned char c_cc[KERNEL_NCCS2];
#endif
    unsigned int c_ispeed;
    unsigned int c_ospeed;
    MORE
};
#endif

struct kernel_termio {                      /* TCGETA */
    unsigned short c_iflag;
    unsigned short c_oflag;
    unsigned short c_cflag;
    unsigned short c_lflag;
    unsigned char c_line;
    unsigned char c_cc[KERNEL_NCC];
    MORE
};

struct kernel_serial_struct {
    int type;
    int line;
    unsigned int port;
    int irq;
    int flags;
    int xmit_fifo_size;
    int custom_divisor;
    int baud_base;
    unsigned short close_delay;
    unsigned char io_type;
    char _reserved_char[1];
    int hub6;
    unsigned short closing_wait;
    unsigned short closing_wait2;
    unsigned char *iomem_base;
    unsigned short iomem_reg_shift;
    unsigned int port_high;
    unsigned long iomap_base;
    MORE
};

struct kernel_serial_icounter_struct {
    int cts;
    int dsr;
    int rng;
    int dcd;
    int rx;
    int tx;
    int frame;
    int overrun;
    int parity;
    int brk;
    int buf_overrun;
    int _reserved[9];
    MORE
};

struct kernel_serial_rs485 {
    uint32_t flags;
    uint32_t delay_rts_before_send;
    uint32_t delay_rts_after_send;
    uint8_t addr_recv;
    uint8_t addr_dest;
    uint8_t _padding0[2];
    uint32_t _padding1[4];
    MORE
};

struct kernel_vt_mode {
    uint8_t mode;
    uint8_t waitv;
    int16_t relsig;
    int16_t acqsig;
    int16_t frsig;
    MORE
};

struct kernel_vt_stat {
    uint16_t v_active;
    uint16_t v_signal;
    uint16_t v_state;
    MORE
};
