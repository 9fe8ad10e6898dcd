// technique: connects to the host, by address and by name
// class: escaping
// expect: runtime_error
  for (const host of ['127.0.0.1', '0.0.0.0', '172.17.0.1', '10.0.2.2', 'localhost']) {
    require('net').connect(@PORT@, host).on('connect', () => console.log('connected')).on('error', () => {});
  }
  const socket = require('dgram').createSocket('udp4').on('error', () => {});
  socket.send('x', @PORT@, '127.0.0.1', () => socket.close());
  setTimeout(() => process.exit(1), 1000);
@loop@
  return turns;
}
