/* routes|links, or add COUNT DEVICE GATEWAY: libnl. A dump's objects are kept; its own route cache is quadratic, so they are kept in an array. */
#include "../c/nl.h"
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>

static struct nl_object **kept;
static long count, room;

static void keep(struct nl_object *object, void *unused) {
  (void)unused;
  if (count == room) kept = realloc(kept, (room = room ? room * 2 : 1024) * sizeof *kept);
  nl_object_get(object);
  kept[count++] = object;
}
static int parse(struct nl_msg *message, void *unused) {
  int error = nl_msg_parse(message, keep, unused);
  return error < 0 ? error : NL_OK;
}

static void dump(struct nl_sock *sock, int links) {
  struct rtmsg routes = {.rtm_family = AF_INET};
  struct ifinfomsg all = {0};
  nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, parse, NULL);
  int error = links ? nl_send_simple(sock, RTM_GETLINK, NLM_F_DUMP, &all, sizeof all) : nl_send_simple(sock, RTM_GETROUTE, NLM_F_DUMP, &routes, sizeof routes);
  if (error >= 0) error = nl_recvmsgs_default(sock);
  if (error < 0) { nl_perror(error, "dump"); exit(1); }
}

static void add(struct nl_sock *sock, long wanted, int device, uint32_t gateway) {
  struct nl_addr *via = nl_addr_build(AF_INET, &gateway, 4);
  for (; count < wanted; count++) {
    uint32_t to = htonl(0x0a000000u + count);
    struct nl_addr *destination = nl_addr_build(AF_INET, &to, 4);
    struct rtnl_route *route = rtnl_route_alloc();
    struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
    rtnl_route_set_dst(route, destination);
    rtnl_route_set_priority(route, 100);
    rtnl_route_nh_set_gateway(hop, via);
    rtnl_route_nh_set_ifindex(hop, device);
    rtnl_route_add_nexthop(route, hop);
    int error = rtnl_route_add(sock, route, NLM_F_CREATE | NLM_F_EXCL);
    if (error < 0) { nl_perror(error, "rtnl_route_add"); exit(1); }
    rtnl_route_put(route);
    nl_addr_put(destination);
  }
}

int main(int argc, char **argv) {
  struct nl_sock *sock = nl_socket_alloc();
  if (argc < 2 || nl_connect(sock, NETLINK_ROUTE) < 0) return 1;
  int adds = argc == 5 && !strcmp(argv[1], "add"), device = adds ? if_nametoindex(argv[3]) : 0;
  start();
  if (adds) add(sock, atol(argv[2]), device, inet_addr(argv[4]));
  else dump(sock, !strcmp(argv[1], "links"));
  report(count);
  return 0;
}
