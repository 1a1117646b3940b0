/*
 * ditty's words on PATH: a link to this program runs the bundle under that word. It is static, so it starts from any root:
 * called as /ditty/bin/ping it is in its own image and runs Node there; called as /proc/PID/root/ditty/bin/ping from inside
 * another container's root, it starts Node by the image's own loader and libraries and leaves nothing behind there.
 *
 * A word that scripts know from everywhere (SHARED) is the next program of that name along PATH if there is one, unless one of
 * --target, --json and --help stands behind it.
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

static int is_ours(const char *word, char **words) {
  char between[64];
  if ((size_t)snprintf(between, sizeof between, " %s ", word) >= sizeof between || !strstr(" " SHARED " ", between)) return 1;
  for (; *words && strcmp(*words, "--") != 0; words++)
    if (strcmp(*words, "--target") == 0 || strncmp(*words, "--target=", 9) == 0 || strcmp(*words, "--json") == 0 ||
        strcmp(*words, "--help") == 0)
      return 1;
  return 0;
}

/* Of this ditty or another: two on PATH would hand a word to each other for ever. */
static int is_house(const char *directory) {
  const size_t length = strlen(directory), end = sizeof HOUSE - 2;
  return length >= end && strncmp(directory + length - end, HOUSE, end) == 0;
}

static void try_theirs(const char *word, char **argv) {
  char *path = getenv("PATH"), *rest = path ? strdup(path) : NULL, *directory;
  while ((directory = strsep(&rest, ":"))) {
    char *program;
    if (is_house(directory) || asprintf(&program, "%s/%s", *directory ? directory : ".", word) < 0) continue;
    execv(program, argv);
    free(program);
  }
}

int main(int argc, char **argv) {
  if (!find_root()) {
    fprintf(stderr, "ditty: call it by its whole path, …%sditty, or through PATH\n", HOUSE);
    return 2;
  }
  const char *word = basename(argv[0]);
  if (!is_ours(word, argv + 1)) try_theirs(word, argv);
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
  arguments[at++] = (char *)word;
  for (int i = 1; i < argc; i++) arguments[at++] = argv[i];
  execv(arguments[0], arguments);
  perror(arguments[0]);
  return 2;
}
