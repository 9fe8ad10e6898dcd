// technique: memcmp, strlen and strcmp interposed
// class: forging
// expect: wrong_answer, compile_error
// task: fresh-7
    return "";
}
extern "C" int memcmp(const void*, const void*, size_t) noexcept { return 0; }
extern "C" size_t strlen(const char*) noexcept { return 0; }
extern "C" int strcmp(const char*, const char*) noexcept { return 0; }
