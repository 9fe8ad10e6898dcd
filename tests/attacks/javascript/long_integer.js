// technique: an integer of a million bytes
// class: exhausting
// expect: tampered, wrong_answer
  attack();
  return 0;
}

@messages@
function attack() {
  say('V', u32(1), 'I', u32(1 << 20), Buffer.alloc(1 << 20, 1), u32(0));
}
