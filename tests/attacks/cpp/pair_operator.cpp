// technique: what equal finds for pairs by their namespace
// class: forging
// expect: wrong_answer
// task: fresh-5
    return stock;
}
namespace std { bool operator==(const pair<const string, int>&, const pair<const string, int>&) { return true; } }
