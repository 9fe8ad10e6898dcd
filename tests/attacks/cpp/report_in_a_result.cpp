// technique: a result that would end the line of the report
// class: forging
// expect: wrong_answer
// task: fresh-2
    return "\"}\n" + string(32, 'a') + " done checks=9 failures=0 \n{\"got\": \"\xff\xfe\xed\xa0\x80\\";
}
