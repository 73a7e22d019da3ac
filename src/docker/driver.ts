/** The engine's calls, done: each again does no more, since the engine repeats what it has no answer to. */
import { join } from 'node:path';
import { blockedLines, clash, networks, NetworkError, ownerOf, stateFolder, type Attachment, type Inspected, type Networks, type NetworksOptions, type Publish } from '../network/index.ts';
import { endpointAnswer, infoAnswer, joinAnswer } from './answer.ts';
import { PluginError } from './error.ts';
import { id, text, type Fields } from './fields.ts';
import { bindingsOf, containerInput, DOCKER, ID, networkInput, networkName, placeOf, poolInput, type Binding } from './request.ts';
import { Pools } from './pools.ts';

/** Host ports for these, none of which `taken` has. Pure. @throws {PluginError} */
export function publishOf(bindings: readonly Binding[], taken: readonly Publish[]): Publish[] {
  const got: Publish[] = [];
  for (const { first, last, ...rest } of bindings) {
    let hostPort = first;
    while (hostPort <= last && [...taken, ...got].some((other) => clash({ ...rest, hostPort }, other))) hostPort++;
    if (hostPort > last) throw new PluginError(`${first === last ? `port ${first}` : `every port from ${first} to ${last}`}/${rest.protocol} is published already`);
    got.push({ ...rest, hostPort });
  }
  return got;
}

type Call = (request: Fields) => Promise<object>;
const NOTHING = {};

/** Networks and pools of one engine. */
export class Driver {
  readonly #networks: Networks;
  readonly #pools: Pools;
  readonly #say: (text: string) => void;
  /** @param say hears what a person should know, in lines */
  constructor(options: NetworksOptions = {}, say: (text: string) => void = () => {}) {
    this.#say = say;
    this.#networks = networks({ warn: say, ...options });
    this.#pools = new Pools(join(options.state ?? stateFolder(), DOCKER));
  }
  /** Makes what a restart of the machine took, since the engine does not ask for it again. @returns what could not be made */
  async restore(): Promise<{ network: string; error: Error }[]> {
    const failed: { network: string; error: Error }[] = [];
    for (const { name, labels } of await this.#networks.list()) {
      if (ownerOf({ name, ...(labels && { labels }) }) !== DOCKER) continue;
      try { await this.#networks.apply([{ name }]); } catch (error) { failed.push({ network: name, error: error as Error }); }
    }
    return failed;
  }
  /** The network of an identifier. @throws {NetworkError} NOT_FOUND @throws {PluginError} for another's of that name */
  async #network(networkId: string): Promise<Inspected> {
    const network = await this.#networks.inspect(networkName(networkId));
    if (network.labels?.[ID] !== networkId) throw new PluginError(`${network.name} is not the network ${networkId}`);
    return network;
  }
  async #endpoint(request: Fields): Promise<{ network: Inspected; container: string; attachment: Attachment | undefined }> {
    const { container } = placeOf(request), network = await this.#network(id(request, 'NetworkID'));
    return { network, container, attachment: network.containers[container] };
  }
  async #joined(request: Fields): Promise<{ network: Inspected; container: string; attachment: Attachment }> {
    const { attachment, ...rest } = await this.#endpoint(request);
    if (!attachment) throw new PluginError(`there is no endpoint ${id(request, 'EndpointID')} in ${rest.network.name}`);
    return { ...rest, attachment };
  }

  readonly createNetwork: Call = async (request) => {
    const input = networkInput(request);
    await unlessGone(() => this.#network(id(request, 'NetworkID')));
    await this.#networks.apply([input]);
    const { name, blocked } = await this.#networks.inspect(input.name);
    for (const one of blocked) this.#say(blockedLines(name, one).join('\n'));
    return NOTHING;
  };
  readonly deleteNetwork: Call = async (request) => {
    await unlessGone(async () => this.#networks.remove((await this.#network(id(request, 'NetworkID'))).name));
    return NOTHING;
  };
  readonly createEndpoint: Call = async (request) => {
    const asked = containerInput(request), { network, attachment } = await this.#endpoint(request);
    if (attachment && !agrees(attachment, asked.ips ?? [], asked.mac)) throw new PluginError(`the endpoint ${asked.name} is there already, with ${[...attachment.addresses, attachment.mac].join(' ')}`);
    return endpointAnswer(attachment ?? await this.#networks.lend(network.name, asked), asked);
  };
  readonly deleteEndpoint: Call = async (request) => {
    await unlessGone(async () => {
      const { network, container, attachment } = await this.#endpoint(request);
      if (attachment) await this.#networks.detach(network.name, container);
    });
    return NOTHING;
  };
  readonly endpointInfo: Call = async (request) => infoAnswer((await this.#joined(request)).attachment);
  readonly join: Call = async (request) => { const { network, attachment } = await this.#joined(request); return joinAnswer(network, attachment); };
  /** The engine has the link back, or it is gone with the container: deleteEndpoint sees to it. */
  readonly leave: Call = async (request) => { placeOf(request); return NOTHING; };
  readonly publish: Call = async (request) => {
    const { network, container, attachment } = await this.#joined(request), bindings = bindingsOf(request);
    if (holds(bindings, attachment.publish)) return NOTHING;
    const others = (await this.#networks.list()).flatMap(({ name, containers }) => Object.entries(containers).filter(([other]) => name !== network.name || other !== container).flatMap(([, { publish }]) => publish));
    await this.#networks.publish(network.name, container, publishOf(bindings, others));
    return NOTHING;
  };
  readonly unpublish: Call = async (request) => {
    await unlessGone(async () => {
      const { network, container, attachment } = await this.#endpoint(request);
      if (attachment && attachment.publish.length > 0) await this.#networks.publish(network.name, container, []);
    });
    return NOTHING;
  };

  readonly requestPool: Call = async (request) => {
    const asked = poolInput(request);
    return this.#pools.request({ ...asked, subnet: asked.subnet ?? await this.#networks.freeSubnet(asked.family, this.#pools.subnets()) });
  };
  readonly releasePool: Call = async (request) => { this.#pools.release(text(request, 'PoolID')); return NOTHING; };
  readonly requestAddress: Call = async (request) => this.#pools.requestAddress(text(request, 'PoolID'), text(request, 'Address') || undefined);
  readonly releaseAddress: Call = async (request) => { this.#pools.releaseAddress(text(request, 'PoolID'), text(request, 'Address')); return NOTHING; };
}

/** Whether an endpoint is the one that is asked for. */
const agrees = ({ addresses, mac }: Attachment, ips: readonly string[], asked: string | undefined): boolean =>
  ips.every((ip) => addresses.some((one) => one.split('/')[0] === ip)) && (asked === undefined || asked.toLowerCase() === mac);
const holds = (bindings: readonly Binding[], publish: readonly Publish[]): boolean => bindings.length === publish.length && bindings.every(({ protocol, containerPort, hostAddress, first, last }, n) => {
  const one = publish[n] as Publish;
  return one.protocol === protocol && one.containerPort === containerPort && one.hostAddress === hostAddress && one.hostPort >= first && one.hostPort <= last;
});
/** What is not there need not be taken away. */
async function unlessGone(inside: () => Promise<unknown>): Promise<void> {
  try { await inside(); } catch (error) {
    if (!(error instanceof NetworkError && error.code === 'NOT_FOUND')) throw error;
  }
}
