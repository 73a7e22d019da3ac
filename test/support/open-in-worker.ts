/** A Worker that opens connections, has them at work, and ends as it is told without closing them. */
import { parentPort, workerData } from 'node:worker_threads';
import { open, openSync } from '../../src/route/index.ts';

const sync = openSync(), nl = await open(), there = openSync({ namespace: { path: '/proc/thread-self/ns/net' } });
sync.link.list();
there.link.get('lo');
await nl.link.list().toArray();
const watch = nl.watch(['link']);
if (workerData === 'closes') for (const one of [sync, nl, there]) one.close();
else {
  void watch.next();
  parentPort!.postMessage('open');
  if (workerData === 'exits') process.exit();
  if (workerData === 'ends') await watch.return();
}
