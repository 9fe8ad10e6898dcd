/* Fork servers for test_box.py and test_images.py, by their first argument. What the forks do is the same: they report and end.
 *
 * storm   a thread starts others without end, as a runtime does while it comes up
 * busy    no other thread
 * stuck   a fork never gets as far as its box: it waits while it still is the user that the server is
 * silent  reads requests and answers none
 * image   notes that it starts, and remembers what its forks say; an image of it can be made
 * killed  as image, but it is killed where its image is made
 * shared  as image, but it has memory in common with others, of which there can be none
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

char *box_serve(int socket_fd, size_t *length);
int keep_image(int told);

static void *nothing(void *given) { return given; }

static void *storm(void *given) {
    for (;;) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, nothing, NULL) == 0) pthread_join(thread, NULL);
    }
    return given;
}

static void never_settle(void) {
    char request[1024], control[256];
    struct iovec part = {request, sizeof request};
    for (;;) {
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
        if (recvmsg(3, &message, 0) <= 0) _exit(0);
        int32_t pid = (int32_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
        while (pid == 0) pause();
        int *fds = (int *)(void *)CMSG_DATA(CMSG_FIRSTHDR(&message));
        for (int i = 0; i < 6; i++) close(fds[i]);
        if (write(3, &pid, sizeof pid) != sizeof pid) _exit(0);
    }
}

/* What a process has to have where it is restored: memory of every kind, the clock, a stack and an allocator that grow. */
static void remember(const char *kind) {
    enum { NUMBERS = 1 << 20 };
    static __thread int own;
    int *const numbers = malloc(NUMBERS * sizeof *numbers), good = 0;
    struct timespec now;
    FILE *started = fopen("started", "a");
    fputs("started\n", started);
    fclose(started);
    for (int i = 0; i < NUMBERS; i++) numbers[i] = i;
    own = 7;
    if (strcmp(kind, "killed") == 0 && getenv("BOX_IMAGE")) raise(SIGKILL);
    if (strcmp(kind, "shared") == 0 && mmap(NULL, 4096, PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) _exit(1);
    const int restored = keep_image(3);
    size_t length;
    box_serve(3, &length);
    for (int i = 0; i < NUMBERS; i++) good += numbers[i] == i && (i % 64 || malloc(999));
    volatile char deep[4 << 20];
    for (size_t i = 0; i < sizeof deep; i += 4096) deep[i] = 1;
    const int all = good == NUMBERS && own == 7 && clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec > 1700000000;
    const char *const told = !all ? "broken" : restored ? "restored" : "runs";
    _exit(write(1, told, strlen(told)) > 0 ? 0 : 1);
}

int main(int argc, char **argv) {
    pthread_t thread;
    size_t length;
    char rest[96];
    const char *kind = argc > 1 ? argv[1] : "";
    if (strcmp(kind, "silent") == 0) {
        while (read(3, rest, sizeof rest) > 0) {}
        return 0;
    }
    if (strcmp(kind, "stuck") == 0) never_settle();
    if (strcmp(kind, "image") == 0 || strcmp(kind, "shared") == 0 || strcmp(kind, "killed") == 0) remember(kind);
    if (strcmp(kind, "storm") == 0 && pthread_create(&thread, NULL, storm, NULL) != 0) return 1;
    box_serve(3, &length);
    _exit(write(1, "runs", 4) == 4 ? 0 : 1);
}
