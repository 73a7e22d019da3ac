// What nlkit's sides share: the build that is measured, and the one line of JSON that the harness reads.
import { pathToFileURL } from 'node:url';

const dist = process.env.NLKIT_DIST ? pathToFileURL(`${process.env.NLKIT_DIST}/`) : new URL('../../dist/', import.meta.url);

/** A module of the build; NLKIT_DIST names another build, to compare two. */
export const load = (path) => import(new URL(path, dist));

let cpu;
let wall;
let taken;
export const start = () => { cpu = process.cpuUsage(); wall = performance.now(); };
/** What follows does not count. */
export const stop = () => { taken = { used: process.cpuUsage(cpu), elapsed: (performance.now() - wall) * 1000 }; };

/** Microseconds of CPU (all threads, the garbage collector's too) and of wall clock from start() to stop() or now, and how much was done. */
export const report = (count, more = {}) => {
  if (!taken) stop();
  const { used, elapsed } = taken;
  console.log(JSON.stringify({ cpu: used.user + used.system, wall: elapsed, count, rss: Math.round(process.memoryUsage().rss / 2 ** 20), ...more }));
};
