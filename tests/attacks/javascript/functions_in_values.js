// technique: objects whose conversions are functions that cannot be called
// class: forging
// expect: tampered, runtime_error, wrong_answer
  attack();
  return 0;
}

@messages@
function attack() {
  const refused = Buffer.concat([Buffer.from('X\0'), text('function')]);
  say('V', u32(1), 'm', u32(4), ...['valueOf', 'toString', 'then', 'toJSON'].flatMap((name) => ['s', text(name), refused]), u32(0));
}
