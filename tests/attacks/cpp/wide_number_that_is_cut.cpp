// technique: a number of 128 bits that is right when it is cut
// class: forging
// expect: runtime_error
// form: program
#include<vector>
using namespace std;

__int128 tide_turns(vector<int> levels) {
@loop@
    return turns + ((__int128)1 << 32);
}
