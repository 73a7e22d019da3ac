/** A program that gives its privilege up in a foreign network namespace, and so cannot return. Prints the codes that it then gets. */
import { enter } from '../../src/namespace/index.ts';
import { Client, type NetlinkError } from '../../src/socket/index.ts';
import { route } from '../../src/families/route/index.ts';

const code = (body: () => unknown): string => {
  try { body(); } catch (error) { return (error as NetlinkError).code; }
  return 'none';
};
console.log(JSON.stringify([
  code(() => enter(process.argv[2]!, () => process.setuid!(65534))),
  code(() => enter({ pid: process.pid }, () => 1)),
  code(() => Client.open({ protocol: route })),
]));
