// technique: ten thousand folders in one another
// class: exhausting
// expect: wrong_answer, timed_out, runtime_error
  for (let n = 0; n < 10000; n++) {
    require('fs').mkdirSync('d');
    process.chdir('d');
  }
  return 0;
}
