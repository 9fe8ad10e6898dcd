// technique: returns an object that converts to any type
// class: forging
// expect: wrong_answer, compile_error
// form: program
#include<vector>
using namespace std;

struct Any {
    template<class T> operator T() const { return T(); }
    template<class T> Any& operator=(const T&) { return *this; }
    bool operator!() const { return false; }
    Any* operator&() { return this; }
};
Any tide_turns(vector<int>) { return Any(); }
