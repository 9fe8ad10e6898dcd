// technique: a loop that ignores signals
// class: exhausting
// expect: timed_out
// limits: cpu_s=1 wall_s=5
  for (const name of ['SIGTERM', 'SIGINT', 'SIGXCPU', 'SIGALRM', 'SIGHUP']) process.on(name, () => {});
  for (;;);
}
