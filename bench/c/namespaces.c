/*
 * namespaces COUNT BRIDGE: named network namespaces, each with one end of a veth pair whose other end is a port of the
 * bridge; then all taken down: the ports by their group, the names one by one. No descriptor may be left.
 */
#include "nl.h"
#include <dirent.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { GROUP = 7 };
static const char *folder = "/run/netns";

static int descriptors(void) {
  int count = 0;
  DIR *all = opendir("/proc/self/fd");
  if (!all) die("/proc/self/fd");
  while (readdir(all)) count++;
  closedir(all);
  return count;
}

static const char *path(long n) {
  static char text[64];
  snprintf(text, sizeof text, "%s/n%ld", folder, n);
  return text;
}

static void create(long n, int home) {
  int file = open(path(n), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
  if (file < 0) die(path(n));
  close(file);
  if (unshare(CLONE_NEWNET) < 0) die("unshare");
  if (mount("/proc/thread-self/ns/net", path(n), "none", MS_BIND, NULL) < 0) die("mount");
  if (setns(home, CLONE_NEWNET) < 0) die("setns");
}

static struct rtattr *open_nest(struct nlmsghdr *m, int type) { return put(m, type | NLA_F_NESTED, NULL, 0); }
static void close_nest(struct nlmsghdr *m, struct rtattr *nest) { nest->rta_len = (char *)m + m->nlmsg_len - (char *)nest; }

/* veth pN, a port of the bridge, up, in the group; its peer is eth0 in the namespace. */
static void join(int fd, long n, int bridge) {
  char buffer[256], name[16];
  struct nlmsghdr *m = memset(buffer, 0, sizeof buffer);
  uint32_t master = bridge, group = GROUP;
  int inside = open(path(n), O_RDONLY | O_CLOEXEC), length = snprintf(name, sizeof name, "p%ld", n);
  if (inside < 0) die(path(n));
  m->nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg));
  m->nlmsg_type = RTM_NEWLINK;
  m->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
  struct ifinfomsg *i = NLMSG_DATA(m);
  i->ifi_flags = i->ifi_change = IFF_UP;
  put(m, IFLA_IFNAME, name, length + 1);
  put(m, IFLA_MASTER, &master, sizeof master);
  put(m, IFLA_GROUP, &group, sizeof group);
  struct rtattr *info = open_nest(m, IFLA_LINKINFO);
  put(m, IFLA_INFO_KIND, "veth", 4);
  struct rtattr *data = open_nest(m, IFLA_INFO_DATA);
  struct rtattr *peer = open_nest(m, VETH_INFO_PEER);
  m->nlmsg_len += NLMSG_ALIGN(sizeof(struct ifinfomsg));
  put(m, IFLA_IFNAME, "eth0", 5);
  put(m, IFLA_NET_NS_FD, &inside, sizeof inside);
  close_nest(m, peer);
  close_nest(m, data);
  close_nest(m, info);
  ask(fd, m, "RTM_NEWLINK");
  close(inside);
}

int main(int argc, char **argv) {
  if (argc < 3) return 1;
  long count = atol(argv[1]);
  int before = descriptors(), fd = open_route_socket(), home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), bridge = if_nametoindex(argv[2]);
  if (home < 0 || !bridge) die(argv[2]);
  start();
  if (mkdir(folder, 0755) < 0 && errno != EEXIST) die(folder);
  if (mount(folder, folder, "none", MS_BIND | MS_REC, NULL) < 0 || mount("", folder, "none", MS_SHARED | MS_REC, NULL) < 0) die(folder);
  for (long n = 0; n < count; n++) { create(n, home); join(fd, n, bridge); }
  struct { struct nlmsghdr m; struct ifinfomsg i; char attributes[16]; } out = {.m = {.nlmsg_len = NLMSG_LENGTH(sizeof out.i), .nlmsg_type = RTM_DELLINK}};
  uint32_t group = GROUP;
  put(&out.m, IFLA_GROUP, &group, sizeof group);
  ask(fd, &out.m, "RTM_DELLINK");
  for (long n = 0; n < count; n++) if (umount2(path(n), MNT_DETACH) < 0 || unlink(path(n)) < 0) die(path(n));
  stop();
  close(fd);
  close(home);
  int left = descriptors() - before;
  if (left) { fprintf(stderr, "%d descriptors are left\n", left); return 1; }
  report(count);
  return 0;
}
