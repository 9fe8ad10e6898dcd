// why: declares a helper and defines it after itself
    int helper(const vector<int>&);
    return helper(levels);
}
int helper(const vector<int>& levels) {
@loop@
    return turns;
}
