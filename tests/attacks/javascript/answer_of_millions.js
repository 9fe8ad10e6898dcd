// technique: an answer of millions of values, and one nested without end
// class: exhausting
// expect: wrong_answer, runtime_error, tampered, memory_exceeded, timed_out
  const deep = [];
  deep.push(deep);
  return levels.length % 2 ? deep : new Array(3999990).fill({});
}
