// why: counts in a process of its own, and waits for it
    int other(const vector<int>&);
    return other(levels);
}
#include <sys/wait.h>
#include <unistd.h>
static int count_(const vector<int>& levels) {
@loop@
    return turns;
}
int other(const vector<int>& levels) {
    int found = -1, pipes[2];
    if (pipe(pipes) != 0) return -1;
    if (fork() == 0) {
        found = count_(levels);
        _exit(write(pipes[1], &found, sizeof found) != sizeof found);
    }
    if (read(pipes[0], &found, sizeof found) != sizeof found) return -1;
    close(pipes[0]);
    close(pipes[1]);
    wait(nullptr);
    return found;
}
