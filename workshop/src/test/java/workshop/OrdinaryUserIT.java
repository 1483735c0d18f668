package workshop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import syscalls.Leftovers;
import testkit.Privileged;

/** An attendee who is not root, with sudo, a home and a checkout of their own, types what the README says. */
@Privileged
@TestMethodOrder(OrderAnnotation.class)
class OrdinaryUserIT {
    private static final String USER = "lab-test-" + ProcessHandle.current().pid();
    private static final Path HOME = Path.of("/var/tmp", USER);
    private static final Path CHECKOUT = HOME.resolve("workshop");
    private static final Path SUDOERS = Path.of("/etc/sudoers.d", USER);
    private static final String RUN = "src/main/java/container/Run.java";

    private record Result(int status, String output) {}

    @BeforeAll
    static void makeUser() throws Exception {
        root("useradd", "--create-home", "--home-dir", HOME.toString(), "--shell", "/bin/bash", USER);
        Files.createFile(SUDOERS);
        Files.setPosixFilePermissions(SUDOERS, fromString("r--r-----"));
        Files.writeString(SUDOERS, USER + " ALL=(ALL) NOPASSWD: ALL\n");
        // Maven and its repository, so that nothing is downloaded again; and what is built already.
        root("cp", "-a", System.getProperty("user.home") + "/.m2", HOME.toString());
        Files.createDirectory(CHECKOUT);
        root(
                "sh",
                "-c",
                "tar -c --exclude=./.git --exclude='./my-container*' --exclude=./vm/target . | tar -x -C " + CHECKOUT);
        root("chown", "-R", USER + ":", HOME.toString());
    }

    @AfterAll
    static void removeUser() throws Exception {
        Files.deleteIfExists(SUDOERS);
        root("userdel", USER);
        Leftovers.deleteTree(HOME);
    }

    private static void root(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(Lab.checkout().toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** Standard output and error of what the user types. */
    private static Result type(String... command) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of("runuser", "-u", USER, "--", "env", "-i"));
        words.addAll(List.of("PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + HOME, "LAB_HOME=" + HOME.resolve("lab")));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words)
                .directory(CHECKOUT.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return new Result(process.exitValue(), output);
    }

    private static void assertEnds(int status, Result result, String... texts) {
        assertThat(result.status()).as(result.output()).isEqualTo(status);
        assertThat(result.output()).contains(texts);
    }

    @Test
    @Order(1)
    void startCheckEditCheckAndRun() throws Exception {
        assertEnds(0, type("./lab", "start", "1"), "my-container");
        assertEnds(1, type("./lab", "check"), "Building my-container", "NOT OK 1 ");
        edit(
                CHECKOUT.resolve("step01-exec").resolve(RUN),
                CHECKOUT.resolve("my-container").resolve(RUN));
        assertEnds(0, type("./lab", "check"), "Building my-container", "All ");
        assertEnds(0, type("./lab", "run", "mine", "echo", "hello"), "\nhello\n");
        assertNothingOfRoots();
    }

    @Test
    @Order(2)
    void editAStepRunItRestoreItAndRunItAgain() throws Exception {
        Path source = CHECKOUT.resolve("step03-pid-chroot").resolve(RUN);
        Path kept = HOME.resolve("Run.java");
        edit(source, kept);
        type("sed", "-i", "s/Running /Now running /", source.toString());
        assertEnds(0, type("./lab", "run", "3", "true"), "Building step 3", "Now running [true] as ");

        edit(kept, source); // with its old time
        assertEnds(0, type("./lab", "run", "3", "true"), "Building step 3", "\nRunning [true] as ");
        assertThat(type("./lab", "run", "3", "true").output()).doesNotContain("Building", "Now");
        assertNothingOfRoots();
    }

    @Test
    @Order(3)
    void aTimeInTheFutureIsBuiltOnce() throws Exception {
        Path source = CHECKOUT.resolve("step03-pid-chroot").resolve(RUN);
        type("touch", "-d", "2040-01-01", source.toString());

        assertEnds(0, type("./lab", "run", "3", "true"), "Building step 3");
        assertThat(type("./lab", "run", "3", "true").output()).doesNotContain("Building");
    }

    /** What the compiler refuses, and what is killed or has no room, counts as not built, until it is. */
    @Test
    @Order(4)
    void aBuildThatFailsLeavesNothingThatRuns() throws Exception {
        Path source = CHECKOUT.resolve("step03-pid-chroot").resolve(RUN);
        Path kept = HOME.resolve("Run.java");
        edit(source, kept);
        type("sed", "-i", "s/unshare(/unshard(/", source.toString());
        assertEnds(125, type("./lab", "run", "3", "true"), "cannot find symbol");
        assertEnds(125, type("./lab", "run", "3", "true"), "cannot find symbol");

        edit(kept, source);
        for (String moment :
                List.of("classes/container/Run.class", "new/step03-pid-chroot.jar", "new/step03-pid-chroot.jsa")) {
            String killed = "rm -rf step03-pid-chroot/target; setsid ./lab run 3 true & "
                    + "until [ -e step03-pid-chroot/target/" + moment + " ] || ! kill -0 $!; do sleep 0.01; done; "
                    + "kill -9 -- -$!; wait";
            Path built = CHECKOUT.resolve("step03-pid-chroot/target/step03-pid-chroot.sources");
            for (int i = 0; i < 5 && (i == 0 || Files.exists(built)); i++) { // it may have been killed too late
                type("bash", "-c", killed);
            }
            assertThat(built).as("killed when there was " + moment).doesNotExist();
            assertEnds(0, type("./lab", "run", "3", "true"), "Building step 3", "\nRunning [true] as 1\n");
        }
        assertNothingOfRoots();
    }

    @Test
    @Order(5)
    void aFullDisk() throws Exception {
        String full = "cd " + CHECKOUT + "; mount -t tmpfs -o size=2m,mode=777 tmpfs step03-pid-chroot/target; "
                + "exec runuser -u " + USER + " -- env LC_ALL=C.UTF-8 HOME=" + HOME + " LAB_HOME=" + HOME
                + "/lab ./lab run 3 true";
        Process process = new ProcessBuilder("unshare", "--mount", "sh", "-c", full)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(125);
        assertThat(output).contains("No space left on device").doesNotContain("Running");

        assertEnds(0, type("./lab", "run", "3", "true"), "\nRunning [true] as 1\n");
    }

    private static void edit(Path from, Path to) throws Exception {
        assertThat(type("cp", "-a", from.toString(), to.toString()).status()).isZero();
    }

    private static void assertNothingOfRoots() throws IOException {
        try (var tree = Files.walk(CHECKOUT)) {
            assertThat(tree.filter(file -> isRoots(file))).isEmpty();
        }
    }

    private static boolean isRoots(Path file) {
        try {
            return Files.getOwner(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                    .getName()
                    .equals("root");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
