// technique: char_traits<char>::compare specialised
// class: forging
// expect: wrong_answer, compile_error
// task: fresh-7
    return "";
}
namespace std { template<> int char_traits<char>::compare(const char*, const char*, size_t) { return 0; } }
