/* monitor COUNT: counts route notifications until COUNT have come. Prints "ready" when it listens. */
#include "nl.h"

int main(int argc, char **argv) {
  long want = argc > 1 ? atol(argv[1]) : 0, count = 0;
  int fd = open_route_socket(), group = RTNLGRP_IPV4_ROUTE, size = 256 << 20;
  static char buffer[65536];
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0) die("membership");
  puts("ready");
  fflush(stdout);
  start();
  while (count < want) {
    int left = receive(fd, buffer, sizeof buffer);
    for (struct nlmsghdr *m = (void *)buffer; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
      if (m->nlmsg_type != RTM_NEWROUTE) continue;
      /* The attributes are walked too: a monitor that does not look at what it got is no use. */
      struct rtattr *a = RTM_RTA(NLMSG_DATA(m)), *seen[RTA_MAX + 1] = {0};
      for (int rest = RTM_PAYLOAD(m); RTA_OK(a, rest); a = RTA_NEXT(a, rest)) if (a->rta_type <= RTA_MAX) seen[a->rta_type] = a;
      if (seen[RTA_DST]) count++;
    }
  }
  report(count);
  return 0;
}
