// technique: looks for the text of a check in all memory that it can read
// class: forging
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

@memory@
void attack() {
    search([](const char* at, const char* end) {
        static const char changed[] = "ujef`uvsot)|"; // each letter one further, so that it is not found itself
        for (; at < end - 12; at++) {
            int same = 0;
            while (same < 12 && at[same] + 1 == changed[same]) same++;
            if (same == 12) abort();
        }
    });
}
