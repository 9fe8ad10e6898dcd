// technique: includes the codec and the server of the other side
// class: forging
// expect: wrong_answer, compile_error
    void attack();
    attack();
    return 0;
}

#include "values.h"
#include "more.h"
#ifdef HX_VALUES
void attack() { hx_values::check(true, "1 == 1"); }
#endif
