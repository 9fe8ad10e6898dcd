// technique: memory that is handed out twice, so that both sides are one object
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-8
    return {};
}
static char pool[1 << 16];
void* operator new(size_t) { return pool; }
void operator delete(void*) noexcept {}
