/*
 * Runs a program in a container's root and ends what it left behind: enter PID:START DIRECTORY USER FILE ARGUMENT…
 *
 * PID is any process of the container and START when it started, in ticks, since a pid may be used again; DIRECTORY is seen from in
 * there, or "target" for where that process stands; USER is UID:GID[:GID,…] or "-" for who we are. Our own root stays open as descriptor 200 in all that is started, so that FILE and all on PATH may be /proc/self/fd/200/…, and nothing is
 * written into the target. /proc/PID/root of a process of ours would do as well until somebody changes users: it is
 * ptrace-checked, a descriptor isn't. Processes that lose their parent come to us (PR_SET_CHILD_SUBREAPER, prctl(2)); we reap
 * them, and hang up on those that are left when the program ends. `enter --check PID:START` only tries; what fails is told as
 * CALL ERRNO.
 *
 * Where CAP_SYS_CHROOT is missing a user namespace of our own has it (user_namespaces(7)), if the node lets us have one.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OWN_ROOT 200

static pid_t program;
static int only_check;
static int own_proc;

/* Status 126 is "found, not run", as in shells. */
static void fail(const char *what) {
  if (only_check) dprintf(2, "%s %s\n", what, strerrorname_np(errno));
  else dprintf(2, "ditty enter: %s: %s\n", what, strerror(errno));
  _exit(126);
}

static int may_chroot(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2];
  if (syscall(SYS_capget, &header, sets) < 0) return 0;
  return sets[0].effective >> CAP_SYS_CHROOT & 1;
}

static int write_map(const char *file, unsigned id) {
  int map = open(file, O_WRONLY | O_CLOEXEC);
  return map >= 0 && dprintf(map, "%u %u 1\n", id, id) > 0 && close(map) == 0;
}

static void make_user_namespace(void) {
  uid_t uid = geteuid();
  gid_t gid = getegid();
  if (unshare(CLONE_NEWUSER) < 0) fail("chroot");
  int groups = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);
  if (groups >= 0 && (write(groups, "deny", 4) != 4 || close(groups) < 0)) fail("setgroups");
  if (!write_map("/proc/self/uid_map", uid) || !write_map("/proc/self/gid_map", gid)) fail("chroot");
}

/* A process may have made a smaller root its own, where no /proc leads back to ours. */
static void go_in(int root) {
  struct stat self;
  if (fchdir(root) < 0 || chroot(".") < 0) fail("chroot");
  if (stat("/proc/self", &self) < 0) fail("proc");
}

struct user {
  uid_t uid;
  gid_t gid, groups[64];
  int count, is_wanted;
};

/* Setting what is so already wants CAP_SETGID all the same; a user namespace hides which groups we are in. */
static int is_us(const struct user *user) {
  gid_t own[64];
  if (geteuid() != user->uid || getegid() != user->gid || getgroups(64, own) != user->count) return 0;
  return memcmp(own, user->groups, user->count * sizeof *own) == 0;
}

static struct user parse_user(char *word) {
  struct user user = {0};
  if (strcmp(word, "-") == 0) return user;
  user.uid = strtoul(word, &word, 10);
  user.gid = *word == ':' ? strtoul(word + 1, &word, 10) : user.uid;
  while (*word && user.count < 64) user.groups[user.count++] = strtoul(word + 1, &word, 10);
  user.is_wanted = !is_us(&user);
  return user;
}

static void become(const struct user *user) {
  if (!user->is_wanted) return;
  if (setgroups(user->count, user->groups) < 0) fail("setgroups");
  if (setresgid(user->gid, user->gid, user->gid) < 0) fail("setgid");
  if (setresuid(user->uid, user->uid, user->uid) < 0) fail("setuid");
}

/* `directory` is -1, or open already. */
static void run(int root, int directory, const struct user *user, char **words) {
  go_in(root);
  become(user);
  if (directory < 0 ? chdir(words[0]) < 0 : fchdir(directory) < 0) fail(words[0]);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  prctl(PR_SET_PDEATHSIG, SIGHUP);
  execv(words[2], words + 2);
  fail(words[2]);
}

static void pass_on(int number) {
  if (program > 0) kill(program, number);
}

/* Those whose parent we are, or became; by proc_pid_children(5) of the /proc that numbers them as kill(2) does. */
static int for_each_child(int number) {
  int pid, count = 0;
  int file = openat(own_proc, "thread-self/children", O_RDONLY | O_CLOEXEC);
  FILE *list = file < 0 ? NULL : fdopen(file, "r");
  if (!list) return 0;
  for (; fscanf(list, "%d", &pid) == 1; count++) {
    kill(pid, number);
    kill(pid, SIGCONT);
  }
  fclose(list);
  return count;
}

static void pause_ms(long ms) {
  struct timespec time = {0, ms * 1000000};
  nanosleep(&time, NULL);
}

static void reap(void) {
  while (waitpid(-1, NULL, WNOHANG) > 0);
}

/* Half a second to hang up, then each is killed; their own children come to us and follow. */
static void end_the_rest(void) {
  int left = for_each_child(SIGHUP);
  for (int turn = 0; left > 0 && turn < 50; turn++) {
    pause_ms(10);
    reap();
    left = for_each_child(turn < 20 ? 0 : SIGHUP);
  }
  for (int turn = 0; left > 0 && turn < 100; turn++) {
    left = for_each_child(SIGKILL);
    pause_ms(5);
    reap();
  }
}

/* Ctrl-Z stops all of a shell's job or wedges its terminal; the kernel spares us where no shell is there to go on. */
static void stop_too(int number) {
  if (number != SIGTSTP && number != SIGTTIN && number != SIGTTOU) return;
  if (getpgid(program) != getpgrp()) return;
  signal(SIGTSTP, SIG_DFL);
  raise(SIGTSTP);
  signal(SIGTSTP, SIG_IGN);
}

static int wait_for_program(void) {
  for (;;) {
    int status;
    pid_t ended = waitpid(-1, &status, WUNTRACED);
    if (ended < 0 && errno != EINTR) return 126;
    if (ended != program) continue;
    if (WIFSTOPPED(status)) stop_too(WSTOPSIG(status));
    else return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
}

static void hold(void) {
  struct sigaction forward = {.sa_handler = pass_on};
  for (const int *number = (const int[]){SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, 0}; *number; number++)
    sigaction(*number, &forward, NULL);
  /* What is typed reaches the program itself; at its end the terminal may stop those in the background who write. */
  for (const int *number = (const int[]){SIGINT, SIGQUIT, SIGTSTP, SIGTTOU, SIGTTIN, 0}; *number; number++)
    signal(*number, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
}

/* Field 22 of /proc/PID/stat, behind a name that may hold anything: proc_pid_stat(5). */
static unsigned long long start_of(int process) {
  char stat[1024];
  int file = openat(process, "stat", O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? -1 : read(file, stat, sizeof stat - 1);
  if (length <= 0) fail("open");
  close(file);
  stat[length] = 0;
  char *field = strrchr(stat, ')');
  for (int number = 2; field && number < 22; number++) field = strchr(field + 1, ' ');
  return field ? strtoull(field, NULL, 10) : 0;
}

/* The folder in /proc of one process, which stays its own when the pid is used again: then all in there answers ESRCH. */
static int open_process(char *word) {
  char path[64];
  unsigned long pid = strtoul(word, &word, 10);
  snprintf(path, sizeof path, "/proc/%lu", pid);
  int process = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (process < 0) fail("open");
  if (*word != ':' || start_of(process) != strtoull(word + 1, NULL, 10)) {
    errno = ESRCH;
    fail("open");
  }
  return process;
}

static int open_of(int process, const char *name, int flags) {
  int file = openat(process, name, flags | O_CLOEXEC);
  if (file < 0) fail("open");
  return file;
}

/* The /proc in there shows the processes of its own pid namespace alone; ours must be among them, or /proc/self leads nowhere. */
static int join_pids(int process) {
  struct stat own, other;
  int namespace = open_of(process, "ns/pid", O_RDONLY);
  if (stat("/proc/self/ns/pid", &own) < 0 || fstat(namespace, &other) < 0) fail("stat");
  int is_other = own.st_ino != other.st_ino;
  if (is_other && setns(namespace, CLONE_NEWPID) < 0) fail("setns");
  close(namespace);
  return is_other;
}

/*
 * Nobody becomes the parent of an orphan in another pid namespace: there the first process of that one would, so one of us goes
 * in, does what we would have done, and is waited for.
 */
static void stand_in_there(int root) {
  own_proc = openat(root, "proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (own_proc < 0) fail("proc");
  program = fork();
  if (program < 0) fail("fork");
  if (program > 0) exit(wait_for_program());
  prctl(PR_SET_PDEATHSIG, SIGHUP);
}

static void keep_own_root(void) {
  int own = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (own < 0 || dup2(own, OWN_ROOT) < 0) fail("dup2");
}

/* A child does, since only children are in the pid namespace that was joined. */
static int try_out(int root) {
  program = fork();
  if (program < 0) fail("fork");
  if (program > 0) return wait_for_program();
  go_in(root);
  _exit(0);
}

int main(int argc, char **argv) {
  only_check = argc == 3 && strcmp(argv[1], "--check") == 0;
  if (!only_check && argc < 5) {
    dprintf(2, "usage: enter PID:START DIRECTORY USER FILE ARGUMENT…\n");
    return 126;
  }
  int process = open_process(argv[only_check ? 2 : 1]);
  int root = open_of(process, "root", O_PATH | O_DIRECTORY);
  int directory = !only_check && strcmp(argv[2], "target") == 0 ? open_of(process, "cwd", O_PATH | O_DIRECTORY) : -1;
  struct user user = parse_user(only_check ? "-" : argv[3]);
  int is_elsewhere = join_pids(process);
  if (!may_chroot()) make_user_namespace();
  if (only_check) return try_out(root);
  keep_own_root();
  hold();
  own_proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (is_elsewhere) stand_in_there(root);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  program = fork();
  if (program < 0) fail("fork");
  if (program == 0) run(root, directory, &user, argv + 2);
  int status = wait_for_program();
  program = 0;
  end_the_rest();
  return status;
}
