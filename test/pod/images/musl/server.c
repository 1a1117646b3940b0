/* Without a word it waits, as the first process of a container; with one it says who it was made by. */
#include <stdio.h>
#include <unistd.h>

int main(int count, char **words) {
#ifndef __GLIBC__
  if (count > 1) printf("musl says %s\n", words[1]);
#endif
  if (count > 1) return 0;
  for (;;) pause();
}
