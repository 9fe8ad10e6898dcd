// technique: dies of a signal without a word
// class: forging
// expect: runtime_error
  process.abort();
}
