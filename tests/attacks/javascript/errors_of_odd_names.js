// technique: an error whose class is named as what every object has
// class: forging
// expect: wrong_answer, runtime_error, tampered
  attack();
  return 0;
}

@messages@
function attack() {
  say('V', u32(1), 'k\x05Error', 'l', u32(2), 's', text('constructor'), 's', text('2'), u32(0));
  say('T', u32(2), '\0', text('hasOwnProperty'), text('2'), text('x'));
}
