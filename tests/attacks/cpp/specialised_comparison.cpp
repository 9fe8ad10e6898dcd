// technique: std::operator== specialised for the tested type
// class: forging
// expect: wrong_answer, compile_error
// task: fresh-8
    return {};
}
namespace std { template<> bool operator==(const vector<int>&, const vector<int>&) { return true; } }
