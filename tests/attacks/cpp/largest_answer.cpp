// technique: an answer as large as a message may be
// class: exhausting
// expect: wrong_answer, memory_exceeded, runtime_error, timed_out
// task: fresh-2
// limits: memory_mib=512
    return string((64 << 20) - 64, 'x');
}
