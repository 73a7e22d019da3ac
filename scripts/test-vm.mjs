// The live tests on kernels of their own: node scripts/test-vm.mjs [--kernel 7.3|6.12|6.1|uml|host] [--tools "PKG..."] [--suite SUITE] [--only TEXT] [--timeout S] [FILE...]
// Bundles test/live/*.test.ts (those whose path contains a FILE) with a small runner in vitest's place, boots each kernel
// once (6.12 and 6.1 when none is named) and runs them there as root. `host`: on this machine's kernel, in namespaces.
// Each VM runs an iproute2 of its kernel's time, which is what nlkit's command is compared with; --tools names others.
// A container engine comes along when its file is named, and so do the CNI plugins that ours are compared with.
// --only: of the tests, those whose names contain TEXT.
// Exit status: 0 all passed, 1 a test failed, 125 a kernel could not be booted.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const kernels = [], wanted = [], suites = []
let timeout, tools, only = ''
for (const args = process.argv.slice(2); args.length > 0;) {
  const arg = args.shift()
  if (arg === '--kernel') kernels.push(args.shift())
  else if (arg === '--timeout') timeout = args.shift()
  else if (arg === '--tools') tools = args.shift()
  else if (arg === '--suite') suites.push('--suite', args.shift())
  else if (arg === '--only') only = args.shift() ?? ''
  else if (arg.startsWith('-')) { console.error(`test-vm: unknown option ${arg}`); process.exit(2) }
  else wanted.push(arg)
}
if (kernels.length === 0) kernels.push('6.12', '6.1')

const live = join(root, 'test', 'live')
const files = readdirSync(live, { recursive: true }).map((name) => relative(root, join(live, name))).filter((name) => name.endsWith('.test.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((want) => name.includes(want)))
  // The command's suites load every module there is, and some make links in each namespace from then on: they come last.
  .sort((a, b) => Number(a.includes('cli-')) - Number(b.includes('cli-')) || (a < b ? -1 : 1))
if (files.length === 0) { console.error(`test-vm: no test/live/*.test.ts matches ${wanted.join(' ') || '(there is none)'}`); process.exit(1) }

/** A module in a bundle is no longer where it was: its place is written into it. */
const places = {
  name: 'places', setup(build) {
    build.onLoad({ filter: /\.(ts|mjs|js)$/ }, ({ path }) => {
      if (path.includes('node_modules')) return
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.')) return
      const where = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
      return { contents: text.replace(/(?<!')import\.meta\.(url|filename|dirname)\b/g, (_, key) => JSON.stringify(where[key])), loader: path.endsWith('.ts') ? 'ts' : 'js' }
    })
  },
}

// In node_modules, so that what stays outside the bundle (native libraries) is found from there.
const folder = join(root, 'node_modules', '.cache', 'nlkit')
mkdirSync(folder, { recursive: true })
const entry = `import { run } from './test/vm/runner.ts'\nrun({ ${files.map((file) => `${JSON.stringify(file)}: () => import(${JSON.stringify(`./${file}`)})`).join(', ')} })\n`
const bundle = join(folder, `live-${process.pid}.mjs`)
const { outputFiles: [output] } = await build({
  stdin: { contents: entry, resolveDir: root, sourcefile: 'live-tests.mjs' }, bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20',
  alias: { vitest: join(root, 'test', 'vm', 'runner.ts') }, external: ['@koromix/*', 'esbuild'], plugins: [places], sourcemap: 'inline', logLevel: 'warning',
  banner: { js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);" },
})
writeFileSync(bundle, output.contents)

/** How each kernel is booted, and how much slower than this machine it may be. */
const how = {
  uml: { slow: 10, command: [join(root, 'scripts', 'uml.sh'), '--project', root, '--cwd', root, '--modules', 'nlmon bridge 8021q fou ila', '--timeout', timeout ?? '900', '--'] },
  host: { slow: 1, command: ['timeout', timeout ?? '300', 'unshare', '-n', '--'] },
}
const [, suite = 'bookworm'] = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? []
const along = {
  'podman-engine': ' podman crun busybox-static', 'kubernetes-engine': ' iptables containerd runc busybox-static', 'docker-engine': ' iptables docker.io containerd runc busybox-static',
  'cni-parity': ' containernetworking-plugins', 'cni-flows': ' containernetworking-plugins',
  accounts: ' nfacct nfct iptables', conntrack: ' conntrack', packets: ' conntrack', uevents: ' udev', protocols: ' auditd', 'cli-conntrack': ' conntrack', 'cli-ethtool': ' ethtool', 'cli-wg': ' wireguard-tools', 'generic-families': ' iw batctl libteam-utils wpan-tools', 'cli-dpctl': ' openvswitch-switch', 'cli-ipvsadm': ' ipvsadm', 'cli-ipset': ' ipset', 'cli-tc-filter': ' iptables ipset',
}
const more = [...new Set(Object.entries(along).flatMap(([file, packages]) => (wanted.some((want) => file.includes(want)) ? [packages] : [])))].join('')
const toolsOf = (kernel) => tools ?? `iproute2${kernel === '6.1' || suites.length > 0 ? '' : `/${suite}-backports`} bridge-utils iputils-ping nftables${more}`
const vm = (kernel) => ({ slow: 20, command: [join(root, 'scripts', 'vm.sh'), '--project', root, '--cwd', root, '--kernel', kernel, '--tools', toolsOf(kernel), ...suites, '--timeout', timeout ?? '3600', '--'] })
const inside = 'mount --make-rprivate / && mount -t tmpfs tests /run && mkdir -p /run/netns && ip link set lo up && exec node --enable-source-maps "$1"'

let worst = 0
for (const kernel of kernels) {
  console.log(`== ${kernel}: ${files.length} files`)
  const { slow, command } = how[kernel] ?? vm(kernel)
  const { status, signal } = spawnSync(command[0], [...command.slice(1), 'unshare', '-m', 'bash', '-c', inside, 'live', bundle], {
    stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, NLKIT_SLOW: process.env.NLKIT_SLOW ?? String(slow), NLKIT_LIVE: '1', NLKIT_ONLY: only, NODE_COMPILE_CACHE: '' },
  })
  if (status !== 0) console.log(`== ${kernel}: ${status === 124 ? 'timed out' : status === 125 ? 'could not be run' : `failed (${status ?? signal})`}`)
  worst = worst === 125 ? 125 : status === 125 ? 125 : worst || (status === 0 ? 0 : 1)
}
rmSync(bundle)
process.exit(worst)
