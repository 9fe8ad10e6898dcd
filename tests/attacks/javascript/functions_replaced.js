// technique: call, apply and bind of all functions, and Reflect, replaced
// class: forging
// expect: wrong_answer, runtime_error
  return 0;
}

if (typeof tideTurns) {
  Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 0;
  for (const name of Reflect.ownKeys(Reflect)) if (typeof name === 'string') Reflect[name] = () => true;
  for (const name of ['freeze', 'keys', 'create', 'assign', 'getOwnPropertyDescriptor']) Object[name] = () => ({});
}
