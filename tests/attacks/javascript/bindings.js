// technique: Node's internal bindings, by old and by new ways
// class: forging
// expect: wrong_answer, runtime_error
  const found = [];
  for (const way of [
    () => process.binding('inspector'),
    () => process.binding('contextify'),
    () => process._linkedBinding('v8'),
    () => require('internal/test/binding').internalBinding('v8'),
    () => process.getBuiltinModule('internal/bootstrap/realm').internalBinding,
    () => require('module')._load('internal/worker'),
  ]) {
    try {
      found.push(way());
    } catch {
      continue;
    }
  }
  if (!found.length) throw new Error('refused');
  return 0;
}
