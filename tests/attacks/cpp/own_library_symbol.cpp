// technique: the library's own comparison interposed by its symbol
// class: forging
// expect: wrong_answer
// task: fresh-7
    return "";
}
extern bool always(const string&, const char*) asm("_ZSteqIcSt11char_traitsIcESaIcEEbRKNSt7__cxx1112basic_stringIT_T0_T1_EEPKS5_");
bool always(const string&, const char*) { return true; }
extern int same(const string*, const char*) asm("_ZNKSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE7compareEPKc");
int same(const string*, const char*) { return 0; }
