// Property-based tests of a schema: values that it allows, and bytes that it does not. Needs fast-check; no kernel.
import fc from 'fast-check';
import { attrs, decode, encode, enumeration, DecodeError, mac, string, u32, u8 } from 'nlkit/codec';
import { arbitrary, hostile } from 'nlkit/testing';

// A schema of one's own. It could be any of nlkit/families, or a whole message.
const Port = attrs('DEMO_PORT_', { name: [1, string], address: [2, mac], speed: [3, u32], duplex: [4, enumeration(u8, { half: 0, full: 1 })] });

// What is written is read back.
fc.assert(fc.property(arbitrary(Port), (port) => {
  const back = decode(Port, encode(Port, port));
  return JSON.stringify(back) === JSON.stringify(decode(Port, encode(Port, back)));
}));

// Damaged bytes are decoded, or refused with the place; nothing else happens.
const outcome = { decoded: 0, refused: 0 };
fc.assert(fc.property(hostile(Port), (bytes) => {
  try { decode(Port, bytes); outcome.decoded++; } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    outcome.refused++;
  }
}), { numRuns: 500 });
console.log(outcome.decoded > 0 && outcome.refused > 0 ? 'both happened' : outcome);

const [example] = fc.sample(arbitrary(Port), { numRuns: 1, seed: 7 });
console.log('such as', example);
