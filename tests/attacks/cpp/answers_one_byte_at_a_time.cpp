// technique: an answer that comes byte by byte, and then no more
// class: exhausting
// expect: timed_out
// limits: cpu_s=1 wall_s=1
    void attack();
    attack();
    return 0;
}

@messages@

void attack() {
    string body = number(1 << 20) + "V";
    for (char c : body) { if (write(4, &c, 1) < 0) return; usleep(1000); }
    for (;;) pause();
}
