#include <sys/stat.h>
#include <unistd.h>

/* Leaves a chroot, and becomes the command. */
int main(int argc, char **argv) {
    mkdir("/tmp/below", 0700);
    if (chroot("/tmp/below") != 0) /* the working directory stays where it is: outside */
        return 1;
    for (int i = 0; i < 100; i++)
        chdir(".."); /* which stops at the root directory only, and that is elsewhere now */
    chroot(".");
    execvp(argv[1], argv + 1);
    return 127;
}
