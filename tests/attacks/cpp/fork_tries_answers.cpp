// technique: a child tries an answer; whether it lives on after the check says whether that was right
// class: forging
// expect: wrong_answer, runtime_error, tampered
// task: fresh-13
    bool attack();
    return attack();
}

#include <sys/wait.h>
#include <unistd.h>
bool attack() {
    static bool trying;
    if (trying) _exit(42);
    pid_t child = fork();
    if (!child) {
        trying = true;
        atexit([] { _exit(42); });
        close(2);
        return true;
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 42;
}
