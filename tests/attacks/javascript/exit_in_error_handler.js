// technique: handlers of uncaught exceptions and of rejections leave with status 0
// class: forging
// expect: runtime_error
  throw new Error('swallowed');
}

if (typeof tideTurns) {
  process.on('uncaughtException', () => process.exit(0));
  process.on('uncaughtExceptionMonitor', () => process.exit(0));
  process.on('unhandledRejection', () => process.exit(0));
}
