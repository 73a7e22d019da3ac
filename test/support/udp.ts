/** A sender of UDP that never rests, and who hears it. */
import { spawn } from 'node:child_process';
import { enter } from '../../src/namespace/index.ts';
import { until } from '../live/support.ts';

const RECEIVER = 'const s = require("dgram").createSocket(process.argv[1].includes(":") ? "udp6" : "udp4"); s.on("message", (m, from) => { console.log("heard"); s.send("yes", from.port, from.address); }); s.bind(+process.argv[2], process.argv[1], () => console.log("ready"))';
const SENDER = 'const [to, port, own] = process.argv.slice(1), s = require("dgram").createSocket(to.includes(":") ? "udp6" : "udp4"); s.on("error", () => {}); s.on("message", () => console.log("heard")); s.bind(+own, () => { console.log("ready"); setInterval(() => s.send("hello", +port, to, () => {}), 20); })';

/** What runs in a namespace ('' for here), and how often it has heard something. */
export interface Hearing { readonly count: () => number; /** Waits for `more` from now on. */ hears(more?: number): Promise<void>; /** Whether it hears nothing for a while. */ rests(): Promise<boolean>; end(): Promise<void> }
async function start(namespace: string, script: string, words: readonly string[]): Promise<Hearing> {
  const begin = () => spawn(process.execPath, ['-e', script, ...words], { stdio: ['ignore', 'pipe', 'inherit'] }), child = namespace === '' ? begin() : enter(namespace, begin);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => { text += more; });
  const count = (): number => text.split('heard').length - 1, name = `${namespace} ${words.join(' ')}`;
  await until(`${name} is ready`, () => text.includes('ready'));
  return {
    count,
    async hears(more = 5) { const before = count(); await until(`${name} hears`, () => count() >= before + more); },
    async rests() { await new Promise((later) => { setTimeout(later, 200); }); const before = count(); await new Promise((later) => { setTimeout(later, 400); }); return count() === before; },
    async end() { const over = new Promise((resolve) => { child.once('close', resolve); }); child.kill(); await over; },
  };
}
export const receive = (namespace: string, address: string, port: number): Promise<Hearing> => start(namespace, RECEIVER, [address, String(port)]);
/** Sends from one port to another every 20 ms; it hears answers. */
export const send = (namespace: string, to: string, port: number, own: number): Promise<Hearing> => start(namespace, SENDER, [to, String(port), String(own)]);
