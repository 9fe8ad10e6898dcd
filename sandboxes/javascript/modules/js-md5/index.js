/* The part of the npm package js-md5 that programs use (md5, hex, array, digest, arrayBuffer, base64, create,
 * update, hmac.hex), on Node's own MD5. Written for this project; not the package's code. */
'use strict';

const { createHash, createHmac } = require('crypto');

const bytes = (message) => (typeof message === 'string' ? message : message instanceof ArrayBuffer ? new Uint8Array(message) : Uint8Array.from(message));

function outputs(hash) {
  let digest;
  const end = () => (digest ||= hash.digest());
  const md5 = {
    update(message) {
      hash.update(bytes(message));
      return md5;
    },
    hex: () => end().toString('hex'),
    toString: () => md5.hex(),
    array: () => [...end()],
    digest: () => md5.array(),
    arrayBuffer: () => Uint8Array.from(end()).buffer,
    buffer: () => md5.arrayBuffer(),
    base64: () => end().toString('base64'),
  };
  return md5;
}

function method(create) {
  const of = (output) => (...args) => {
    const message = args.pop();
    return create(...args).update(message)[output]();
  };
  const whole = of('hex');
  for (const output of ['hex', 'array', 'digest', 'arrayBuffer', 'buffer', 'base64']) whole[output] = of(output);
  whole.create = create;
  whole.update = (...args) => {
    const message = args.pop();
    return create(...args).update(message);
  };
  return whole;
}

const md5 = method(() => outputs(createHash('md5')));
md5.hmac = method((key) => outputs(createHmac('md5', bytes(key))));
md5.md5 = md5;
module.exports = md5;
