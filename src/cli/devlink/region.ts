/** `devlink region`: memory of a device that can be looked at, as it is or in snapshots (net/devlink/region.c). */
import type { Devlink, DevlinkChunk } from '../../families/generic/devlink/index.ts';
import type { Context } from '../context.ts';
import { to, type Command, type Grammar } from '../grammar.ts';
import { u32, u64 } from '../values.ts';
import { Layout } from './layout.ts';
import { change, command, deviceName, ordered, printed, show, type Show } from './speak.ts';

export const printRegion: Show = (layout, body) => {
  const { regionName, regionSize, regionSnapshots, regionSnapshotId, regionMaxSnapshots } = body;
  layout.about(`${deviceName(body)}/${regionName}`, () => {
    layout.count('size', regionSize);
    const ids = regionSnapshots ? (regionSnapshots.regionSnapshot ?? []).map((one) => one.regionSnapshotId) : regionSnapshotId === undefined ? undefined : [regionSnapshotId];
    layout.plain('snapshot', ids);
    if (ids && !layout.json) {
      layout.item('snapshot ');
      layout.put(regionSnapshots ? `[${ids.join(' ')}]` : ids.join(' '));
    }
    layout.count('max', regionMaxSnapshots);
  }, true, 'always');
};

const WIDTH = 16;
/** Bytes, sixteen a line, each line behind its address. */
function dumpText(chunks: readonly DevlinkChunk[]): string {
  let text = '', at = 0;
  for (const { regionChunkAddr = 0n, regionChunkData = new Uint8Array() } of chunks) {
    for (const [i, byte] of regionChunkData.entries()) {
      if (at++ % WIDTH === 0) text += `${at > 1 ? '\n' : ''}${(regionChunkAddr + BigInt(i)).toString(16).padStart(16, '0')} `;
      text += `${byte.toString(16).padStart(2, '0')} `;
    }
  }
  return `${text}\n`;
}
function printBytes(context: Context, section: string, bodies: readonly Devlink[]): void {
  if (context.options.dryRun) return;
  const chunks = bodies.flatMap(({ regionChunks }) => regionChunks?.regionChunk ?? []).filter(({ regionChunkData, regionChunkAddr }) => regionChunkData && regionChunkAddr !== undefined), layout = new Layout(context);
  layout.section(section, () => {
    if (!layout.json) return layout.raw(dumpText(chunks));
    // The kernel gives them in a row.
    layout.plain('address', chunks[0]?.regionChunkAddr ?? 0);
    layout.plain('data', chunks.flatMap(({ regionChunkData = new Uint8Array() }) => [...regionChunkData]));
  });
  layout.finish();
}

const snapshot: Grammar = { snapshot: to('regionSnapshotId', u32('SNAPSHOT')) }, REGION = 'pci/0000:01:00.0/cr-space';

export const region: Command = {
  summary: 'memory of devices, and snapshots of it', otherwise: 'show',
  examples: ['devlink region', `devlink region new ${REGION} snapshot 1`, `devlink region dump ${REGION} snapshot 1`, `devlink region read ${REGION} address 0x10 length 16`],
  commands: {
    show: show({ summary: 'print regions and their snapshots', line: '[ DEV | DEV/REGION ]', examples: ['devlink region', `devlink -j region show ${REGION}`], section: 'regions', message: 'regionGet', one: ['region'], some: ['dev'], print: printRegion }),
    del: change({ summary: 'take a snapshot away', line: 'DEV/REGION snapshot SNAPSHOT', examples: [`devlink region del ${REGION} snapshot 1`], message: 'regionDel', on: ['region'], needs: snapshot }),
    new: change({
      summary: 'take a snapshot', line: 'DEV/REGION [ snapshot SNAPSHOT ]', examples: [`devlink region new ${REGION}`, `devlink region new ${REGION} snapshot 1`], message: 'regionNew', on: ['region'], options: snapshot,
      told: (context, answers) => printed(context, 'regions', answers.map(({ body }) => body as Devlink), printRegion),
    }),
    dump: command({
      summary: 'print a snapshot', line: 'DEV/REGION snapshot SNAPSHOT', examples: [`devlink region dump ${REGION} snapshot 1`], on: ['region'], needs: snapshot,
      run: (context, kernel, place, draft) => printBytes(context, 'dump', kernel.dump('regionRead', ordered({ ...place, ...draft })) as Devlink[]),
    }),
    read: command({
      summary: 'print a part of a snapshot, or of the region as it is', line: 'DEV/REGION [ snapshot SNAPSHOT ] address ADDRESS length LENGTH', examples: [`devlink region read ${REGION} snapshot 1 address 0x10 length 16`], on: ['region'],
      needs: { address: to('regionChunkAddr', u64('ADDRESS')), length: to('regionChunkLen', u64('LENGTH')) }, options: snapshot,
      run: (context, kernel, place, draft) => printBytes(context, 'read', kernel.dump('regionRead', { ...ordered({ ...place, ...draft }), ...(draft['regionSnapshotId'] === undefined && { regionDirect: true }) }) as Devlink[]),
    }),
  },
};
