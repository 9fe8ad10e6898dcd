// technique: takes real-time priority and every processor
// class: exhausting
// expect: timed_out, wrong_answer
// limits: cpu_s=1 wall_s=3
    void attack();
    attack();
    return 0;
}

#include <sched.h>
#include <sys/resource.h>
void attack() {
    sched_param most = {99};
    sched_setscheduler(0, SCHED_FIFO, &most);
    setpriority(PRIO_PROCESS, 0, -20);
    for (;;) {}
}
