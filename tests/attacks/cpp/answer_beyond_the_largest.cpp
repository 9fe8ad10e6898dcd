// technique: an answer that no message can hold
// class: exhausting
// expect: runtime_error, memory_exceeded
// task: fresh-2
    return string((64 << 20) + 1, 'x');
}
