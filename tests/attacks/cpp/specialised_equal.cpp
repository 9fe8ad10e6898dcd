// technique: what std::equal does, specialised
// class: forging
// expect: wrong_answer, compile_error
// task: fresh-8
    return {};
}
namespace std { template<> template<> bool __equal<true>::equal<int>(const int*, const int*, const int*) { return true; } }
