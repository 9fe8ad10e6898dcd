// why: seeds and draws random numbers between the tests' own
    srand(1);
    for (int i = rand() % 5; i >= 0; i--) rand();
@loop@
    return turns;
}
