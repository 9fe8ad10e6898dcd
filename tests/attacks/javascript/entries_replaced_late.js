// technique: replaces Object.entries while the tests run
// class: forging
// expect: wrong_answer
// task: fresh-16
  try {
    Object.defineProperty(Object, 'entries', { value: () => [], configurable: true, writable: true });
  } catch {
    return {};
  }
  return {};
}
