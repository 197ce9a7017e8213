/* The kernel's structures, as of Linux 7.2, under tags of their own: struct kernel_NAME.

   C reads this, and so does CFFI: build_ffi.py gives it what the compiler's preprocessor makes of it with
   PYSYS_CDEF defined, so that one text says it for every ABI. Nothing comes from the kernel's headers, which may be older
   than the kernel. C reads it last: it takes away macros that the C library has for fields.

   A name that begins with an underscore is padding, or a word of bits that Python takes apart
   (src/pysys/structures/field_notes.py): CFFI has no bitfields where the compiler gives the layout. A nested
   structure without a tag has one here: the outer tag and the field's name. */
#include "structures/types.h"
#include "structures/time.h"
#include "structures/files.h"
#include "structures/stat.h"
#include "structures/events.h"
#include "structures/signals.h"
#include "structures/process.h"
#include "structures/network.h"
#include "structures/ipc.h"
#include "structures/mounts.h"
#include "structures/security.h"
#include "structures/bpf.h"
#include "structures/perf.h"
#include "structures/io.h"
#include "structures/userfaultfd.h"
#include "structures/machine.h"
