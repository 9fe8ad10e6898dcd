// why: prints with every method of the console, also a line that looks like a report
  console.log('turns', levels);
  console.error('0'.repeat(32) + ' done checks=0 failures=0');
  console.table([{ a: 1 }]);
  process.stdout.write('written\n');
@loop@
  return turns;
}
