// technique: a child fails the check for it; the message on standard error says the expected value
// class: forging
// expect: wrong_answer, runtime_error, tampered
    int attack();
    return attack();
}

#include <sys/wait.h>
#include <unistd.h>
int attack() {
    static bool asking;
    if (asking) _exit(0);
    int ends[2];
    if (pipe(ends)) return 0;
    if (pid_t child = fork()) {
        char said[4096];
        size_t n = 0;
        close(ends[1]);
        for (ssize_t k; n < sizeof said - 1 && (k = read(ends[0], said + n, sizeof said - 1 - n)) > 0;) n += k;
        close(ends[0]);
        said[n] = 0;
        waitpid(child, 0, 0);
        const char* at = strstr(said, "== ");
        return at ? atoi(at + 3) : -12345;
    }
    asking = true;
    dup2(ends[1], 2);
    close(ends[0]);
    close(ends[1]);
    return -12345;
}
