// technique: looks for what tokens look like, 64 hexadecimal digits, in all memory that it can read
// class: forging
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

@memory@
void attack() {
    search([](const char* at, const char* end) {
        int digits = 0, letters = 0;
        for (; at < end; at++) {
            const bool letter = *at >= 'a' && *at <= 'f';
            if (!letter && !isdigit((unsigned char)*at)) digits = letters = 0;
            else if (letters += letter, ++digits >= 64 && letters > 8) abort();
        }
    });
}
