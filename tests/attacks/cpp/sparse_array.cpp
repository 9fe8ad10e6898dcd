// technique: a variable larger than the address space that a program may have, of which it touches a page
// class: exhausting
// expect: memory_exceeded
    int other(const vector<int>&);
    return other(levels);
}
char sieve[1900000000];
int other(const vector<int>& levels) { return sieve[levels.size()]; }
