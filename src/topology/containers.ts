/** Names of containers: docker tells them on its socket, podman and CRI-O keep them in files. Either may be absent. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { Container } from './facts.ts';

/** What comes before the id in the name of a control group: `docker-ID.scope`, `libpod-ID`, `cri-containerd-ID.scope`, `/docker/ID`. */
const engines: Readonly<Record<string, string>> = { docker: 'docker', libpod: 'podman', 'libpod-payload': 'podman', crio: 'cri-o', 'cri-containerd': 'containerd' };

/** The container that a process belongs to, by the text of its /proc/PID/cgroup. */
export function containerOf(cgroup: string): Container | undefined {
  const found = /(?:^|\/)(?:([a-z-]+)[-/])?([0-9a-f]{64})(?=[./\n]|$)/m.exec(cgroup);
  if (!found) return undefined;
  const [, word = '', id = ''] = found, engine = engines[word];
  return { id, ...(engine !== undefined && { engine }) };
}

/** Where engines keep what they know. */
export interface Engines {
  /** Sockets of docker's API. Default: of $DOCKER_HOST, of the system, of the user. */
  readonly docker?: readonly string[];
  /** Folders of containers/storage. Default: of the system, of the user. */
  readonly podman?: readonly string[];
}

/** Full ids of containers -> who runs them, under which name. What is absent, or may not be read, adds nothing. */
export async function containerNames(where: Engines = {}): Promise<Map<string, Container>> {
  const known = new Map<string, Container>();
  for (const folder of where.podman ?? podmanFolders()) for (const one of storedContainers(folder)) known.set(one.id, one);
  for (const socket of where.docker ?? dockerSockets()) if (existsSync(socket)) for (const one of await dockerContainers(socket)) known.set(one.id, one);
  return known;
}

function dockerSockets(): string[] {
  const { DOCKER_HOST = '', XDG_RUNTIME_DIR } = process.env;
  const own = /^unix:\/\/(.+)$/.exec(DOCKER_HOST)?.[1];
  return own !== undefined ? [own] : ['/var/run/docker.sock', ...(XDG_RUNTIME_DIR ? [`${XDG_RUNTIME_DIR}/docker.sock`] : [])];
}
function podmanFolders(): string[] {
  const { HOME, XDG_DATA_HOME = HOME && `${HOME}/.local/share` } = process.env;
  return ['/var/lib/containers/storage', ...(XDG_DATA_HOME ? [`${XDG_DATA_HOME}/containers/storage`] : [])];
}

/** Milliseconds that an engine may take: the picture does not wait longer for one that hangs. */
const PATIENCE = 5000;

/** `GET /containers/json` of the Docker Engine API: the running ones. */
async function dockerContainers(socketPath: string): Promise<Container[]> {
  const { request } = process.getBuiltinModule('node:http');
  const text = await new Promise<string>((resolve) => {
    const nothing = (): void => resolve('');
    const asked = request({ socketPath, path: '/containers/json', headers: { host: 'docker' }, signal: AbortSignal.timeout(PATIENCE) }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => { body += part; }).on('end', () => resolve(body)).on('error', nothing);
    });
    asked.on('error', nothing).end();
  });
  return containersIn(text, ({ Id, Names }) => ({ engine: 'docker', id: Id, name: Array.isArray(Names) ? String(Names[0] ?? '').replace(/^\//, '') : undefined }));
}

/** containers.json of containers/storage, a file a storage driver; `--rm` containers are in one of their own. */
function storedContainers(folder: string): Container[] {
  const found: Container[] = [];
  let drivers: string[] = [];
  try { drivers = readdirSync(folder).filter((name) => name.endsWith('-containers')).sort(); } catch { return found; }
  for (const driver of drivers) {
    for (const file of ['containers.json', 'volatile-containers.json']) {
      let text = '';
      try { text = readFileSync(`${folder}/${driver}/${file}`, 'utf8'); } catch { continue; }
      found.push(...containersIn(text, ({ id, names }) => ({ id, name: Array.isArray(names) ? names[0] : undefined })));
    }
  }
  return found;
}

/** A list in JSON; what is none, or an entry without an id, is left out. */
function containersIn(text: string, read: (entry: Record<string, unknown>) => { engine?: string; id: unknown; name: unknown }): Container[] {
  let list: unknown;
  try { list = JSON.parse(text); } catch { return []; }
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { engine, id, name } = read(entry as Record<string, unknown>);
    return typeof id === 'string' ? [{ id, ...(engine && { engine }), ...(typeof name === 'string' && name !== '' && { name }) }] : [];
  });
}
