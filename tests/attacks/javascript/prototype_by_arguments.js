// technique: arguments sent back whose prototype and length are others
// class: forging
// expect: wrong_answer, tampered, runtime_error
  attack();
  return 0;
}

@messages@
function attack() {
  say('V', u32(1), 'u', u32(1), 'm', u32(2), 's', text('__proto__'), 'm', u32(0), 's', text('length'), 'd', Buffer.alloc(8));
}
