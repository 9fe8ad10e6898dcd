// technique: thousands of promises that nobody awaits and that fail in the process of the tests
// class: forging
// expect: wrong_answer, runtime_error, tampered
  attack();
  return 0;
}

@messages@
function attack() {
  const rejected = Buffer.concat([Buffer.from('k\x09Rejectionl'), u32(2), Buffer.from('s'), text('Error'), Buffer.from('s'), text('x')]);
  for (let n = 1; n < 15; n++) say('V', u32(n), 'l', u32(1000), ...Array(1000).fill(rejected), u32(0));
}
