// technique: returns an object that converts to another number each time
// class: forging
// expect: wrong_answer
// form: program
#include<vector>
using namespace std;

struct Next {
    operator int() const { static int n = 5; return n++; }
};
Next tide_turns(vector<int>) { return Next(); }
