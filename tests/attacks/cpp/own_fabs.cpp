// technique: fabs, abs and pow interposed and overloaded
// class: forging
// expect: wrong_answer, compile_error
// task: fresh-4
    return -1e9;
}
extern "C" double fabs(double) noexcept { return 0; }
extern "C" int abs(int) noexcept { return 0; }
double abs(long double) { return 0; }
namespace std { double fabs(int) { return 0; } }
