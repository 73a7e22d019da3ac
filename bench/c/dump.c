/* dump routes|links [FILE LIMIT]: a dump received and walked header by header; the first LIMIT messages go to FILE. */
#include "nl.h"

int main(int argc, char **argv) {
  int links = argc > 1 && !strcmp(argv[1], "links");
  FILE *keep = argc > 3 ? fopen(argv[2], "wb") : NULL;
  long limit = argc > 3 ? atol(argv[3]) : 0;
  struct { struct nlmsghdr h; union { struct rtmsg r; struct ifinfomsg i; } body; } request = {0};
  static char buffer[65536];
  long count = 0;
  int fd = open_route_socket();
  request.h.nlmsg_len = NLMSG_LENGTH(links ? sizeof(struct ifinfomsg) : sizeof(struct rtmsg));
  request.h.nlmsg_type = links ? RTM_GETLINK : RTM_GETROUTE;
  request.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.h.nlmsg_seq = 1;
  if (!links) request.body.r.rtm_family = AF_INET;
  start();
  if (send(fd, &request, request.h.nlmsg_len, 0) < 0) die("send");
  for (;;) {
    int left = receive(fd, buffer, sizeof buffer);
    for (struct nlmsghdr *m = (void *)buffer; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
      if (m->nlmsg_seq != 1) continue;
      if (m->nlmsg_type == NLMSG_DONE) { report(count); return 0; }
      if (m->nlmsg_type == NLMSG_ERROR) { fprintf(stderr, "refused\n"); return 1; }
      count++;
      if (keep && count <= limit) fwrite(m, NLMSG_ALIGN(m->nlmsg_len), 1, keep);
    }
  }
}
