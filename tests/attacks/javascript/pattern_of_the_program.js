// technique: a pattern that backtracks for ever, for the tests to look at
// class: forging
// expect: tampered, wrong_answer, runtime_error, timed_out
  attack();
  return 0;
}

@messages@
function attack() {
  say('V', u32(1), 'k\x06RegExp', 'l', u32(2), 's', text('(a+)+$'), 's', text('y'), u32(0));
}
