// why: ends with the #endif of its helper
    int other(const vector<int>&);
    return other(levels);
}
#ifndef HELPER
#define HELPER
int other(const vector<int>& levels) {
@loop@
    return turns;
}
#endif  // HELPER
