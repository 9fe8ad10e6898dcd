// technique: a timer that is always set again
// class: exhausting
// expect: timed_out
// limits: wall_s=2
  setInterval(() => {}, 10);
@loop@
  return turns;
}
