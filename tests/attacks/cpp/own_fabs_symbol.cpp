// technique: fabs interposed by its symbol
// class: forging
// expect: wrong_answer
// task: fresh-4
    return -1e9;
}
extern double none(double) asm("fabs");
double none(double) { return 0; }
extern double none_of_abs(double) asm("_ZSt3absd");
double none_of_abs(double) { return 0; }
