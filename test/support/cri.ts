/** A client of a container runtime's socket, as the kubelet is: Kubernetes' CRI (runtime.v1 of k8s.io/cri-api), gRPC over HTTP/2. */
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';

/** A field is its number and what it holds; a list in brackets. Numbers are not negative. */
type Kind = 'text' | 'number' | 'yes' | Shape | readonly ['text' | Shape];
interface Shape { readonly [field: string]: readonly [number, Kind] }
type Value<K> = K extends 'text' ? string : K extends 'number' ? number : K extends 'yes' ? boolean
  : K extends readonly [infer Each] ? Value<Each>[] : K extends Shape ? Message<K> : never;
type Message<S extends Shape> = { readonly [Field in keyof S]: Value<S[Field][1]> };
/** What is not said is sent as nothing, which means zero. */
type Part<T> = T extends readonly (infer Each)[] ? readonly Part<Each>[] : T extends object ? { readonly [Field in keyof T]?: Part<T[Field]> } : T;

const podId = { pod_sandbox_id: [1, 'text'] } as const, containerId = { container_id: [1, 'text'] } as const, image = { image: [1, 'text'] } as const;
const podMetadata = { name: [1, 'text'], uid: [2, 'text'], namespace: [3, 'text'], attempt: [4, 'number'] } as const;
const namespaces = { network: [1, 'number'], pid: [2, 'number'], ipc: [3, 'number'] } as const;
const podConfig = {
  metadata: [1, podMetadata], hostname: [2, 'text'],
  port_mappings: [5, [{ protocol: [1, 'number'], container_port: [2, 'number'], host_port: [3, 'number'], host_ip: [4, 'text'] }]],
  linux: [8, { cgroup_parent: [1, 'text'], security_context: [2, { namespace_options: [1, namespaces] }] }],
} as const;
const containerConfig = { metadata: [1, { name: [1, 'text'], attempt: [2, 'number'] }], image: [2, image], command: [3, ['text']], linux: [15, { security_context: [2, { namespace_options: [3, namespaces] }] }] } as const;
const podStatus = { id: [1, 'text'], state: [3, 'number'], network: [5, { ip: [1, 'text'], additional_ips: [2, [{ ip: [1, 'text'] }]] }] } as const;
const none = {} as const;

/** What is asked and what is answered. */
const METHODS = {
  Version: [none, { runtime_name: [2, 'text'], runtime_version: [3, 'text'] }],
  Status: [{ verbose: [1, 'yes'] }, { status: [1, { conditions: [1, [{ type: [1, 'text'], status: [2, 'yes'], reason: [3, 'text'], message: [4, 'text'] }]] }] }],
  UpdateRuntimeConfig: [{ runtime_config: [1, { network_config: [1, { pod_cidr: [1, 'text'] }] }] }, none],
  ListPodSandbox: [none, { items: [1, [{ id: [1, 'text'], metadata: [2, podMetadata], state: [3, 'number'] }]] }],
  RunPodSandbox: [{ config: [1, podConfig], runtime_handler: [2, 'text'] }, podId],
  PodSandboxStatus: [podId, { status: [1, podStatus] }],
  StopPodSandbox: [podId, none],
  RemovePodSandbox: [podId, none],
  CreateContainer: [{ pod_sandbox_id: [1, 'text'], config: [2, containerConfig], sandbox_config: [3, podConfig] }, containerId],
  StartContainer: [containerId, none],
  ExecSync: [{ container_id: [1, 'text'], cmd: [2, ['text']], timeout: [3, 'number'] }, { stdout: [1, 'text'], stderr: [2, 'text'], exit_code: [3, 'number'] }],
  ImageStatus: [{ image: [1, image] }, { image: [1, { id: [1, 'text'] }] }],
} as const satisfies Record<string, readonly [Shape, Shape]>;
type Methods = typeof METHODS;
export type Asked<M extends keyof Methods> = Part<Message<Methods[M][0]>>;
export type Told<M extends keyof Methods> = Message<Methods[M][1]>;

/** Kubernetes' numbers, the few that are said here. */
export const CONTAINER = 1, READY = 0, PROTOCOLS = { tcp: 0, udp: 1 } as const;

const varint = (n: number): number[] => (n < 0x80 ? [n] : [(n % 0x80) | 0x80, ...varint(Math.floor(n / 0x80))]);
const LENGTH_DELIMITED = 2;
function field(number: number, kind: Kind, value: unknown): Buffer {
  if (Array.isArray(kind)) return Buffer.concat((value as unknown[]).map((each) => field(number, kind[0] as Kind, each)));
  if (kind === 'number' || kind === 'yes') return Buffer.from([...varint(number << 3), ...varint(Number(value))]);
  const bytes = kind === 'text' ? Buffer.from(value as string) : encode(kind as Shape, value as object);
  return Buffer.concat([Buffer.from([...varint((number << 3) | LENGTH_DELIMITED), ...varint(bytes.length)]), bytes]);
}
function encode(shape: Shape, value: object): Buffer {
  return Buffer.concat(Object.entries(value).map(([name, said]) => {
    const [number, kind] = shape[name] as Shape[string];
    return field(number, kind, said);
  }));
}

const nothing = (kind: Kind): unknown => (Array.isArray(kind) ? [] : kind === 'text' ? '' : kind === 'number' ? 0 : kind === 'yes' ? false : decode(kind as Shape, Buffer.alloc(0)));
function decode(shape: Shape, bytes: Buffer): Record<string, unknown> {
  const message: Record<string, unknown> = Object.fromEntries(Object.entries(shape).map(([name, [, kind]]) => [name, nothing(kind)]));
  let at = 0;
  const next = (): number => {
    for (let n = 0, unit = 1; ; unit *= 0x80) {
      const byte = bytes[at++] as number;
      n += (byte & 0x7f) * unit;
      if (byte < 0x80) return n;
    }
  };
  const decoded = (kind: Kind, part: Buffer): unknown => (kind === 'text' ? part.toString() : decode(kind as Shape, part));
  while (at < bytes.length) {
    const tag = next(), type = tag & 7, n = next();
    if (type !== 0 && type !== LENGTH_DELIMITED) throw new Error(`a field of wire type ${type}`);
    const part = type === LENGTH_DELIMITED ? bytes.subarray(at, at += n) : Buffer.alloc(0);
    const [name, [, kind]] = Object.entries(shape).find(([, [number]]) => number === tag >>> 3) ?? ['', [0, 'text']] as const;
    if (name === '') continue;
    if (Array.isArray(kind)) (message[name] as unknown[]).push(decoded(kind[0] as Kind, part));
    else message[name] = kind === 'number' ? n : kind === 'yes' ? n !== 0 : decoded(kind, part);
  }
  return message;
}

export interface Cri {
  /** @throws {Error} with what the runtime said, when it refuses, or does not answer within `patience` ms */
  call<M extends keyof Methods>(method: M, request: Asked<M>): Promise<Told<M>>;
}
/** Each call has a connection of its own: the runtime may be restarted between two. */
export function criOf(socket: string, patience: number): Cri {
  const asked = (session: ClientHttp2Session, method: keyof Methods, body: Buffer): Promise<Buffer> => new Promise((resolve, reject) => {
    session.on('error', reject);
    const service = method === 'ImageStatus' ? 'ImageService' : 'RuntimeService';
    const stream = session.request({ ':method': 'POST', ':path': `/runtime.v1.${service}/${method}`, 'content-type': 'application/grpc', te: 'trailers' });
    const chunks: Buffer[] = [];
    let ended: Record<string, unknown> = {};
    // An answer without a message is headers only.
    stream.on('response', (headers) => { ended = headers; }).on('trailers', (headers) => { ended = headers; });
    stream.on('data', (chunk: Buffer) => { chunks.push(chunk); }).on('error', reject).on('end', () => {
      if (String(ended['grpc-status']) === '0') resolve(Buffer.concat(chunks));
      else reject(new Error(`${method}: ${decodeURIComponent(String(ended['grpc-message'] ?? 'no status'))}`));
    });
    stream.setTimeout(patience, () => { reject(new Error(`${method}: no answer within ${patience} ms`)); });
    stream.end(body);
  });
  return {
    async call(method, request) {
      const [question, answer] = METHODS[method] as readonly [Shape, Shape], body = encode(question, request), head = Buffer.alloc(5);
      head.writeUInt32BE(body.length, 1);   // the first byte: not compressed
      const session = connectHttp2('http://localhost', { createConnection: () => connect(socket) });
      try { return decode(answer, (await asked(session, method, Buffer.concat([head, body]))).subarray(head.length)) as never; } finally { session.destroy(); }
    },
  };
}
