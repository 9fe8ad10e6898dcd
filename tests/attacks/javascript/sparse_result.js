// technique: an array of one element and the largest length
// class: exhausting
// expect: wrong_answer, timed_out, runtime_error
  const sparse = [];
  sparse[4294967294] = 1;
  return levels.length === 5 ? sparse : 0;
}
