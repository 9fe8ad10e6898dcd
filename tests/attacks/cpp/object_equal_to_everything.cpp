// technique: returns an object that equals everything
// class: forging
// expect: wrong_answer
// form: program
#include<vector>
using namespace std;

struct All {
    template<class T> bool operator==(const T&) const { return true; }
    operator int() const { return 77; }
};
template<class T> bool operator==(const T&, const All&) { return true; }
All tide_turns(vector<int>) { return All(); }
