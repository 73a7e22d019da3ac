/** `devlink resource`: what a device divides (net/devlink/resource.c). */
import type { Devlink, DevlinkResource, DevlinkTable } from '../../families/generic/devlink/index.ts';
import { devlinkPlans, devlinkRefOf, devlinkResourceAt } from '../../generic/index.ts';
import { usage } from '../errors.ts';
import { carry } from '../generic.ts';
import { to, type Command } from '../grammar.ts';
import { text, u64 } from '../values.ts';
import type { Layout } from './layout.ts';
import { command, deviceName, printed, unanswered } from './speak.ts';

/** The path of a resource: "/IPv4/fib". */
export function resourcePath(all: readonly DevlinkResource[], id: bigint | undefined, before = ''): string | undefined {
  for (const { resourceId, resourceName, resourceList } of all) {
    const path = `${before}/${resourceName}`, found = resourceId === id ? path : resourcePath(resourceList?.resource ?? [], id, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
const pending = (all: readonly DevlinkResource[]): boolean => all.some(({ resourceSize, resourceSizeNew, resourceList }) => (resourceSizeNew !== undefined && resourceSizeNew !== resourceSize) || pending(resourceList?.resource ?? []));

function printResource(layout: Layout, one: DevlinkResource, all: readonly DevlinkResource[], tables: readonly DevlinkTable[]): void {
  const { resourceSize, resourceSizeNew, resourceSizeMin, resourceSizeMax, resourceId, resourceList, resourceSizeValid } = one;
  layout.word('name', one.resourceName);
  if (layout.verbose) layout.word('resource_path', resourcePath(all, resourceId));
  layout.count('size', resourceSize);
  if (resourceSizeNew !== resourceSize) layout.count('size_new', resourceSizeNew);
  layout.more('occ', one.resourceOcc);
  layout.more('unit', one.resourceUnit);
  if (resourceSizeMin !== resourceSizeMax) {
    layout.more('size_min', resourceSizeMin);
    layout.count('size_max', resourceSizeMax);
    layout.more('size_gran', one.resourceSizeGran);
  }
  const own = tables.filter(({ dpipeTableResourceId }) => dpipeTableResourceId !== undefined && dpipeTableResourceId === resourceId);
  if (own.length === 0) layout.more('dpipe_tables', 'none');
  else layout.array('dpipe_tables', () => { for (const { dpipeTableName } of own) layout.entry(() => layout.word('table_name', dpipeTableName)); });
  const children = resourceList?.resource ?? [];
  if (children.length === 0) return;
  if (pending(all)) layout.word('size_valid', String(resourceSizeValid !== 0));
  layout.array('resources', () => { for (const child of children) layout.entry(() => printResource(layout, child, all, tables)); });
}

const DEV = 'netdevsim/netdevsim1';

export const resource: Command = {
  summary: 'what a device divides, and how', examples: [`devlink resource show ${DEV}`, `devlink -v resource show ${DEV}`, `devlink resource set ${DEV} path /IPv4/fib size 100`],
  commands: {
    show: command({
      summary: 'print resources; -v: with their paths', line: 'DEV', examples: [`devlink resource show ${DEV}`], on: ['dev'],
      run(context, kernel, place) {
        const tables = ((kernel.get('dpipeTableGet', { ...place }) as Devlink | undefined)?.dpipeTables?.dpipeTable) ?? [], answer = kernel.get('resourceDump', { ...place }) as Devlink | undefined;
        printed(context, 'resources', answer ? [answer] : [], (layout, body) => {
          const all = body.resourceList?.resource ?? [];
          for (const one of all) layout.listed(deviceName(body), () => printResource(layout, one, all, tables));
        });
      },
    }),
    set: command({
      summary: 'set a size, which holds from the next reload on', line: 'DEV path PATH size SIZE', examples: [`devlink resource set ${DEV} path /IPv4/fib size 100`], on: ['dev'], changes: true,
      needs: { path: to('path', text('PATH'), 'as -v prints it'), size: to('resourceSize', u64('SIZE')) },
      async run(context, _kernel, place, draft) {
        const ref = devlinkRefOf(place), path = String(draft['path']), all = await carry(context, devlinkPlans.resources(ref));
        if (context.options.dryRun) return unanswered(context);
        const found = devlinkResourceAt(all, path);
        if (found?.resourceId === undefined) throw usage(`${ref} has no resource "${path}"`, `nlkit devlink -v resource show ${ref} prints their paths`);
        await carry(context, devlinkPlans.setResource(ref, found.resourceId, draft['resourceSize'] as bigint));
      },
    }),
  },
};
