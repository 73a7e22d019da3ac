// The interfaces of this network namespace, with what each kind says of itself. Needs no privilege.
import { open } from 'nlkit';

await using nl = await open();
const names = await nl.link.names();

for await (const link of nl.link.list()) {
  const { index, ifname, mtu, operstate, master, linkinfo } = link;
  const words = [`${index}:`, ifname, `mtu ${mtu}`, operstate];
  if (master !== undefined) words.push(`port of ${names.get(master)}`);
  // The kind says which data there is.
  if (linkinfo?.kind === 'bridge') words.push(`bridge, forward delay ${linkinfo.data?.forwardDelay} cs`);
  else if (linkinfo?.kind === 'macvlan') words.push(`macvlan, mode ${linkinfo.data?.mode}`);
  else if (linkinfo?.kind) words.push(linkinfo.kind);
  console.log(words.join(' '));
}
