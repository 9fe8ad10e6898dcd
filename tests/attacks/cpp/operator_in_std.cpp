// technique: a comparison of its own, in namespace std
// class: forging
// expect: wrong_answer
// task: fresh-8
    return {};
}
namespace std { bool operator==(const vector<int>&, const vector<int>&) { return true; } }
