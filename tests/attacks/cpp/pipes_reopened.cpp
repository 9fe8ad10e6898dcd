// technique: its ends of the pipes, opened the other way round
// class: forging
// expect: timed_out, wrong_answer, tampered, runtime_error
// limits: cpu_s=1 wall_s=2
    void attack();
    attack();
    return 0;
}

@messages@

#include <fcntl.h>
void attack() {
    int questions = open("/proc/self/fd/3", O_RDWR), answers = open("/proc/self/fd/4", O_RDWR);
    if (questions >= 0) dup2(questions, 3);
    if (answers >= 0) dup2(answers, 4);
    string asked = "C" + number(1) + number(0) + string(1, '\0') + number(0);
    unsigned size = asked.size();
    asked = string((char*)&size, 4) + asked;
    if (write(3, asked.data(), asked.size()) < 0) return;
}
