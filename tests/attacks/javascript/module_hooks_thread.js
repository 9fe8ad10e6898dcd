// technique: hooks for modules run in a thread of their own, whose process can load native code
// class: forging
// expect: runtime_error, wrong_answer, timed_out
  require('module').register('data:text/javascript,' + encodeURIComponent(`
    process.dlopen({ exports: {} }, '/nonexistent.node');`));
  return 0;
}
