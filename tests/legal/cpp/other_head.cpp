// why: has a head of its own, with other types that hold the same values, and a macro for one
// form: program
#include <bits/stdc++.h>
using namespace std;
#define int long long
int tide_turns(const vector<signed>& levels) {
@loop@
    return turns;
}
