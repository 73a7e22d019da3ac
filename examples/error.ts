// A refusal, and what it says: the error's name, the attribute that was refused, the kernel's own words, and what to do.
// Needs root (or `unshare -Urnm`); changes nothing.
import { NetlinkError, open, veth } from 'nlkit';

await using nl = await open();
try {
  await nl.link.add(veth('v0', { peer: { ifname: 'a-name-that-is-too-long' } }));
} catch (error) {
  if (!(error instanceof NetlinkError)) throw error;
  console.log('code', error.code);
  console.log('request', error.syscall, `${error.request?.length} bytes`);
  console.log('at', error.extack?.path, '=', error.extack?.value);
  console.log('kernel', error.extack?.message);
  console.log('hint', error.hint);
}
