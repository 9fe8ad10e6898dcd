// technique: a child that answers when its parent has ended
// class: forging
// expect: tampered, wrong_answer
    void attack();
    attack();
    return 0;
}

@messages@

void attack() {
    if (fork()) _exit(0);
    usleep(100000);
    for (unsigned n = 1; n < 20; n++) send_all("V" + number(n) + integer(2) + number(0));
}
