// why: overloads the tested function for another type
    int tide_turns(const vector<int>&, int);
    return tide_turns(levels, 0);
}
int tide_turns(const vector<int>& levels, int) {
@loop@
    return turns;
}
