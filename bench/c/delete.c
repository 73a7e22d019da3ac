/* delete GROUP: deletes veth pairs, one end of each in an interface group, by one RTM_DELLINK, and counts the pairs that are gone. */
#include "nl.h"

static long links(void) {
  long count = 0;
  struct if_nameindex *all = if_nameindex();
  if (!all) die("if_nameindex");
  for (struct if_nameindex *one = all; one->if_index; one++) count++;
  if_freenameindex(all);
  return count;
}

int main(int argc, char **argv) {
  if (argc < 2) return 1;
  int fd = open_route_socket();
  uint32_t group = atol(argv[1]);
  struct { struct nlmsghdr m; struct ifinfomsg i; char attributes[16]; } out = {.m = {.nlmsg_len = NLMSG_LENGTH(sizeof out.i), .nlmsg_type = RTM_DELLINK}};
  put(&out.m, IFLA_GROUP, &group, sizeof group);
  long before = links();
  start();
  ask(fd, &out.m, "RTM_DELLINK");
  stop();
  report((before - links()) / 2);
  return 0;
}
