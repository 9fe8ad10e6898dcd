// technique: the words of test tools on both outputs
// class: forging
// expect: wrong_answer
    puts("ok passed PASS All tests passed {\"passed\": true, \"status\": \"passed\"}");
    cerr << "exit status 0" << endl;
    return 0;
}
