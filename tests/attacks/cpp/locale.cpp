// technique: a locale of its own, with other digits and classes
// class: forging
// expect: wrong_answer
    struct Odd : numpunct<char> {
        char do_decimal_point() const override { return '1'; }
        string do_truename() const override { return "false"; }
    };
    locale::global(locale(locale(), new Odd));
    cout.imbue(locale());
    return 0;
}
