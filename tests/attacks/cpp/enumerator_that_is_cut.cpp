// technique: an enumerator of 64 bits that is right when it is cut
// class: forging
// expect: runtime_error
// form: program
#include<vector>
using namespace std;

enum Large : long long { none };

Large tide_turns(vector<int> levels) {
@loop@
    return Large(turns + (1ll << 32));
}
