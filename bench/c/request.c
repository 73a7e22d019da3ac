/* request COUNT: RTM_GETLINK of lo, one after the other; what one question and its answer cost. */
#include "nl.h"

int main(int argc, char **argv) {
  long count = argc > 1 ? atol(argv[1]) : 0;
  int fd = open_route_socket();
  struct { struct nlmsghdr h; struct ifinfomsg i; } request = {{NLMSG_LENGTH(sizeof(struct ifinfomsg)), RTM_GETLINK, NLM_F_REQUEST, 0, 0}, {.ifi_index = 1}};
  static char buffer[65536];
  start();
  for (long n = 0; n < count; n++) {
    struct nlmsghdr *m = (void *)buffer;
    request.h.nlmsg_seq = n + 1;
    if (send(fd, &request, sizeof request, 0) < 0) die("send");
    receive(fd, buffer, sizeof buffer);
    if (m->nlmsg_type != RTM_NEWLINK || m->nlmsg_seq != n + 1) { fprintf(stderr, "unexpected answer\n"); return 1; }
  }
  report(count);
  return 0;
}
