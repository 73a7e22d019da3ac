/* decode FILE PASSES: every route of a captured dump into a struct by a hand-written switch; CPU nanoseconds a message. */
#include "nl.h"

struct route {
  struct rtmsg header;
  uint32_t table, destination, source, gateway, preferred, priority, in, out, mark, expires;
  const void *metrics, *cache, *multipath, *encap;
};

static int by_value(const void *a, const void *b) { return *(double *)a < *(double *)b ? -1 : *(double *)a > *(double *)b; }

int main(int argc, char **argv) {
  if (argc < 3) return 1;
  FILE *file = fopen(argv[1], "rb");
  int passes = atoi(argv[2]);
  if (!file) die(argv[1]);
  fseek(file, 0, SEEK_END);
  long size = ftell(file), count = 0;
  rewind(file);
  char *bytes = malloc(size);
  if (fread(bytes, 1, size, file) != (size_t)size) die("read");
  for (long at = 0; at < size; at += NLMSG_ALIGN(((struct nlmsghdr *)(bytes + at))->nlmsg_len)) count++;
  struct route *routes = calloc(count, sizeof *routes);
  double *times = calloc(passes, sizeof *times);
  start();
  for (int pass = 0; pass < passes; pass++) {
    double from = cpu();
    long n = 0;
    for (long at = 0; at < size;) {
      struct nlmsghdr *m = (void *)(bytes + at);
      struct route *r = &routes[n++];
      at += NLMSG_ALIGN(m->nlmsg_len);
      memset(r, 0, sizeof *r);
      memcpy(&r->header, NLMSG_DATA(m), sizeof r->header);
      int rest = RTM_PAYLOAD(m);
      for (struct rtattr *a = RTM_RTA(NLMSG_DATA(m)); RTA_OK(a, rest); a = RTA_NEXT(a, rest)) {
        const void *data = RTA_DATA(a);
        switch (a->rta_type & NLA_TYPE_MASK) {
        case RTA_TABLE: memcpy(&r->table, data, 4); break;
        case RTA_DST: memcpy(&r->destination, data, 4); break;
        case RTA_SRC: memcpy(&r->source, data, 4); break;
        case RTA_GATEWAY: memcpy(&r->gateway, data, 4); break;
        case RTA_PREFSRC: memcpy(&r->preferred, data, 4); break;
        case RTA_PRIORITY: memcpy(&r->priority, data, 4); break;
        case RTA_IIF: memcpy(&r->in, data, 4); break;
        case RTA_OIF: memcpy(&r->out, data, 4); break;
        case RTA_MARK: memcpy(&r->mark, data, 4); break;
        case RTA_EXPIRES: memcpy(&r->expires, data, 4); break;
        case RTA_METRICS: r->metrics = data; break;
        case RTA_CACHEINFO: r->cache = data; break;
        case RTA_MULTIPATH: r->multipath = data; break;
        case RTA_ENCAP: r->encap = data; break;
        }
      }
    }
    times[pass] = (cpu() - from) * 1e3 / n;
  }
  double used = cpu() - started_cpu, wall = now() - started_wall;
  uint32_t check = 0;
  for (long n = 0; n < count; n++) check += ntohl(routes[n].destination) + routes[n].out;
  qsort(times, passes, sizeof *times, by_value);
  printf("{\"cpu\":%.1f,\"wall\":%.1f,\"count\":%ld,\"ns\":%.2f,\"check\":%u}\n", used, wall, count, times[passes / 2], check);
  return 0;
}
