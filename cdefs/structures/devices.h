/* Devices: what requests of ioctl take, and what is read from them. */

struct kernel_loop_info64 {
    uint64_t lo_device;
    uint64_t lo_inode;
    uint64_t lo_rdevice;
    uint64_t lo_offset;
    uint64_t lo_sizelimit;
    uint32_t lo_number;
    uint32_t lo_encrypt_type;
    uint32_t lo_encrypt_key_size;
    uint32_t lo_flags;
    uint8_t lo_file_name[64];
    uint8_t lo_crypt_name[64];
    uint8_t lo_encrypt_key[32];
    uint64_t lo_init[2];
    MORE
};

struct kernel_loop_config {
    uint32_t fd;
    uint32_t block_size;
    struct kernel_loop_info64 info;
    uint64_t _reserved[8];
    MORE
};

struct kernel_rtc_time {
    int tm_sec;
    int tm_min;
    int tm_hour;
    int tm_mday;
    int tm_mon;
    int tm_year;
    int tm_wday;
    int tm_yday;
    int tm_isdst;
    MORE
};

struct kernel_rtc_wkalrm {
    unsigned char enabled;
    unsigned char pending;
    struct kernel_rtc_time time;
    MORE
};

struct kernel_watchdog_info {
    uint32_t options;
    uint32_t firmware_version;
    uint8_t identity[32];
    MORE
};

struct kernel_hidraw_devinfo {
    uint32_t bustype;
    int16_t vendor;
    int16_t product;
    MORE
};

struct kernel_input_id {
    uint16_t bustype;
    uint16_t vendor;
    uint16_t product;
    uint16_t version;
    MORE
};

struct kernel_input_absinfo {
    int32_t value;
    int32_t minimum;
    int32_t maximum;
    int32_t fuzz;
    int32_t flat;
    int32_t resolution;
    MORE
};

struct kernel_input_event {                 /* read from a device; its time is not the C library's */
    kernel_ulong input_event_sec;
#if defined(__sparc__) && defined(__arch64__)
    unsigned int input_event_usec;
    unsigned int _pad;
#else
    kernel_ulong input_event_usec;
#endif
    uint16_t type;
    uint16_t code;
    int32_t value;
    MORE
};

struct kernel_uinput_setup {
    struct kernel_input_id id;
    char name[80];
    uint32_t ff_effects_max;
    MORE
};

struct kernel_uinput_abs_setup {
    uint16_t code;
    struct kernel_input_absinfo absinfo;
    MORE
};
