/* What the file of an image is: a head, the pages that are not zero, then the tables. image.c writes it, restore.c reads it.
 *
 * Everything of restore.c lies at addresses that no process has by itself, so that any image can be mapped around it. */
#include <stdint.h>

#define RESTORE_AT 0x200000000000ul
#define TABLES_AT 0x200100000000ul
#define PARKED_AT 0x200200000000ul
#define RESTORE_END 0x200300000000ul

enum { IMAGE_MAGIC = 0x31584d49, IMAGE_PAGE = 4096, MOST_REGIONS = 2048, MOST_RUNS = 1 << 16 };
enum image_kind { MEMORY, STACK, OF_FILE /* as it is in a file, which nobody writes */, OF_KERNEL /* its code for the clock */ };

struct image_head {
    uint64_t magic, tables_at, regions, runs;
    uint64_t heap, heap_end; /* what the kernel knows of malloc's */
    uint64_t identity, place[5]; /* of the thread that goes on: thread-local storage, what __builtin_setjmp has noted */
};

struct image_region {
    uint64_t begin, end, protection, kind;
    uint64_t shared, offset, inode, changed; /* of OF_FILE: how it is mapped, where in its file, and which that is */
    char name[192];
};

struct image_run {
    uint64_t begin, length, offset;
};

struct image_tables {
    struct image_region regions[MOST_REGIONS];
    struct image_run runs[MOST_RUNS];
};
