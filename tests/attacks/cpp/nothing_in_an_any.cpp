// technique: an empty any, and one of a type of its own
// class: forging
// expect: runtime_error, wrong_answer, compile_error
    void attack();
    attack();
    return 0;
}

#include <boost/any.hpp>
struct Equal { bool operator==(int) const { return true; } };
void attack() { boost::any a = Equal(); if (a.type() == typeid(int)) abort(); }
