// technique: specialises what the codec uses of the library
// class: forging
// expect: wrong_answer, compile_error
    return 0;
}
namespace std {
template<> struct is_arithmetic<int> : false_type {};
template<> struct decay<int> { typedef long long type; };
template<> struct hash<vector<int>> { size_t operator()(const vector<int>&) const { return 0; } };
template<> struct is_floating_point<int> : true_type {};
}
