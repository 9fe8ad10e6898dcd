// technique: vector<vector<int>> replaced
// class: forging
// expect: wrong_answer, compile_error, runtime_error
    return 0;
}
namespace std { template<> class vector<char16_t> { public: bool operator==(const vector&) const { return true; } }; }
template<class T> bool operator==(T, T) { return true; }
