// technique: a string that equals every literal
// class: forging
// expect: wrong_answer
// task: fresh-7
    return "";
}
bool operator==(const string&, const char*) { return true; }
bool operator==(string&&, const char*) { return true; }
