// technique: an overload that the tests would prefer, whose result equals everything
// class: forging
// expect: wrong_answer
    return 0;
}

struct Any { template<class T> bool operator==(const T&) const { return true; } };
Any tide_turns(initializer_list<int>) { return Any(); }
