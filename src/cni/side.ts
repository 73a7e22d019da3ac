/** The two sides of an attachment: the host's network namespace and the container's. */
import { closeSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { route, type Link } from '../families/route/index.ts';
import { enter, openNamespace } from '../namespace/index.ts';
import { openSync, type NetlinkSync } from '../route/index.ts';
import { inTable } from '../route/names.ts';
import { NetlinkError } from '../socket/index.ts';
import { CniError, codes, during } from './error.ts';
import { isIpv6, type AddressResult, type RouteResult } from './result.ts';

const SETTLE_MS = 10_000;
const isCode = (error: unknown, ...wanted: readonly string[]): boolean => error instanceof NetlinkError && wanted.includes(error.code);

/** One network namespace: its rtnetlink and its settings in /proc/sys/net. */
export class Side {
  readonly nl: NetlinkSync;
  /** Path of the namespace; undefined: the one that the process is in. */
  readonly path: string | undefined;
  readonly fd: number | undefined;

  /** Opens a namespace, the process's own when no path is said, for as long as `body` runs. @throws {CniError} code 3 when there is no such namespace */
  static at<T>(path: string | undefined, body: (side: Side) => T): T {
    const side = new Side(path);
    try { return body(side); } finally { side.#close(); }
  }
  /** The same for taking away: what is gone already leaves nothing to do. */
  static where<T>(path: string, body: (side: Side) => T): T | undefined {
    if (path === '') return undefined;
    try { return Side.at(path, body); } catch (error) {
      if (error instanceof CniError && error.code === codes.unknownContainer) return undefined;
      throw error;
    }
  }
  private constructor(path?: string) {
    this.path = path;
    try {
      this.fd = path === undefined ? undefined : openNamespace({ path });
      this.nl = openSync(this.fd === undefined ? {} : { namespace: { fd: this.fd } });
    } catch (error) {
      if (this.fd !== undefined) closeSync(this.fd);
      if (path === undefined || !isCode(error, 'ENOENT', 'EINVAL')) throw error;
      throw new CniError(codes.unknownContainer, `failed to open netns "${path}": ${(error as Error).message}`, undefined, error);
    }
  }
  /** Runs `body` with the thread in this namespace. It must be synchronous. */
  inside<T>(body: () => T): T { return this.fd === undefined ? body() : enter({ fd: this.fd }, body); }
  /** A link by name or index, or undefined when there is none. */
  find(name: string | number): Link | undefined {
    try { return this.nl.link.get(name); } catch (error) {
      if (isCode(error, 'ENODEV')) return undefined;
      throw error;
    }
  }
  /** Takes a link away. @returns false when it was not there */
  drop(name: string | number): boolean {
    try { this.nl.link.delete(name); return true; } catch (error) {
      if (isCode(error, 'ENODEV')) return false;
      throw error;
    }
  }
  /** Gives an interface its addresses and brings it up; then the routes, which need it up. @throws {CniError} for a route that is there already, too */
  configure(link: Link, ips: readonly AddressResult[], routes: readonly RouteResult[]): void {
    if (ips.some(({ address }) => isIpv6(address))) this.inside(() => setAll([[`ipv6/conf/${link.ifname}/disable_ipv6`, '0']]));
    for (const { address } of ips) this.nl.address.add(link.index, address, isIpv6(address) ? {} : { broadcast: '+' });
    this.nl.link.set(link.index, { up: true });
    if (ips.some(({ address, gateway }) => gateway !== undefined && isIpv6(address))) this.#settle(link);
    for (const own of routes) {
      const gateway = own.gw ?? ips.find(({ address, gateway: there }) => there !== undefined && isIpv6(address) === isIpv6(own.dst))?.gateway;
      this.route(link.index, gateway === undefined ? own : { ...own, gw: gateway });
    }
  }
  /** Waits until the kernel knows that nobody else has the IPv6 addresses (RFC 4862, 5.4): a second or two. @throws {CniError} */
  #settle(link: Link): void {
    for (const began = Date.now(); ;) {
      const flags = this.nl.address.list({ dev: link.index, family: 'inet6' }).map((own) => own.allFlags ?? own.flags) as readonly (readonly unknown[])[];
      if (flags.some((own) => own.includes('dadfailed'))) throw new CniError(codes.failed, `link ${link.ifname} has an IPv6 address that another has, too`);
      if (!flags.some((own) => own.includes('tentative') && !own.includes('optimistic'))) return;
      if (Date.now() - began > SETTLE_MS) throw new CniError(codes.failed, `link ${link.ifname} still has tentative addresses after ${SETTLE_MS / 1000} seconds`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
  /** Adds one route beside those that are there. @throws {CniError} */
  route(oif: number, { dst, gw, mtu, advmss, priority, table, scope }: RouteResult, more: Readonly<Record<string, unknown>> = {}): void {
    const [address, length] = dst.split('/') as [string, string], metrics = { ...(mtu !== undefined && { mtu }), ...(advmss !== undefined && { advmss }) };
    const body = {
      family: isIpv6(dst) ? 'inet6' : 'inet', dst: address, dstLen: Number(length), oif, type: 'unicast', protocol: 'boot', scope: scope ?? 'universe',
      ...(table === undefined ? { table: 'main' } : inTable(table)), ...(gw !== undefined && { gateway: gw }),
      ...(priority !== undefined && { priority }), ...(Object.keys(metrics).length > 0 && { metrics }), ...more,
    };
    during(`failed to add route '${dst}${gw === undefined ? '' : ` via ${gw}`}'`, () => this.nl.client.requestSync({ message: route.messages.newroute, flags: ['create'], body }));
  }
  #close(): void {
    this.nl.close();
    if (this.fd !== undefined) closeSync(this.fd);
  }
}

/** Settings of the thread's namespace: path below /proc/sys/net, value. What the kernel does not have is passed over. */
export function setAll(settings: readonly (readonly [path: string, value: string])[]): void {
  for (const [path, value] of settings) {
    const file = `/proc/sys/net/${path}`;
    if (existsSync(file) && readFileSync(file, 'latin1').trim() !== value) writeFileSync(file, value);
  }
}

/** What is to be taken back when a later step fails: the last thing first. */
export class Undo {
  readonly #steps: (() => void)[] = [];
  push(step: () => void): void { this.#steps.push(step); }
  /** Runs `body`; when it throws, all that was pushed is undone, and it is its error that is thrown. */
  static around<T>(body: (undo: Undo) => T): T {
    const undo = new Undo();
    try { return body(undo); } catch (error) {
      for (const step of undo.#steps.reverse()) try { step(); } catch { /* the first error says more */ }
      throw error;
    }
  }
}
