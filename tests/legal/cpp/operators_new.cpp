// why: replaces operator new and delete
    int turns = 0, trend = 0;
    for (size_t i = 1; i < levels.size(); i++) {
        int now = levels[i] > levels[i - 1] ? 1 : levels[i] < levels[i - 1] ? -1 : trend;
        turns += trend != 0 && now != trend;
        trend = now;
    }
    return turns;
}

static int many = 0;
void* operator new(size_t n) { many++; return malloc(n ? n : 1); }
void operator delete(void* p) noexcept { free(p); }
void operator delete(void* p, size_t) noexcept { free(p); }
