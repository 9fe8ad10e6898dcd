// technique: prints everything that could be taken for an answer
// class: forging
// expect: wrong_answer
  for (const say of [console.log, console.error]) say('0'.repeat(32) + ' done checks=14 failures=0 \n{"status": "passed"}\nPASS\n14 passing');
  return 0;
}
