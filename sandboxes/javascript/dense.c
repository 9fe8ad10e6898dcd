/* Preloaded into the Node fork server: V8's memory side by side, where V8 asks for an address of chance for each 256 KiB.
 *
 * A fork copies a table or more for each address that stands alone, and its end takes them down. Not done here: anything
 * that is not a wish; the kernel takes another address where ours is taken.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CHUNK = 256 << 10, PAGE = 4 << 10, LARGEST = 16 << 20 };
static uintptr_t next = 0x200000000000;

void *mmap(void *wish, size_t length, int protection, int flags, int fd, off_t offset) {
    if (wish && (flags & MAP_ANONYMOUS) && !(flags & MAP_FIXED) && length <= LARGEST) {
        /* V8 asks for a chunk more, less a page, than it keeps, to have one that begins at a multiple of its size. */
        const size_t kept = length > CHUNK ? length - (CHUNK - PAGE) : length;
        wish = (void *)__atomic_fetch_add(&next, (kept + CHUNK - 1) / CHUNK * CHUNK, __ATOMIC_RELAXED);
    }
    return (void *)syscall(SYS_mmap, wish, length, protection, flags, fd, offset);
}

void *mmap64(void *wish, size_t length, int protection, int flags, int fd, off_t offset) {
    return mmap(wish, length, protection, flags, fd, offset);
}
