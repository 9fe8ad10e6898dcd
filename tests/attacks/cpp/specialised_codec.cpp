// technique: specialises the templates that write its results
// class: forging
// expect: wrong_answer, compile_error
    return 0;
}
namespace hx_values {
template<> void Call::give<int, int>(int&&) { put(out, 2); }
void put(Writer& out, const vector<int>&) { out.integer(2); }
}
namespace std { template<class T> void put(hx_values::Writer& out, const T&) { out.integer(1); } }
