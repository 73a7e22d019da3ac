/* memory: what the first touch of fresh memory costs here, a page; rows that keep objects cannot be cheaper. */
#include "nl.h"
#include <sys/mman.h>

int main(void) {
  long pages = 16384;
  char *memory = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) die("mmap");
  start();
  for (long page = 0; page < pages; page++) memory[page * 4096] = 1;
  report(pages);
  return 0;
}
