// technique: the comparison of vectors interposed by its symbol
// class: forging
// expect: wrong_answer
// task: fresh-8
    return {};
}
extern bool always(const vector<int>&, const vector<int>&) asm("_ZSteqIiSaIiEEbRKSt6vectorIT_T0_ES6_");
bool always(const vector<int>&, const vector<int>&) { return true; }
