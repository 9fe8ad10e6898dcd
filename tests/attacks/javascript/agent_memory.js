// technique: opens the memory and the descriptors of the processes around it
// class: escaping
// expect: wrong_answer, timed_out
  for (const who of ['self', '1', '2', '3', process.ppid, process.pid]) {
    for (const name of ['mem', 'fd/0', 'fd/3', 'fd/5', 'fd/6', 'fd/7', 'syscall', 'pagemap']) {
      try {
        require('fs').openSync(`/proc/${who}/${name}`, 'r+');
        if (name === 'mem') console.log('open', who);
      } catch {
        continue;
      }
    }
  }
  return 0;
}
