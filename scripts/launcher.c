/*
 * ditty's words on PATH: a link to this program runs the bundle under that word. It is static, so it starts from any root:
 * called as /ditty/bin/ping it is in its own image and runs Node there; called as /proc/PID/root/ditty/bin/ping from inside
 * another container's root, it starts Node by the image's own loader and libraries and leaves nothing behind there.
 *
 * Its root is what stands before /ditty/bin/ in AT_EXECFN, the path the kernel was given (getauxval(3)). Node must not
 * resolve that path (--preserve-symlinks): /proc/PID/root reads as "/" from outside.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#define HOUSE "/ditty/bin/"

static char root[4096];

static char *under_root(const char *path) {
  char *whole;
  if (asprintf(&whole, "%s%s", root, path) < 0) _exit(2);
  return whole;
}

static void point_at(const char *variable, const char *path) { setenv(variable, under_root(path), 1); }

/* The path the kernel was given; a bare name means a search along PATH by the caller, who then gave the whole path. */
static int find_root(void) {
  const char *path = (const char *)getauxval(AT_EXECFN);
  const char *house = path ? strstr(path, HOUSE) : NULL;
  if (!house || (size_t)(house - path) >= sizeof root) return 0;
  memcpy(root, path, house - path);
  return 1;
}

int main(int argc, char **argv) {
  if (!find_root()) {
    fprintf(stderr, "ditty: call it by its whole path, …%sditty, or through PATH\n", HOUSE);
    return 2;
  }
  char **arguments = calloc(argc + 12, sizeof *arguments);
  int at = 0;
  if (*root) {
    arguments[at++] = under_root("/lib64/" LOADER);
    arguments[at++] = "--library-path";
    arguments[at++] = under_root("/lib/" MULTIARCH);
    point_at("LOCPATH", "/usr/lib/locale");
    point_at("TERMINFO", "/usr/share/terminfo");
    point_at("TZDIR", "/usr/share/zoneinfo");
  }
  arguments[at++] = under_root("/ditty/node");
  if (*root) {
    arguments[at++] = "--preserve-symlinks";
    arguments[at++] = "--preserve-symlinks-main";
  }
  arguments[at++] = NODE_FLAG;
  arguments[at++] = under_root("/ditty/main.cjs");
  arguments[at++] = basename(argv[0]);
  for (int i = 1; i < argc; i++) arguments[at++] = argv[i];
  execv(arguments[0], arguments);
  perror(arguments[0]);
  return 2;
}
