// A script without promises: every call returns when the kernel has answered.
// Needs root (or `unshare -Urnm`); works in a namespace of its own and removes it.
import { macvlan, namespace, openSync, veth } from 'nlkit';

namespace.create('script');
try {
  using nl = openSync({ namespace: 'script' });
  nl.link.add(veth('lower', { peer: { ifname: 'far' } }, { up: true }));
  nl.link.add(macvlan('upper', { mode: 'bridge' }, { link: 'lower', up: true }));
  nl.address.add('upper', '192.0.2.1/24');
  nl.route.add({ dst: 'default', gateway: '192.0.2.254' });

  for (const { dst, dstLen, gateway } of nl.route.list({ family: 'inet', table: 'main' })) console.log(dst ? `${dst}/${dstLen}` : 'default', gateway ? `via ${gateway}` : 'on the link');
  const { gateway, prefsrc } = nl.route.get('198.51.100.7');
  console.log('198.51.100.7 goes via', gateway, 'from', prefsrc);
} finally {
  namespace.remove('script');
}
