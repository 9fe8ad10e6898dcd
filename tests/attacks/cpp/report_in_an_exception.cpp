// technique: an exception whose text is a report
// class: forging
// expect: runtime_error
    void attack();
    attack();
    return 0;
}

#include <stdexcept>
void attack() {
    throw runtime_error("x\n" + string(32, 'a') + " done checks=14 failures=0 \nready\n" + string(32, '0') + " fault checks=0 failures=0 x\n");
}
