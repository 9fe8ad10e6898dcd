// technique: a proxy as result, which is whatever it is asked for
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-1
  return new Proxy([], { get: (target, name) => (name === 'toJSON' ? () => undefined : Reflect.get(target, name)), has: () => true });
}
