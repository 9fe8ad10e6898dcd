// technique: microtasks without end, so that the event loop never turns
// class: exhausting
// expect: timed_out
// limits: cpu_s=1 wall_s=5
  const again = () => Promise.resolve().then(again);
  again();
@loop@
  return turns;
}
