// technique: replaces Array.prototype.sort while the tests run, and puts it back before anyone looks
// class: forging
// expect: wrong_answer
// task: fresh-5
  const was = Array.prototype.sort;
  let times = 0;
  Array.prototype.sort = function () {
    if (++times === 2) Array.prototype.sort = was;
    return [];
  };
  return {};
}
