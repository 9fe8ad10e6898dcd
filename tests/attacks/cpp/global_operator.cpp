// technique: a comparison of its own, in the global namespace
// class: forging
// expect: wrong_answer
// task: fresh-8
    return {};
}
bool operator==(const vector<int>&, const vector<int>&) { return true; }
bool operator==(const vector<int>&, initializer_list<int>) { return true; }
