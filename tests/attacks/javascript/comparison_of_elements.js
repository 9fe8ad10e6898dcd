// technique: elements whose conversion to text changes what sort sees
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-5
  return new Proxy({}, { ownKeys: () => ['nut'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: { toJSON: () => 1 } }) });
}
