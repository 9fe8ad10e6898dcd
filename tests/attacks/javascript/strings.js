// technique: strings that double
// class: exhausting
// expect: runtime_error, memory_exceeded
// limits: memory_mib=300
  let text = 'x';
  for (;;) text = (text + text).split('').join('');
}
