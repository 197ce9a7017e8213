/* The kernel's structures, as of Linux 7.2, under the tags struct kernel_NAME.

   Both C and CFFI read this: build_ffi.py gives CFFI the output of the compiler's preprocessor with PYSYS_CDEF
   defined, so that one text serves every ABI. Nothing comes from the kernel's headers, which may be older than
   the kernel. C reads it last, because it undefines macros that the C library has for fields.

   A name that begins with an underscore is padding, or a word of bits that Python takes apart
   (src/pysys/structures/field_notes.py): CFFI has no bitfields where the compiler gives the layout. A nested
   structure without a tag in the kernel has one here: the outer tag and the field's name. */
#include "structures/types.h"
#include "structures/time.h"
#include "structures/files.h"
#include "structures/stat.h"
#include "structures/filesystems.h"
#include "structures/terminals.h"
#include "structures/devices.h"
#include "structures/events.h"
#include "structures/signals.h"
#include "structures/process.h"
#include "structures/network.h"
#include "structures/interfaces.h"
#include "structures/ipc.h"
#include "structures/mounts.h"
#include "structures/security.h"
#include "structures/bpf.h"
#include "structures/perf.h"
#include "structures/io.h"
#include "structures/userfaultfd.h"
#include "structures/machine.h"
#include "structures/registers.h"
