// What nlmon saw: a pcap file of link type 253, and the direction of every datagram in it.

/** The records of a pcap file: { time (s), protocol, bytes }. */
export function* pcapRecords(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (view.getUint32(0, true) !== 0xa1b2c3d4) throw new Error('not a little-endian pcap file')
  if (view.getUint32(20, true) !== 253) throw new Error(`link type ${view.getUint32(20, true)}, not 253`)
  for (let at = 24; at + 16 <= file.length;) {
    const time = view.getUint32(at, true) + view.getUint32(at + 4, true) / 1e6
    const length = view.getUint32(at + 8, true)
    if (length !== view.getUint32(at + 12, true)) throw new Error('a record was cut short')
    const start = at + 16
    // 16 bytes of header, big-endian: packet type, hardware type, address length, address, netlink family.
    yield { time, protocol: view.getUint16(start + 14), bytes: file.subarray(start + 16, start + length) }
    at = start + length
  }
}

const NLM_F_REQUEST = 1, NLMSG_MIN_TYPE = 16
/** Whether a request of this type is answered with messages: rtnetlink's third of every four is a GET; XFRM's notifications have the number of what caused them. */
const asks = (protocol, type) => protocol === 0 ? type % 4 === 2 : protocol !== XFRM || XFRM_GETS.has(type)
const XFRM = 6
/** GETSA, GETPOLICY, ALLOCSPI, GETAE, GETSADINFO, GETSPDINFO, GETDEFAULT. */
const XFRM_GETS = new Set([18, 21, 22, 31, 35, 37, 40])

const RTM_NEWLINK = 16
/** Events of ethtool have numbers of their own, which those of requests may be, too; they go to no port. */
const GENERIC = 16
const NETFILTER = 12, NLM_F_DUMP = 0x300, NLM_F_MULTI = 2, NFNL_MSG_BATCH_BEGIN = 16
/** NFT_MSG_GET* of nf_tables: nft asks for all that is there, whatever it does. */
const NFT_GETS = new Set([1, 4, 7, 10, 13, 19, 23].map((message) => 10 << 8 | message))

/**
 * Directions, from flags, types and sequence numbers (the tap marks every packet as outgoing). Identical notifications in a
 * row are kept once: a multicast is captured once per subscriber. Beyond `cap` hex digits datagrams are dropped and counted;
 * so is, unless `shows`, what a tool asks for first, to know what is there: links, and the tables of nf_tables with all in them.
 */
export function direct(records, cap, shows) {
  const asked = new Set(), lookups = new Set()
  const kept = []
  let size = 0, dropped = 0, last = ''
  for (const { protocol, bytes } of records) {
    if (bytes.length < 16) continue
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const type = view.getUint16(4, true), flags = view.getUint16(6, true), seq = view.getUint32(8, true)
    const key = `${protocol}/${seq}`
    let direction
    if (flags & NLM_F_REQUEST && !(type < NLMSG_MIN_TYPE)) {
      direction = 'request'
      // nft numbers what it asks and what it then changes alike.
      if (protocol === NETFILTER && type === NFNL_MSG_BATCH_BEGIN) asked.delete(key)
      else if (asks(protocol, type)) asked.add(key)
    } else if (type < NLMSG_MIN_TYPE || (asked.has(key) && !(protocol === GENERIC && view.getUint32(12, true) === 0))) direction = 'reply'
    else direction = 'notification'
    const hex = Buffer.from(bytes).toString('hex')
    if (direction === 'notification' && hex === last) continue
    last = hex
    const asksAll = !shows && direction === 'request' && protocol === NETFILTER && (flags & NLM_F_DUMP) === NLM_F_DUMP && NFT_GETS.has(type)
    if (asksAll) lookups.add(key)
    const lookup = asksAll || lookups.has(key) && direction === 'reply' && flags & NLM_F_MULTI || !shows && direction === 'reply' && protocol === 0 && type === RTM_NEWLINK
    if (lookup || size + hex.length > cap) { dropped++; continue }
    size += hex.length
    kept.push({ direction, protocol, hex })
  }
  return { kept, dropped }
}
