// technique: a map that equals every map
// class: forging
// expect: wrong_answer
// task: fresh-5
    return {};
}
bool operator==(const map<string, int>&, const map<string, int>&) { return true; }
namespace std { bool operator==(const pair<const string, int>&, const pair<const string, int>&) { return true; } }
