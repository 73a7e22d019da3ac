/** Passes by compiling: what the types of IPsec promise, and what they refuse. */
import type { Listing } from '../../src/route/index.ts';
import type { Xfrm, XfrmAllocated, XfrmPolicy, XfrmState, XfrmSync } from '../../src/xfrm/index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

/** Promises here, values there, from one declaration; what is told goes back in. */
export async function shapes(xfrm: Xfrm, sync: XfrmSync): Promise<void> {
  const [later, now, listing, list] = [xfrm.state.get({ dst: '192.0.2.2', proto: 'esp', spi: 1 }), sync.policy.get({ dir: 'out', index: 1 }), xfrm.state.list({ proto: 'esp' }), sync.policy.list()];
  holds<Same<typeof later, Promise<XfrmState>>>();
  holds<Same<typeof now, XfrmPolicy>>();
  holds<Same<typeof listing, Listing<XfrmState>>>();
  holds<Same<typeof list, XfrmPolicy[]>>();
  holds<Same<ReturnType<typeof sync.state.allocate>, XfrmAllocated>>();
  const state = await later, { aead } = state;
  sync.state.add(state);
  sync.state.delete(state);
  if (aead) sync.state.update({ ...sync.state.allocate(state), aead });
  sync.state.setAevent(sync.state.aevent(state));
  for (const policy of list) sync.policy.add(policy);
  // @ts-expect-error: no such mode
  sync.state.add({ ...state, mode: 'tunel' });
  // @ts-expect-error: an integrity check value has so many bits
  sync.state.add({ ...state, aead: { name: 'rfc4106(gcm(aes))', key: new Uint8Array(20) } });
  // @ts-expect-error: no such group
  xfrm.watch(['aquire']);
}

/** `kind` narrows. */
export async function events(xfrm: Xfrm): Promise<void> {
  for await (const event of xfrm.watch(['acquire', 'expire', 'sa'])) {
    if (event.kind === 'overrun') continue;
    holds<Same<typeof event.nsid, number | undefined>>();
    if (event.kind === 'acquire') { const { seq } = event; holds<Same<typeof seq, number>>(); }
    if (event.kind === 'expire') { const { hard, state } = event; holds<Same<typeof hard, boolean>>(); holds<Same<typeof state, XfrmState>>(); }
    if (event.kind === 'state' && event.change !== 'flush') { const { state } = event; holds<Same<typeof state, XfrmState>>(); }
    // @ts-expect-error: the kind has not been looked at
    void event.hard;
  }
}
