// technique: runs the dispatcher again inside of a call
// class: forging
// expect: tampered, wrong_answer
    void attack();
    attack();
    return 0;
}

void attack() { hx_values::answer(nullptr, 0); }
