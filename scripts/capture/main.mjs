// Real netlink traffic, one JSON file per command: node scripts/capture/main.mjs [--kernel 7.3|6.12|6.1] [--keep DIR] [--only PATTERN]
// Boots the kernel (scripts/vm.sh), runs every command of cases/*.txt there (guest.sh), and cuts what nlmon saw into
// fixtures/<kernel>/<object>/<slug>.json. The format is told in fixtures/README.md.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { direct, pcapRecords } from './records.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const HEX_CAP = 20 * 1024 // hex digits of messages per file
const SHOW = /^iw (reg get|(dev|phy)( \S+ (info|\w+ dump|get \w+))?)$|^batctl (routing_algo|meshif \S+ [a-z_]+)$|^teamnl \S+ (options|ports|getoption \S+)$|^iwpan (phy|dev)( \S+ info)?$|^ss |^ipvsadm -[LlS]|^ipset (list|save|test)( |$)|^ethtool (-I |--json )*(-[acgklTPSx] |--show-|\w+$)|^conntrack -[LGCS]( |$)|^ovs-dpctl .*(dump-\w+|get-flow|-get-\w+)| (show|list|get|list-id|count)( |$)/
const TEXT_CAP = 4 * 1024 // characters of what a command printed

const args = process.argv.slice(2)
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
const only = option('--only')
const kernels = option('--kernel') ? [option('--kernel')] : ['7.3', '6.12', '6.1']

const NEWEST = 'newest.txt', newest = ['--suite', 'sid', '--tools', 'tcpdump iproute2 bridge-utils']

/** Runs the case files in the VM; leaves the raw capture in `dir`. */
function capture(kernel, dir) {
  cpSync(join(here, 'cases'), join(dir, 'cases'), { recursive: true })
  // What only the newest kernel and tools have is asked of those alone.
  for (const file of readdirSync(join(dir, 'cases'))) if ((file === NEWEST) !== (kernel === '7.3')) rmSync(join(dir, 'cases', file))
  if (only) for (const file of readdirSync(join(dir, 'cases'))) {
    const groups = readFileSync(join(dir, 'cases', file), 'utf8').split(/^(?=== )/m)
    writeFileSync(join(dir, 'cases', file), groups.filter((group) => new RegExp(only).test(group.split('\n')[0])).join(''))
  }
  const run = spawnSync(join(root, 'scripts', 'vm.sh'), ['--kernel', kernel, ...(kernel === '7.3' ? newest : []), '--project', dir, '--cwd', dir, '--timeout', '2400', '--',
    'bash', join(here, 'guest.sh'), join(dir, 'cases'), join(dir, 'out')], { stdio: 'inherit' })
  if (run.status !== 0) throw new Error(`the capture on ${kernel} ended with ${run.status ?? run.signal}`)
  const untar = spawnSync('tar', ['xf', 'printed.tar'], { cwd: join(dir, 'out') })
  if (untar.status !== 0) throw new Error('cannot unpack what the commands printed')
}

const toolOf = (command, versions) => {
  const word = command.split(/[ ;]/)[0]
  return { brctl: versions.brctl, ethtool: versions.ethtool, wg: versions.wg, 'ovs-dpctl': versions['ovs-dpctl'], ping: 'ping', sysctl: 'sysctl', perl: 'perl', nft: versions.nft, conntrack: versions.conntrack, ipvsadm: versions.ipvsadm, ipset: versions.ipset, iw: versions.iw, iwpan: versions.iwpan, batctl: versions.batctl, teamnl: versions.teamnl, 'iptables-nft': versions.iptables, 'ip6tables-nft': versions.iptables }[word] ?? versions.iproute2
}

/** One group's commands with the records each caused. */
function* commandsOf(dir, group) {
  const lines = readFileSync(join(dir, `${group}.group`), 'utf8').split('\n')
  const [, object, title] = /^== (\S+) (.*)$/.exec(lines[0])
  const times = new Map()
  for (const line of readFileSync(join(dir, `${group}.log`), 'utf8').split('\n')) {
    const [what, n, time, exit] = line.split(' ')
    if (what === 'begin') times.set(Number(n), { begin: Number(time) })
    else if (what === 'end') Object.assign(times.get(Number(n)), { exit: Number(exit) })
  }
  const records = [...pcapRecords(readFileSync(join(dir, `${group}.pcap`)))]
  const order = [...times.keys()]
  const setup = []
  for (const [i, n] of order.entries()) {
    const line = lines[n - 1]
    const [text, meaning = title] = line.split('  # ')
    const command = text.replace(/^[+!] /, '').trim()
    const { begin, exit } = times.get(n)
    // What comes late (carrier, duplicate detection) belongs to the command that caused it: up to the next one.
    const end = i + 1 < order.length ? times.get(order[i + 1]).begin : Infinity
    const own = records.filter((record) => record.time >= begin && record.time < end)
    if (exit !== 0 && text.startsWith('+ ')) console.error(`${object}: set-up failed: ${command}`)
    if (exit !== 0 && !/^[!+] /.test(text)) console.error(`${object}: exit ${exit}: ${command}: ${printed(dir, group, n, 'err').trim()}`)
    if (!text.startsWith('+ ')) yield { object, group, n, command, meaning, setup: [...setup], exit, records: own }
    if (exit === 0 && !SHOW.test(command)) setup.push(command)
  }
}
const printed = (dir, group, n, what) => readFileSync(join(dir, `${group}.${n}.${what}`), 'utf8')

const slugOf = (command, seen) => {
  const words = command.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').toLowerCase().split('-')
  let slug = words.shift()
  while (words.length > 0 && slug.length + words[0].length < 60) slug += `-${words.shift()}`
  let unique = slug
  for (let n = 2; seen.has(unique); n++) unique = `${slug}-${n}`
  seen.add(unique)
  return unique
}

function write(kernel, dir) {
  const version = (file) => readFileSync(join(dir, file), 'utf8').trim()
  const versions = {
    iproute2: `iproute2 ${/iproute2-(\d+\.\d+)/.exec(version('iproute2'))?.[1]}`, brctl: version('brctl').replace(', ', ' '),
    ethtool: version('ethtool').replace(' version', ''), wg: version('wg').replace(/ v(\S+).*/, ' $1'),
    'ovs-dpctl': version('ovs').replace(/.*\(Open vSwitch\) /, 'ovs-dpctl '),
    conntrack: /conntrack v\S+/.exec(version('conntrack'))?.[0].replace(' v', ' '),
    ipvsadm: /^ipvsadm v\S+/.exec(version('ipvsadm'))?.[0].replace(' v', ' '), ipset: /^ipset v[\d.]+/.exec(version('ipset'))?.[0].replace(' v', ' '),
    iw: version('iw').replace(' version', ''), iwpan: version('iwpan').replace(' version', ''), batctl: /^batctl \S+/.exec(version('batctl'))?.[0], teamnl: version('team').replace('teamd', 'teamnl'),
    nft: version('nft').replace(/ v(\S+).*/, ' $1'), iptables: version('iptables').replace(/ v(\S+).*/, ' $1'),
  }
  const release = version('kernel')
  const base = join(root, 'fixtures', kernel)
  if (!only) rmSync(base, { recursive: true, force: true })
  const seen = new Map()
  let files = 0, messages = 0, bytes = 0
  for (const group of readdirSync(dir).filter((name) => name.endsWith('.group')).map((name) => name.slice(0, -6)).sort()) {
    for (const item of commandsOf(dir, group)) {
      if (item.records.length === 0) continue
      if (kernel === '6.1' && item.exit === 0 && !SHOW.test(item.command)) continue // requests are the same, replies tell the difference
      // ovs-dpctl looks at links, addresses and routes whatever it does.
      const own = item.command.startsWith('ovs-dpctl ') ? item.records.filter(({ protocol }) => protocol !== 0) : item.records, left = item.records.length - own.length
      const { kept, dropped } = direct(own, HEX_CAP, SHOW.test(item.command) && /^nft |\b(link|stats|tunnel)\b/.test(item.command))
      const folder = item.object
      if (!seen.has(folder)) {
        seen.set(folder, new Set())
        rmSync(join(base, folder), { recursive: true, force: true })
      }
      const out = printed(dir, group, item.n, 'out'), err = printed(dir, group, item.n, 'err')
      const fixture = {
        kernel: release, tool: toolOf(item.command, versions), meaning: item.meaning, setup: item.setup, command: item.command,
        exit: item.exit, ...(out && out.length <= TEXT_CAP && { stdout: out }), ...(err && { stderr: err.replaceAll(`${here}/`, '').slice(0, 1000) }),
        messages: kept, ...(dropped + left > 0 && { dropped: dropped + left }),
      }
      const text = JSON.stringify(fixture, null, 1).replace(/\{\n\s+"direction": (.*),\n\s+"protocol": (.*),\n\s+"hex": (.*)\n\s+\}/g,
        '{ "direction": $1, "protocol": $2, "hex": $3 }') + '\n'
      mkdirSync(join(base, folder), { recursive: true })
      writeFileSync(join(base, folder, `${slugOf(item.command, seen.get(folder))}.json`), text)
      files++; messages += kept.length; bytes += text.length
    }
  }
  console.log(`${kernel}: ${messages} messages in ${files} files, ${Math.round(bytes / 1024)} KB`)
}

for (const kernel of kernels) {
  const keep = option('--keep')
  const dir = keep ? join(keep, kernel) : mkdtempSync(join(tmpdir(), 'nlkit-capture-'))
  mkdirSync(dir, { recursive: true })
  try {
    if (!args.includes('--again')) capture(kernel, dir) // --again: only cut once more what --keep left
    write(kernel, join(dir, 'out'))
  } finally { if (!keep) rmSync(dir, { recursive: true, force: true }) }
}
