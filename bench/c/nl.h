/* What the C baselines share: a route socket, time and CPU of this process, and one line of JSON as the result. */
#pragma once
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static inline void die(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

/* A receive that waits longer than this means that the kernel's rtnetlink hangs. */
enum { HUNG_SECONDS = 20 };

static inline int open_route_socket(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), on = 1;
  struct sockaddr_nl local = {.nl_family = AF_NETLINK};
  struct timeval limit = {.tv_sec = HUNG_SECONDS};
  if (fd < 0 || bind(fd, (struct sockaddr *)&local, sizeof local) < 0) die("netlink socket");
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return fd;
}

static inline ssize_t receive(int fd, void *buffer, size_t size) {
  struct sockaddr_nl from;
  struct iovec vector = {buffer, size};
  struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &vector, .msg_iovlen = 1};
  ssize_t got = recvmsg(fd, &message, 0);
  if (got < 0) die(errno == EAGAIN ? "rtnetlink does not answer" : "recvmsg");
  if (message.msg_flags & MSG_TRUNC) { fprintf(stderr, "truncated\n"); exit(1); }
  return got;
}

static inline double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static inline double cpu(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static double started_wall, started_cpu, stopped_wall, stopped_cpu;
static inline void start(void) { started_cpu = cpu(); started_wall = now(); }
/* What follows does not count. */
static inline void stop(void) { stopped_wall = now(); stopped_cpu = cpu(); }

/* Microseconds of CPU (user and system, all threads) and of wall clock from start() to stop() or now, and how much was done. */
static inline void report(long count) {
  if (!stopped_wall) stop();
  printf("{\"cpu\":%.1f,\"wall\":%.1f,\"count\":%ld}\n", stopped_cpu - started_cpu, stopped_wall - started_wall, count);
}

static inline void *put(struct nlmsghdr *m, int type, const void *data, int length) {
  struct rtattr *a = (struct rtattr *)((char *)m + NLMSG_ALIGN(m->nlmsg_len));
  a->rta_type = type;
  a->rta_len = RTA_LENGTH(length);
  if (length) memcpy(RTA_DATA(a), data, length);
  m->nlmsg_len = NLMSG_ALIGN(m->nlmsg_len) + RTA_ALIGN(a->rta_len);
  return a;
}

/* Sends a request and waits for its acknowledgement. */
static inline void ask(int fd, struct nlmsghdr *m, const char *what) {
  static uint32_t seq;
  static char in[65536];
  m->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
  m->nlmsg_seq = ++seq;
  if (send(fd, m, m->nlmsg_len, 0) < 0) die(what);
  for (;;) {
    int left = receive(fd, in, sizeof in);
    for (struct nlmsghdr *answer = (void *)in; NLMSG_OK(answer, left); answer = NLMSG_NEXT(answer, left)) {
      if (answer->nlmsg_type != NLMSG_ERROR || answer->nlmsg_seq != seq) continue;
      int error = ((struct nlmsgerr *)NLMSG_DATA(answer))->error;
      if (!error) return;
      errno = -error;
      die(what);
    }
  }
}

/* The n-th benchmark route: <10.0.0.0 + n>/32 via the gateway, metric 100. Returns the message's length. */
static inline int put_route(void *at, uint32_t n, uint32_t seq, int flags, int device, uint32_t gateway) {
  struct nlmsghdr *m = at;
  struct rtmsg *r = NLMSG_DATA(m);
  uint32_t destination = htonl(0x0a000000u + n), metric = 100, out = device;
  memset(m, 0, NLMSG_LENGTH(sizeof *r));
  m->nlmsg_len = NLMSG_LENGTH(sizeof *r);
  m->nlmsg_type = RTM_NEWROUTE;
  m->nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | flags;
  m->nlmsg_seq = seq;
  r->rtm_family = AF_INET;
  r->rtm_dst_len = 32;
  r->rtm_table = RT_TABLE_MAIN;
  r->rtm_protocol = RTPROT_STATIC;
  r->rtm_scope = RT_SCOPE_UNIVERSE;
  r->rtm_type = RTN_UNICAST;
  put(m, RTA_DST, &destination, 4);
  put(m, RTA_PRIORITY, &metric, 4);
  put(m, RTA_GATEWAY, &gateway, 4);
  put(m, RTA_OIF, &out, 4);
  return m->nlmsg_len;
}
