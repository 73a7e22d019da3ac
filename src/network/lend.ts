/** Containers that somebody else plugs in: links are made in the host, for an engine that moves them and gives them their names and addresses. */
import { drivers } from './drivers/index.ts';
import { parseSubnet, type Family } from './ipam/index.ts';
import { transaction } from './journal.ts';
import { lentName, markOf } from './names.ts';
import { addressesFor, assertThere, crowded, exclusive, nearby, scene } from './networks.ts';
import { NetworkError } from './error.ts';
import type { Operation, Session, Where } from './operation.ts';
import { attachmentSteps, planPorts, portsStep, type Scene } from './plan.ts';
import { assertAttachable, assertPublishable, macIn, portSteps, reserveSteps, withLength, type Guest } from './plan-container.ts';
import type { Publish } from './publish.ts';
import { containerOf, type Container, type ContainerInput } from './spec.ts';
import type { Planned } from './steps.ts';
import { attachmentIn, poolPath, type Attachment, type Record } from './store.ts';
import { busyHost, busyNetworks, pick } from './subnets.ts';

/**
 * Makes the links of a container, both ends in the host; `detach` takes them away, wherever the far end is by then.
 * Addresses that are named are only noted, since who lends them out keeps account of them; with none, free ones are picked and reserved.
 * @throws {NetworkError} EXISTS, CONFLICT, EXHAUSTED
 */
export const lend = (session: Session, name: string, input: ContainerInput): Operation<Attachment> => exclusive(session, function* () {
  const near = yield* nearby(session, name, input.name), container = containerOf(input, near.record.network), before = yield* crowded(session, near, container.publish), { record } = before;
  assertAttachable(before, record, container);
  assertThere(before, record);
  const addresses = container.ips.length > 0 ? container.ips.map((address) => ({ address })) : addressesFor(session.state, record.network, container);
  const { steps, attachment } = planLend(before, record, container, addresses, session.home());
  yield* transaction(session, `lend ${name} ${container.name}`, (take) => take(steps));
  return attachment;
});

function planLend({ state, seen }: Scene, record: Record, container: Container, addresses: Guest['addresses'], home: Where): { steps: Planned[]; attachment: Attachment } {
  const { network } = record, { name, publish, aliases } = container, ifname = container.ifname ?? lentName(network.name, name), alias = markOf(network.name, name);
  const mac = macIn(network, container, addresses[0]?.address), folder = poolPath(state, network.name), holder = { id: name, ifname };
  const { link, port, mark } = drivers[network.driver].endpoint({ network, container: name, ifname, mac, hairpin: network.hairpin === true || publish.length > 0, seen });
  const attachment: Attachment = {
    namespace: home, ifname, ...(port && { port: port.ifname }), ...(mac !== undefined && { mac }), addresses: addresses.map(({ address }) => withLength(network, address)), publish, aliases, lent: true,
  };
  const reserved = container.ips.length > 0 ? [] : addresses;
  return {
    attachment,
    steps: [
      ...reserveSteps(folder, holder, reserved),
      ...attachmentSteps(state, record, name, attachment),
      { do: { op: 'link.add', link }, undo: port ? { op: 'link.delete', ifname: port.ifname, mark: port.mark } : { op: 'link.delete', ifname, mark } },
      ...(port ? portSteps(port, alias) : []), { do: { op: 'link.set', ifname, set: { ifalias: alias } } },
      ...portsStep(network.name, name, undefined, attachment),
    ],
  };
}

/** Publishes these ports of a container instead of those that are. @throws {NetworkError} NOT_FOUND, CONFLICT */
export const publish = (session: Session, name: string, container: string, ports: readonly (string | Publish)[]): Operation<readonly Publish[]> => exclusive(session, function* () {
  const near = yield* nearby(session, name, container), was = attachmentIn(near.record, container);
  if (!was) throw new NetworkError('NOT_FOUND', `${container} is not attached to ${name}`);
  const wanted = containerOf({ name: container, publish: ports }, near.record.network), now = yield* crowded(session, near, wanted.publish), { record } = now;
  assertPublishable(now, record, wanted);
  const one: Attachment = { ...was, publish: wanted.publish };
  const steps = [...attachmentSteps(session.state, record, container, one, was), ...planPorts({ ...record, containers: { [container]: one } }, now.seen), ...portsStep(name, container, was, one)];
  yield* transaction(session, `publish ${name} ${container}`, (take) => take(steps));
  return wanted.publish;
});

/** A private subnet that neither the host, nor a network, nor any of `besides` uses. @throws {NetworkError} EXHAUSTED */
export function* freeSubnet(session: Session, family: Family, besides: readonly string[] = []): Operation<string> {
  const { records, seen } = yield* scene(session), taken = besides.map((subnet) => ({ subnet: parseSubnet(subnet), by: 'a pool' }));
  return pick(family, besides.join(), [...busyNetworks([...records.values()].map(({ network }) => network)), ...busyHost(seen.addresses, seen.routes), ...taken]);
}
