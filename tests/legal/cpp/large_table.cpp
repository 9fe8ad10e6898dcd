// why: has a table with values that is larger than a file may be
    int at(int);
@loop@
    return turns + at(1);
}
int table[5000000] = {1};
int at(int i) { return table[i]; }
