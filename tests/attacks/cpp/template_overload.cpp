// technique: a template that the tests would prefer
// class: forging
// expect: wrong_answer
    return 0;
}

struct Any { template<class T> bool operator==(const T&) const { return true; } };
template<class T> Any tide_turns(T) { return Any(); }
template<class T> Any tide_turns(initializer_list<T>) { return Any(); }
