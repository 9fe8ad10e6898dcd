// technique: recursion without end
// class: exhausting
// expect: runtime_error
// limits: cpu_s=1 wall_s=3
    void attack();
    attack();
    return 0;
}

static int deeper(volatile int n) { volatile char room[4096]; room[0] = n; return deeper(n + 1) + room[0]; }
void attack() { deeper(0); }
