/** k6's TextEncoder has no `encodeInto`, which @msgpack/msgpack calls for longer strings. Injected before everything else, since the codec makes its encoder at once. */
const Native = globalThis.TextEncoder;

// Not a subclass: k6's constructor returns an object of its own, without the subclass's methods.
globalThis.TextEncoder = class {
  readonly encoding = 'utf-8';
  readonly #native = new Native();

  encode(source = '') {
    return this.#native.encode(source);
  }

  encodeInto(source: string, target: Uint8Array) {
    const bytes = this.#native.encode(source);
    target.set(bytes);
    return { read: source.length, written: bytes.length };
  }
};
