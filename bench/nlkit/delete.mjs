// delete GROUP: deletes veth pairs, one end of each in an interface group, by one RTM_DELLINK, and counts the pairs that are gone.
import { load, report, start, stop } from './side.mjs';

const { openSync } = await load('route/index.js');
const group = Number(process.argv[2]);
const nl = openSync();
const before = nl.link.names().size;
start();
nl.link.deleteGroup(group);
stop();
report((before - nl.link.names().size) / 2);
nl.close();
