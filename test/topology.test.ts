import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { containerNames, containerOf } from '../src/topology/containers.ts';
import { build, toDot, toMermaid, toSvg, toTree, type Topology } from '../src/topology/index.ts';
import { layout } from '../src/topology/layout.ts';
import { has } from './live/support.ts';
import { anyCrowd, anyFacts, checkXml, crowd, facts, host, kind, lab, link, web } from './support/topology.ts';

const graph = build(facts);
const edges = ({ edges: all }: Topology): string[] => all.map(({ kind: sort, from, to }) => `${from} ${sort} ${to}`);

describe('the graph', () => {
  test('namespaces: this one, named ones, containers, and where a link leads without a trace', () => {
    expect(graph.namespaces.map(({ id, kind: sort, current, seen }) => [id, sort, current, seen])).toEqual([
      ['here', 'process', true, true], ['db', 'named', false, false], ['lab', 'named', false, true], ['web', 'container', false, true], ['nsid 9 of lab', 'unknown', false, false],
    ]);
    expect(graph.namespaces[3]).toMatchObject({ container: { engine: 'docker', name: 'web' }, process: { pid: 100, name: 'nginx' }, defaultRoutes: [{ family: 'inet', gateway: '10.0.0.1', link: 'eth0' }, { family: 'inet6', gateway: 'fe80::1', link: 'eth0', metric: 512 }] });
  });
  test('edges of every kind, across namespaces', () => {
    expect(edges(graph)).toEqual([
      'here/eth0 slave here/bond0', 'here/eth1 slave here/bond0',
      'here/v-web port here/br0', 'here/v-web pair web/eth0',
      'here/v-db port here/br0', 'here/v-db pair db/#2',
      'here/vx42 port here/br0', 'here/vx42 lower here/bond0.7',
      'here/bond0.7 lower here/bond0',
      'here/tun0 member here/vrf-red', 'here/tun0 lower here/bond0.7',
      'lab/mg lower web/eth0', 'lab/out pair nsid 9 of lab/#7',
      'web/mv0 lower web/eth0',
    ]);
    expect(graph.edges.find(({ from, kind: sort }) => from === 'here/v-web' && sort === 'port')?.vlans).toEqual([{ first: 1, pvid: true, untagged: true }, { first: 10, last: 20 }]);
    expect(graph.edges.find(({ byAddress }) => byAddress)).toMatchObject({ from: 'here/tun0', to: 'here/bond0.7' });
  });
  test('a link says what it is', () => {
    const by = (id: string) => graph.links.find((one) => one.id === id);
    expect(by('here/br0')).toEqual({
      id: 'here/br0', namespace: 'here', index: 4, name: 'br0', seen: true, kind: 'bridge', loopback: false, up: true, state: 'up', mac: '02:00:00:00:00:04', mtu: 1500,
      addresses: [{ family: 'inet', address: '10.0.0.1', prefix: 24, scope: 'universe' }, { family: 'inet6', address: 'fe80::1', prefix: 64, scope: 'link' }],
      vlans: [{ first: 1, pvid: true, untagged: true }],
    });
    expect(by('here/vx42')).toMatchObject({ vni: 42, remote: '198.51.100.7' });
    expect(by('here/bond0.7')).toMatchObject({ vlan: 7 });
    expect(by('here/vrf-red')).toMatchObject({ table: 10 });
    expect(by('web/mv0')).toMatchObject({ mode: 'bridge' });
    expect(by('db/#2')).toMatchObject({ seen: false, index: 2 });
  });
  test('loopbacks and idle links are there when all is asked for', () => {
    expect(graph.links.some(({ name }) => name === 'lo' || name === 'idle')).toBe(false);
    expect(build(facts, { all: true }).links.map(({ id }) => id)).toEqual(expect.arrayContaining(['here/lo', 'here/idle', 'web/lo']));
    const empty = { names: ['empty'], links: [link(1, 'lo', { type: 772 })] };
    expect(build({ namespaces: [host, empty] }).namespaces).toHaveLength(2); // `here`, and what v-web leads to
    expect(build({ namespaces: [host, empty] }, { all: true }).namespaces.map(({ name }) => name)).toContain('empty');
  });
  test('a pair that can be resolved from one end only is one pair', () => {
    for (const blind of [0, 1]) {
      const namespaces = [host, web].map((one, i) => (i === blind ? { ...one, ids: {} } : { ...one, ids: { 0: i === 0 ? 1 : 0 } }));
      expect(edges(build({ namespaces })).filter((line) => line.includes('pair') && line.includes('web'))).toEqual(['here/v-web pair web/eth0']);
    }
  });
  test('the same index in two namespaces is not the same link; a pair in one namespace', () => {
    const one = { current: true, links: [link(2, 'a', { ...kind('veth'), link: 3 }), link(3, 'b', { ...kind('veth'), link: 2 })] };
    expect(edges(build({ namespaces: [one, { names: ['x'], links: [link(2, 'a'), link(3, 'b')] }] }))).toEqual(['here/a pair here/b']);
  });
  test('names that are there twice are told apart', () => {
    const namespaces = [{ names: ['web'], links: [link(2, 'a')] }, { container: { id: 'b'.repeat(64), name: 'web' }, links: [link(2, 'a')] }, { container: { id: 'c'.repeat(64) }, links: [link(2, 'a')] }];
    expect(build({ namespaces }).namespaces.map(({ id }) => id)).toEqual(['web', 'c'.repeat(12), 'web~2']);
  });
  test('the order of the facts makes no difference', () => {
    const order = [3, 1, 2, 0]; // new place -> old place
    const place = (old: number): number => order.indexOf(old);
    const namespaces = order.map((old) => { const one = facts.namespaces[old]!; return { ...one, links: one.links?.toReversed(), ids: Object.fromEntries(Object.entries(one.ids ?? {}).map(([id, to]) => [id, place(to)])) }; });
    expect(build({ ...facts, namespaces: namespaces as never })).toEqual(graph);
  });
});

describe('pictures', () => {
  test('tree', () => {
    expect(toTree(graph)).toBe(`here
├─ br0 [bridge] 10.0.0.1/24 vlan 1 pvid untagged
│  ├─ v-web vlan 1 pvid untagged, 10-20 ⇄ web: eth0 10.0.0.2/24 (default via 10.0.0.1, default via fe80::1 metric 512)
│  │  ├─ lab: mg [macvlan bridge]
│  │  └─ mv0 [macvlan bridge] 10.0.0.9/24
│  ├─ v-db vlan 10 pvid untagged ⇄ db: #2 not seen
│  └─ vx42 [vxlan 42 to 198.51.100.7] on bond0.7
├─ vrf-red [vrf table 10]
│  └─ tun0 [gre to 192.0.2.9] on bond0.7
└─ bond0 [bond activebackup]
   ├─ eth0
   ├─ eth1 no carrier
   └─ bond0.7 [vlan 7] 192.0.2.1/24 (default via 192.0.2.254)
lab
└─ out ⇄ nsid 9 of lab: #7 not seen
`);
    expect(toTree(graph, { details: true })).toContain('eth0 02:00:00:00:00:02 mtu 1500\n');
  });
  const small = build({ namespaces: [{ current: true, links: [link(4, 'br"0', kind('bridge')), link(5, 'v', { ...kind('veth'), master: 4, link: 2, linkNetnsid: 0 })], ids: { 0: 1 } }, { names: ['a<b#'], links: [link(2, 'eth0', { ...kind('veth'), link: 5, linkNetnsid: 0, flags: [] })], ids: { 0: 0 } }] });
  test('dot', () => {
    expect(toDot(small)).toBe(`graph topology {
  rankdir=LR; node [shape=box, style=rounded, fontname="monospace", fontsize=10]; edge [fontname="monospace", fontsize=9];
  subgraph cluster_0 {
    label="here"; style=rounded; fontname="monospace";
    "here/br\\"0" [label="br\\"0\\nbridge", tooltip="02:00:00:00:00:04"];
    "here/v" [label="v\\nveth", tooltip="02:00:00:00:00:05"];
  }
  subgraph cluster_1 {
    label="a<b#"; style=rounded; fontname="monospace";
    "a<b#/eth0" [label="eth0\\nveth DOWN", tooltip="02:00:00:00:00:02"];
  }
  "here/br\\"0" -- "here/v";
  "here/v" -- "a<b#/eth0" [penwidth=2];
}
`);
  });
  test('mermaid', () => {
    expect(toMermaid(small)).toBe(`flowchart LR
  subgraph n0 ["here"]
    l0["br#34;0<br/>bridge"]
    l1["v<br/>veth"]
  end
  subgraph n1 ["a#60;b#35;"]
    l2["eth0<br/>veth DOWN"]
  end
  l0 --- l1
  l1 === l2
`);
    expect(toMermaid(graph)).toContain('|"vlan 1 pvid untagged, 10-20"|');
  });
  test('svg: standalone, titled, for light and dark', () => {
    const svg = toSvg(graph);
    checkXml(svg);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [^>]*role="img" aria-labelledby="title desc">\n<title id="title">/);
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    for (const { name } of graph.links) expect(svg).toContain(`class="name">${name}</text>`);
    expect(svg.match(/<path class="edge [a-z]+" d="M[^"]*"><title>/g)).toHaveLength(graph.edges.length);
    expect(toSvg(build(facts))).toBe(svg);
    expect(svg).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg")/);
    const broken = spawnSync('python3', ['-c', 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.stdin)'], { input: svg, encoding: 'utf8' });
    if (!broken.error) expect(broken).toMatchObject({ status: 0, stderr: '' });
  });
  test('the checker of XML refuses what is none', () => {
    for (const bad of ['<a>', '<a></b>', '<a/><a/>', '<a>&amp</a>', '<a b="1" b="2"/>', '<a>\u0001</a>', '<a>1 < 2</a>', '<a b=1/>']) expect(() => checkXml(bad), bad).toThrow();
  });
});

interface Point { x: number; y: number }
interface Rect { x: number; y: number; width: number; height: number }
const apart = (a: Rect, b: Rect): boolean => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
const within = (a: Rect, b: Rect): boolean => a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

describe('whatever the facts', () => {
  const runs = { numRuns: 60 };
  test('every format is made, and is well-formed', () => {
    fc.assert(fc.property(anyFacts, fc.boolean(), (some, all) => {
      const made = build(some, { all });
      expect(JSON.parse(JSON.stringify(made))).toEqual(made);
      const ids = new Set(made.links.map(({ id }) => id));
      for (const { from, to } of made.edges) expect(ids.has(from) && ids.has(to)).toBe(true);
      // Each link once: beside another, or in a place of its own.
      const tree = toTree(made);
      expect(tree.split('\n').filter((line) => /[├└]─ /u.test(line)).length).toBeLessThanOrEqual(made.links.length);
      const quoted = String.raw`"(?:[^"\\\n]|\\.)*"`;
      const dot = new RegExp(String.raw`^(?:graph topology \{|  rankdir=.*|  subgraph cluster_\d+ \{|    label=${quoted}; .*|    ${quoted} \[label=${quoted}(?:, tooltip=${quoted})?\];|  ${quoted} -- ${quoted}(?: \[[^"]*(?:${quoted})?\])?;|  ?\}|  \}|\})$`, 'u');
      for (const line of toDot(made).trimEnd().split('\n')) expect(line).toMatch(dot);
      const mermaid = /^(?:flowchart LR| {2}subgraph n\d+ \["[^"]*"\]| {4}l\d+\["[^"]*"\]| {2}end| {2}l\d+ (?:===|---|-\.-)(?:\|"[^"]*"\|)? l\d+)$/u;
      for (const line of toMermaid(made).trimEnd().split('\n')) expect(line).toMatch(mermaid);
      checkXml(toSvg(made));
    }), runs);
  });
  test.each([['any', anyFacts, runs], ['with a big fan', anyCrowd, { numRuns: 25 }]])('boxes, frames and labels are apart, and each box in its frame: %s', (_which, facts, many) => {
    fc.assert(fc.property(facts, (some) => {
      const { frames, boxes, lines, width, height } = layout(build(some));
      const labels = lines.flatMap(({ label }) => (label ? [label] : [])), sheet = { x: 0, y: 0, width, height };
      for (const [i, a] of boxes.entries()) {
        for (const b of boxes.slice(i + 1)) expect(apart(a, b), `${a.link.id} and ${b.link.id}`).toBe(true);
        for (const frame of frames) expect(a.link.namespace === frame.namespace.id ? within(a, frame) : apart(a, frame), `${a.link.id} and the frame of ${frame.namespace.id}`).toBe(true);
        for (const label of labels) expect(apart(a, label)).toBe(true);
      }
      for (const [i, a] of frames.entries()) for (const b of frames.slice(i + 1)) expect(apart(a, b), `${a.title} and ${b.title}`).toBe(true);
      for (const all of [frames, labels]) for (const one of all) expect(within(one, sheet)).toBe(true);
      // Each line begins at one of its links, and ends at the other.
      const known = new Map(boxes.map((box) => [box.link.id, box])), touch = ({ x, y }: { x: number; y: number }, { x: left, y: top, width: wide, height: high }: Rect): boolean => Math.min(Math.abs(x - left), Math.abs(x - left - wide)) <= 1 && y >= top && y <= top + high;
      for (const { edge, points } of lines) {
        const [a, b] = [known.get(edge.from), known.get(edge.to)] as [Rect, Rect], [start, end] = [points[0], points.at(-1)] as [Point, Point];
        expect((touch(start, a) && touch(end, b)) || (touch(start, b) && touch(end, a)), `${edge.from} to ${edge.to}`).toBe(true);
      }
    }), many);
  });
  test.each([[200, 1, 'c'], [20, 1, 'c'], [500, 1, 'c'], [100, 2, 'c'], [70, 3, 'c'], [200, 1, 'a-container-with-quite-a-long-name-of-its-own-']])('%d containers on each of %d bridges: a picture like a page, lines between the boxes, soon', (count, bridges, name) => {
    const graph = build(crowd(count, bridges, (n) => `${name}${n}`)), from = performance.now(), { boxes, frames, lines, width, height } = layout(graph);
    expect(performance.now() - from).toBeLessThan(count * bridges <= 200 ? 2000 : 5000);
    expect(width / height).toBeGreaterThan(1 / 2);
    expect(width / height).toBeLessThan(3);
    expect(boxes).toHaveLength(graph.links.length);
    expect(frames).toHaveLength(graph.namespaces.length);
    for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) if (!apart(a, b)) throw new Error(`${a.link.id} on ${b.link.id}`);
    for (const [i, a] of frames.entries()) for (const b of frames.slice(i + 1)) if (!apart(a, b)) throw new Error(`${a.title} on ${b.title}`);
    expect(lines).toHaveLength(graph.edges.length);
    const inside = ({ x, y, width: wide, height: high }: Rect): Rect => ({ x: x + 1, y: y + 1, width: wide - 2, height: high - 2 });
    for (const { edge, points } of lines) for (const [i, at] of points.slice(0, -1).entries()) {
      const to = points[i + 1] as Point;
      expect(at.x === to.x || at.y === to.y, 'level, or upright').toBe(true);
      const around = { x: Math.min(at.x, to.x), y: Math.min(at.y, to.y), width: Math.abs(to.x - at.x), height: Math.abs(to.y - at.y) };
      for (const box of boxes) if (!apart(inside(box), around)) throw new Error(`${edge.from} to ${edge.to} runs over ${box.link.id}`);
    }
    expect(layout(build(crowd(count, bridges, (n) => `${name}${n}`)))).toEqual({ boxes, frames, lines, width, height });
  }, 60_000);
  test('what is not connected stands in rows, which look like a page', () => {
    const apartOnes = (count: number) => build({ namespaces: Array.from({ length: count }, (_, i) => ({ names: [`n${String(i).padStart(3, '0')}`], ...(i === 0 && { current: true }), links: [link(2, 'eth0')] })) });
    for (const count of [12, 60, 200]) {
      const { frames, width, height } = layout(apartOnes(count));
      expect(width / height).toBeGreaterThan(1);
      expect(width / height).toBeLessThan(1.8);
      expect(frames.toSorted((a, b) => a.y - b.y || a.x - b.x).map(({ title }) => title)).toEqual(frames.map(({ title }) => title));
    }
    // Within a namespace too, beside what is plugged into others; and no line runs over them.
    const loose = Array.from({ length: 12 }, (_, i) => link(100 + i, `dummy${i}`, kind('dummy')));
    const { boxes, lines, frames } = layout(build({ ...facts, namespaces: facts.namespaces.map((one, i) => (i === 0 ? { ...one, links: [...(one.links ?? []), ...loose] } : one)) }));
    const dummies = boxes.filter(({ link: { name } }) => name.startsWith('dummy')), here = frames.find(({ namespace }) => namespace.current);
    expect(new Set(dummies.map(({ x }) => x)).size).toBeGreaterThan(2);
    expect(new Set(dummies.map(({ y }) => y)).size).toBeGreaterThan(2);
    for (const box of dummies) {
      expect(within(box, here as Rect)).toBe(true);
      for (const { points } of lines) for (const [i, from] of points.slice(0, -1).entries()) {
        const to = points[i + 1] as typeof from;
        // A line is level, or within the gap between two columns.
        const around = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
        expect(apart(box, around), `${box.link.name}`).toBe(true);
      }
    }
  });
  test.skipIf(!has('dot'))('Graphviz reads what is for it', () => {
    fc.assert(fc.property(anyFacts, (some) => {
      expect(spawnSync('dot', ['-Tplain'], { input: toDot(build(some)), encoding: 'utf8' })).toMatchObject({ status: 0 });
    }), { numRuns: 20 });
  });
});

describe('names of containers', () => {
  const id = (letter: string): string => letter.repeat(64);
  const folder = mkdtempSync(join(tmpdir(), 'nlkit-containers-'));
  afterAll(() => { rmSync(folder, { recursive: true }); });

  test.each([
    [`0::/system.slice/docker-${id('a')}.scope\n`, { engine: 'docker', id: id('a') }],
    [`12:cpu:/docker/${id('b')}\n1:name=systemd:/docker/${id('b')}\n`, { engine: 'docker', id: id('b') }],
    [`0::/machine.slice/libpod-${id('c')}.scope/container\n`, { engine: 'podman', id: id('c') }],
    [`0::/user.slice/libpod-payload-${id('c')}\n`, { engine: 'podman', id: id('c') }],
    [`0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id('d')}.scope\n`, { engine: 'containerd', id: id('d') }],
    [`0::/kubepods/burstable/pod1/${id('e')}\n`, { id: id('e') }],
    ['0::/init.scope\n', undefined], [`0::/x-${'f'.repeat(63)}\n`, undefined], ['', undefined],
  ])('control group %#', (text, expected) => { expect(containerOf(text)).toEqual(expected); });

  test('docker tells them on its socket, podman keeps them in files', async () => {
    const socket = join(folder, 'docker.sock'), asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json').end(JSON.stringify([{ Id: id('a'), Names: ['/web'], State: 'running' }, { Id: id('b'), Names: [] }]));
    });
    await new Promise<void>((resolve) => { server.listen(socket, resolve); });
    const storage = join(folder, 'storage');
    mkdirSync(join(storage, 'overlay-containers'), { recursive: true });
    writeFileSync(join(storage, 'overlay-containers', 'containers.json'), JSON.stringify([{ id: id('c'), names: ['db'], layer: id('9') }, { id: id('d') }, null, 'x']));
    writeFileSync(join(storage, 'overlay-containers', 'volatile-containers.json'), JSON.stringify([{ id: id('e'), names: ['brief'] }]));
    try {
      expect([...(await containerNames({ docker: [socket], podman: [storage] })).values()]).toEqual([
        { id: id('c'), name: 'db' }, { id: id('d') }, { id: id('e'), name: 'brief' }, { id: id('a'), engine: 'docker', name: 'web' }, { id: id('b'), engine: 'docker' },
      ]);
      expect(asked).toEqual(['GET /containers/json']);
    } finally { server.close(); }
  });
  test('absent, closed to us or talking nonsense: silence', async () => {
    const socket = join(folder, 'odd.sock'), broken = join(folder, 'broken');
    writeFileSync(join(folder, 'file.sock'), '');
    mkdirSync(join(broken, 'vfs-containers'), { recursive: true });
    writeFileSync(join(broken, 'vfs-containers', 'containers.json'), '{ "id": ');
    const server = createServer((_, response) => { response.writeHead(500).end('<html>'); });
    await new Promise<void>((resolve) => { server.listen(socket, resolve); });
    try {
      expect(await containerNames({ docker: [join(folder, 'none.sock'), join(folder, 'file.sock'), socket], podman: [join(folder, 'none'), broken] })).toEqual(new Map());
    } finally { server.close(); }
  });
});

test('lab is only reached through the container', () => {
  expect(edges(build({ namespaces: [web, lab].map((one, i) => ({ ...one, ids: i ? { 4: 0 } : {} })) })).filter((line) => line.includes('lab/mg'))).toEqual(['lab/mg lower web/eth0']);
});
