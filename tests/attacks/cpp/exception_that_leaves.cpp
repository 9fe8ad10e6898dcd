// technique: an exception that ends the process when it is destroyed
// class: forging
// expect: tampered, runtime_error
    void attack();
    attack();
    return 0;
}

struct Leaves { ~Leaves() { _Exit(0); } };
void attack() { throw Leaves(); }
