/* add COUNT PER-SEND DEVICE GATEWAY: adds routes, PER-SEND messages a system call; the last of each send is acked. */
#include "nl.h"

int main(int argc, char **argv) {
  if (argc < 5) return 1;
  long count = atol(argv[1]), per = atol(argv[2]), added = 0;
  int device = if_nametoindex(argv[3]), fd = open_route_socket();
  uint32_t gateway = inet_addr(argv[4]), seq = 0;
  char *out = malloc(per * 128);
  static char in[65536];
  start();
  while (added < count) {
    int length = 0, n = 0;
    for (; n < per && added + n < count; n++) length += put_route(out + length, added + n, ++seq, n == per - 1 || added + n == count - 1 ? NLM_F_ACK : 0, device, gateway);
    if (send(fd, out, length, 0) < 0) die("send");
    for (int acked = 0; !acked;) {
      int left = receive(fd, in, sizeof in);
      for (struct nlmsghdr *m = (void *)in; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
        if (m->nlmsg_type != NLMSG_ERROR) continue;
        int error = ((struct nlmsgerr *)NLMSG_DATA(m))->error;
        if (error) { errno = -error; die("RTM_NEWROUTE"); }
        if (m->nlmsg_seq == seq) acked = 1;
      }
    }
    added += n;
  }
  report(added);
  return 0;
}
