// npm run bench [-- --only ROW[,ROW] --rounds N --quick --json --peers]
// nlkit against C programs that are compiled and run in the same run, in private network namespaces. The two sides
// alternate, and a row's figure is the median of the paired ratios. CPU is user plus system time of all threads, from
// the first request to the last answer: start-up is a row of its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPeers } from './peers.mjs';
import { prepare, rows } from './rows.mjs';
import { median, run, side, SideError } from './run.mjs';

const { values: options } = parseArgs({ options: {
  only: { type: 'string' }, rounds: { type: 'string', default: '5' }, quick: { type: 'boolean' }, json: { type: 'boolean' }, peers: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
} });
if (options.help) {
  console.log(`usage: npm run bench [-- --only ROW[,ROW] --rounds N --quick --json --peers]\n--peers: other libraries, too\nrows: ${rows.map((row) => row.name).join(' ')}`);
  process.exit(0);
}
const stop = (text) => { console.error(`bench: ${text}`); process.exit(3); };

const names = options.only?.split(',');
const unknown = names?.filter((name) => !rows.some((row) => row.name === name));
if (unknown?.length) stop(`no row ${unknown.join(', ')}: ${rows.map((row) => row.name).join(' ')}`);
const chosen = rows.filter((row) => !names || names.includes(row.name));

// Everything happens in a network namespace of this run's own.
if (!process.env.NLKIT_BENCH_INSIDE) {
  const flags = process.getuid() === 0 ? ['-n'] : ['-Urn'];
  if (spawnSync('unshare', [...flags, 'true'], { timeout: 10_000 }).status !== 0) stop(`unshare ${flags} is not permitted here, and the benchmark runs in a network namespace of its own`);
  const inside = spawnSync('unshare', [...flags, process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, NLKIT_BENCH_INSIDE: '1' } });
  process.exit(inside.status ?? 1);
}
if (!existsSync(process.env.NLKIT_DIST ?? new URL('../dist', import.meta.url))) stop('dist/ is missing: run npm run build first');

const scratch = mkdtempSync(join(tmpdir(), 'nlkit-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const sources = fileURLToPath(new URL('c/', import.meta.url));
const compiler = [process.env.CC, 'cc', 'gcc', 'clang'].find((name) => name && spawnSync(name, ['--version']).status === 0);
const c = (name) => join(scratch, name);
if (compiler) for (const file of readdirSync(sources).filter((name) => name.endsWith('.c'))) execFileSync(compiler, ['-O2', '-Wall', '-o', c(file.slice(0, -2)), join(sources, file)], { stdio: 'inherit' });

const say = (text) => { if (!options.json) console.log(text); };
say(`${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}, ${compiler ? execFileSync(compiler, ['--version'], { encoding: 'utf8' }).split('\n')[0] : 'no C compiler'}`);
if (!compiler) say('There is no C compiler (cc, gcc, clang): only the rows that need no baseline can run. Install one, or set CC.');
try { await run(['ip', 'link', 'show', 'lo'], { seconds: 10 }); } catch (error) { stop(`rtnetlink does not answer: ${error.message}`); }

let page;
if (compiler) {
  const { cpu, count } = await side([c('memory')], 1, { seconds: 60, most: Infinity });
  page = cpu / count;
  say(`Fresh memory costs ${page.toFixed(2)} us a page of 4 KiB here: what the kept objects of a row cannot undercut. Load: ${loadavg().map((load) => load.toFixed(1)).join(' ')}.`);
}

const peers = options.peers && compiler ? buildPeers(scratch, compiler, say) : [];

const rounds = options.quick ? 3 : Number(options.rounds);
const scale = (row) => (options.quick && !row.whole ? Math.max(1, Math.ceil(row.count / 10)) : row.count);

/** Runs the sides in turns, each round in the other order, and collects what they reported. */
const compare = async (row, count, env) => {
  const sides = { c: row.c, nlkit: row.nlkit, ...(row.like && Object.fromEntries(peers.map(({ name, command }) => [name, () => row.like(command, count)]))) };
  const order = Object.keys(sides), results = Object.fromEntries(order.map((name) => [name, []]));
  const start = row.must.ms !== undefined;
  if (!row.c) return { c: [], nlkit: [await side(row.nlkit(c, count, env.capture), count, { seconds: row.seconds })] };
  for (let round = 0; round < rounds; round++) {
    for (const which of round % 2 ? order.toReversed() : order) {
      const command = sides[which](c, count, env.capture);
      if (start || row.peer) {
        const { wall, stdout } = await run(command, { seconds: 120, input: row.input?.(count) ?? '' });
        if (row.counts && !(row.counts(stdout) >= count)) throw new SideError(`${row.name}: ${row.counts(stdout)} of ${count}`);
        results[which].push({ wall });
      } else results[which].push(await side(command, count, { seconds: 120 }));
    }
  }
  const counts = new Set([...results.c, ...results.nlkit].map((result) => result.count));
  if (counts.size > 1) throw new SideError(`${row.name}: the sides did not do the same work: ${[...counts].join(', ')}`);
  return results;
};

const summary = (row, count, { c: base, nlkit, ...others }) => {
  const of = (list, key) => median(list.map((result) => result[key]));
  const beside = (list, key) => median(list.map((result, index) => result[key] / base[index]?.[key])), ratio = (key) => beside(nlkit, key);
  const figure = row.must.ns !== undefined ? { ns: of(nlkit, 'ns') }
    : row.must.ms !== undefined ? { ms: median(nlkit.map((result, index) => (result.wall - base[index].wall) / 1000)) }
    : row.must.grows !== undefined ? { grows: of(nlkit, 'grows') }
    : row.must.seconds !== undefined ? { seconds: of(nlkit, 'wall') / 1e6 }
    : row.must.wall !== undefined ? { wall: ratio('wall') } : { cpu: ratio('cpu') };
  const [unit, value] = Object.entries(figure)[0];
  const must = row.must[unit];
  return {
    row: row.name, title: row.title, against: row.against ?? row.peer ?? (!row.c ? 'itself' : row.must.ms === undefined ? 'C' : 'node'), count, unit, value, must, ok: must === undefined ? undefined : value <= must,
    c: { cpu: of(base, 'cpu'), wall: of(base, 'wall'), ns: of(base, 'ns') },
    nlkit: { cpu: of(nlkit, 'cpu'), wall: of(nlkit, 'wall'), ns: of(nlkit, 'ns') },
    ratios: { cpu: ratio('cpu'), wall: ratio('wall') }, rss: of(nlkit, 'rss'),
    others: Object.entries(others).map(([name, list]) => ({ name, cpu: of(list, 'cpu'), ratios: { cpu: beside(list, 'cpu'), wall: beside(list, 'wall') } })),
  };
};

const ms = (us) => (Number.isFinite(us) ? (us / 1000).toFixed(us < 100_000 ? 1 : 0) : '');
const fixed = (value) => (Number.isFinite(value) ? value.toFixed(2) : '');
const columns = [16, 42, 9, 9, 10, 7, 7, 16, 6];
const print = (cells) => say(cells.map((cell, index) => (index < 2 ? String(cell).padEnd(columns[index]) : String(cell).padStart(columns[index]))).join(' '));
print(['row', 'work', 'count', 'C ms', 'nlkit ms', 'x cpu', 'x wall', 'figure <= must', '']);

const all = [];
const prepared = new Set();
const capture = join(scratch, 'routes.bin');
let failed = false;
/** The dumps' namespaces are this process's own: routes and links stay for all the rows that read them. */
const ready = async (need, count) => {
  if (!need || prepared.has(need)) return;
  prepared.add(need);
  if (need === 'capture') await ready('routes', count);
  else for (const command of prepare[need](c, count)) await run(command, { seconds: 300 });
  if (need === 'capture') await run([c('dump'), 'routes', capture, String(count)], { seconds: 60 });
};
for (const row of chosen) {
  if (!compiler && row.c && !row.peer && row.must.ms === undefined) continue;
  if (row.absent) { say(`${row.name}: skipped: ${row.absent}`); continue; }
  const count = scale(row);
  try {
    await ready(row.needs, count);
    const result = summary(row, count, await compare(row, count, { capture }));
    all.push(result);
    const figure = { cpu: `${fixed(result.value)}x`, wall: `${fixed(result.value)}x wall`, ns: `${Math.round(result.value)} ns`, ms: `${Math.round(result.value)} ms`, seconds: `${fixed(result.value)} s`, grows: `${fixed(result.value)}x one more, ${fixed(result.nlkit.wall / 1e6)} s, ${result.rss} MiB` }[result.unit];
    print([row.name, row.title, count, ms(result.c.cpu || result.c.wall), ms(result.nlkit.cpu || result.nlkit.wall), fixed(result.ratios.cpu), fixed(result.ratios.wall),
      `${figure}${result.must === undefined ? '' : ` <= ${result.must}`}`, result.ok === undefined ? '' : result.ok ? 'ok' : 'MISS']);
    for (const { name, cpu, ratios } of result.others) print(['', `  ${name}`, count, ms(result.c.cpu), ms(cpu), fixed(ratios.cpu), fixed(ratios.wall), '', '']);
  } catch (error) {
    if (!(error instanceof SideError)) throw error;
    failed = true;
    all.push({ row: row.name, error: error.message });
    say(`${row.name}: ${error.message}`);
    if (/hangs in the kernel/.test(error.message)) break;
  }
}
if (options.json) console.log(JSON.stringify({ cpu: cpus()[0]?.model, cpus: cpus().length, kernel: release(), node: process.versions.node, load: loadavg(), page, rounds, rows: all }, null, 2));
process.exit(failed ? 1 : 0);
