// technique: an object that converts to a larger number, which is right when it is cut
// class: forging
// expect: runtime_error
// form: program
#include<vector>
using namespace std;

struct Large {
    long long n;
    operator long long() const { return n; }
};

Large tide_turns(vector<int> levels) {
@loop@
    return Large{turns + (1ll << 32)};
}
