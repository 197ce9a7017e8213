/* What linux/input.h wants of the C library. */
#include <linux/types.h>
