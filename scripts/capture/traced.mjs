// Netlink traffic that nlmon does not see: node scripts/capture/traced.mjs [--kernel 6.12|6.1] [--keep DIR] [--only PATTERN]
// Runs every line of traced.txt in the VM under strace, which writes all bytes of each datagram, and makes one file of each as
// main.mjs does (fixtures/README.md): what goes on meanwhile is the last of its set-up. Each line has a network namespace of its own
// where its protocol is heard in one; audit and rdma in the first only.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url)), root = join(here, '..', '..')
const args = process.argv.slice(2), option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
const kernel = option('--kernel') ?? '6.12', keep = option('--keep')
const TOOLS = 'strace auditd udev libnl-utils kcapi-tools nftables tcpdump iputils-ping iproute2'
const FIRST = new Set(['audit', 'rdma']), HEX_CAP = 20 * 1024, MOST = 16
const PROTOCOL = { uevent: 15, audit: 9, crypto: 21, 'fib-lookup': 10, packets: 12, rdma: 20 }

const only = new RegExp(option('--only') ?? '')
const cases = readFileSync(join(here, 'traced.txt'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#') && only.test(line)).map((line) => line.split(/ \| /))
const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`
const dir = keep ?? mkdtempSync(join(tmpdir(), 'nlkit-traced-'))
mkdirSync(join(dir, 'out'), { recursive: true })

/** One line, in the guest: set-up, the command under strace, what goes on meanwhile; it is interrupted where it does not end itself. */
const line = ([object, , setup, command, meanwhile], n) => {
  const traced = `strace -f -q -e trace=network,close,read -e read=all -e write=all -o ${dir}/out/${n}.strace ${command}`
  const body = `{ ${setup}; } >/dev/null 2>&1; timeout -s INT 12 ${traced} >${dir}/out/${n}.stdout 2>${dir}/out/${n}.stderr & main=$!; sleep 4; { ${meanwhile}; } >/dev/null 2>&1; wait $main; echo $? >${dir}/out/${n}.exit; auditctl -D >/dev/null 2>&1; true`
  return `${FIRST.has(object) ? '' : 'unshare -n '}bash -c ${quote(body)}`
}
writeFileSync(join(dir, 'run.sh'), `modprobe -a nfnetlink_queue nfnetlink_log nft_queue nft_log crypto_user 2>/dev/null\nuname -r >${dir}/out/kernel\n${cases.map(line).join('\n')}\ntrue\n`)

if (!args.includes('--again')) {
  const run = spawnSync(join(root, 'scripts', 'vm.sh'), ['--kernel', kernel, '--tools', TOOLS, '--project', dir, '--cwd', dir, '--timeout', '900', '--', 'bash', 'run.sh'], { stdio: 'inherit' })
  if (run.status !== 0) throw new Error(`the capture on ${kernel} ended with ${run.status ?? run.signal}`)
}
const bundle = join(root, 'node_modules', '.cache', 'nlkit', `traced-${process.pid}.mjs`)
mkdirSync(dirname(bundle), { recursive: true })
await build({ entryPoints: [join(root, 'src', 'inspect', 'index.ts')], bundle: true, platform: 'node', format: 'esm', outfile: bundle, logLevel: 'warning' })
const { readStrace, toHex } = await import(pathToFileURL(bundle).href)
rmSync(bundle)

const text = (name) => (existsSync(join(dir, 'out', name)) ? readFileSync(join(dir, 'out', name), 'utf8') : '')
if (!option('--only')) for (const object of new Set(cases.map(([first]) => first))) rmSync(join(root, 'fixtures', kernel, object), { recursive: true, force: true })
for (const [n, [object, meaning, setup, command, meanwhile]] of cases.entries()) {
  let room = HEX_CAP
  const all = readStrace(text(`${n}.strace`)).filter(({ protocol, truncated }) => protocol === PROTOCOL[object] && !truncated)
  const messages = all.map(({ bytes, direction }) => ({ direction: direction === 'send' ? 'request' : bytes.length > 16 && bytes[8] + bytes[9] + bytes[10] + bytes[11] === 0 || object === 'uevent' ? 'notification' : 'reply', protocol: PROTOCOL[object], hex: toHex(bytes) }))
  const kept = messages.filter(({ hex }, i) => i < MOST && (room -= hex.length) > 0)
  if (kept.length === 0) { console.error(`${object}: nothing of ${command}: ${text(`${n}.stderr`).slice(0, 300)}`); continue }
  const stdout = text(`${n}.stdout`), stderr = text(`${n}.stderr`), words = command.split(' ')
  const fixture = {
    kernel: text('kernel').trim(), tool: words[0], meaning, setup: [setup, meanwhile].filter((one) => one !== 'true'), command, exit: Number(text(`${n}.exit`)),
    ...(stdout && stdout.length <= 4096 && { stdout }), ...(stderr && { stderr: stderr.slice(0, 1000) }), messages: kept, ...(messages.length > kept.length && { dropped: messages.length - kept.length }),
  }
  const folder = join(root, 'fixtures', kernel, object, 'traced'), slug = `${command.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').toLowerCase().slice(0, 60)}`
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${slug}.json`), `${JSON.stringify(fixture, null, 1).replace(/\{\n\s+"direction": (.*),\n\s+"protocol": (.*),\n\s+"hex": (.*)\n\s+\}/g, '{ "direction": $1, "protocol": $2, "hex": $3 }')}\n`)
  console.log(`${object}: ${kept.length} datagrams of ${command}`)
}
if (!keep) rmSync(dir, { recursive: true, force: true })
