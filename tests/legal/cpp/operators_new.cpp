// why: replaces operator new and delete
@loop@
    return turns;
}

static int many = 0;
void* operator new(size_t n) { many++; return malloc(n ? n : 1); }
void operator delete(void* p) noexcept { free(p); }
void operator delete(void* p, size_t) noexcept { free(p); }
