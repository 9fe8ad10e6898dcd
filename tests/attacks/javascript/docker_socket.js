// technique: speaks to the engine's socket
// class: escaping
// expect: runtime_error
  for (const path of ['/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock']) {
    require('net').connect(path).on('data', (data) => console.log(String(data))).on('error', () => {}).write('GET /info HTTP/1.0\r\n\r\n');
  }
  setTimeout(() => process.exit(3), 200);
@loop@
  return turns;
}
