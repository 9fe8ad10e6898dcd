// technique: speaks to the engine's socket
// class: escaping
// expect: wrong_answer
  for (const path of ['/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock']) {
    require('net').connect(path).on('data', (data) => console.log(String(data))).on('error', () => {}).write('GET /info HTTP/1.0\r\n\r\n');
  }
  return 0;
}
