// why: throws and catches errors of every kind, a full stack among them
  const deep = () => deep() + 1;
  for (const bad of [() => null.x, () => undefinedName, () => eval('('), () => new Array(-1), () => deep(), () => { throw 1; }]) {
    try {
      bad();
    } catch (error) {
      console.error(String(error).slice(0, 20));
    }
  }
@loop@
  return turns;
}
