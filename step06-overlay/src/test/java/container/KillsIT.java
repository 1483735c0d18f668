package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import testkit.Privileged;
import testkit.Proc;
import testkit.Running;

/** kill -9 at any moment: the right exit code, and nothing left. */
@Privileged
@Tag("fire")
class KillsIT {
    private static final int KILLS = Fire.FULL ? 100 : 30;
    private static final String AT_LAST = "8 command";
    private static final String[] COMMAND = {"sleep", "1000"};

    private Fire fire;

    @BeforeEach
    void makeHost() throws IOException {
        fire = new Fire();
    }

    @AfterEach
    void endHost() throws IOException {
        fire.close();
    }

    /** What is left of it, no process can remove; the next run does. */
    @Test
    void killOfRun() throws IOException {
        Random random = random("killOfRun");
        double longest = fromStartToCommand();
        Map<String, Integer> moments = new TreeMap<>();
        int leftByKilled = 0;
        for (int kill = 0; kill < KILLS - 2 * (KILLS / 3); kill++) {
            try (Running running = fire.host.start(COMMAND)) {
                long time = System.nanoTime() + (long) (longest * random.nextDouble());
                Proc run = onlyChild(new Proc(running.pid()));
                LockSupport.parkNanos(time - System.nanoTime()); // nothing is waited for: it is to be any moment
                String moment = moment(run);
                kill(run);
                moments.merge(moment, 1, Integer::sum);
                longest *= moment.equals(AT_LAST) ? 0.8 : 1.05; // the machine may be slower or faster now

                assertThat(running.result().exit()).as(running.err()).isEqualTo(137);
            }
            List<String> left = fire.leftoversAtRest();
            assertThat(left).allMatch(what -> what.startsWith("cgroup ") || what.startsWith("directory "));
            leftByKilled += left.isEmpty() ? 0 : 1;
            assertThat(fire.host.run("true").exit()).isZero();
            assertThat(fire.leftovers()).isEmpty();
        }
        System.out.printf(
                Locale.ROOT,
                "fire: kill -9 of run, %s; %d left something, 0 after the next run%n",
                moments,
                leftByKilled);
    }

    @Test
    void killOfChildBeforeExecve() throws IOException {
        Random random = random("killOfChildBeforeExecve");
        double longest = fromStartToCommand() / 2; // it starts half-way
        Map<String, Integer> moments = new TreeMap<>();
        for (int kill = 0; kill < KILLS / 3; kill++) {
            try (Running running = fire.host.start(COMMAND)) {
                Proc run = onlyChild(new Proc(running.pid()));
                Proc child = onlyChild(run);
                LockSupport.parkNanos((long) (longest * random.nextDouble()));
                String moment = moment(run);
                kill(child);
                moments.merge(moment, 1, Integer::sum);
                longest *= moment.equals(AT_LAST) ? 0.8 : 1.05;

                assertThat(running.result().exit()).as(running.err()).isEqualTo(137);
            }
            assertThat(fire.leftovers()).isEmpty();
        }
        System.out.printf(Locale.ROOT, "fire: kill -9 of child, %s; left: 0%n", moments);
    }

    @Test
    void killOfChildAfterExecve() throws IOException {
        Random random = random("killOfChildAfterExecve");
        for (int kill = 0; kill < KILLS / 3; kill++) {
            try (Running running = fire.host.start(COMMAND)) {
                Proc command = running.command(COMMAND);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(50)));
                kill(command);

                assertThat(running.result().exit()).as(running.err()).isEqualTo(137);
            }
            assertThat(fire.leftovers()).isEmpty();
        }
        System.out.printf(Locale.ROOT, "fire: kill -9 of the command, %d times; left: 0%n", KILLS / 3);
    }

    private static Random random(String what) {
        long seed = Long.getLong("fire.seed", System.nanoTime());
        System.out.printf(Locale.ROOT, "fire: %s, -Dfire.seed=%d%n", what, seed);
        return new Random(seed);
    }

    private long fromStartToCommand() throws IOException {
        long start = System.nanoTime();
        try (Running running = fire.host.start(COMMAND)) {
            running.command(COMMAND);
            long end = System.nanoTime();
            kill(running.command(COMMAND));
            running.result();
            return end - start;
        }
    }

    private static void kill(Proc process) {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static Proc onlyChild(Proc parent) {
        Proc[] child = new Proc[1];
        Running.waitUntil("process " + parent.pid() + " has a child", () -> {
            child[0] = childOf(parent);
            return child[0] != null;
        });
        return child[0];
    }

    private static Proc childOf(Proc parent) {
        return ProcessHandle.of(parent.pid()).stream()
                .flatMap(ProcessHandle::children)
                .map(child -> new Proc(child.pid()))
                .findFirst()
                .orElse(null);
    }

    /** How far a run has come, by what the kernel shows. */
    private String moment(Proc run) {
        try {
            Proc child = childOf(run);
            if (child != null) {
                if (child.cmdline().equals(List.of(COMMAND))) {
                    return AT_LAST;
                }
                if (child.cgroup("pids").getFileName().toString().startsWith("container-")) {
                    return "7 in its cgroup";
                }
                boolean mounted = child.mounts().stream().anyMatch(mount -> mount.contains(" - overlay "));
                return mounted ? "6 overlay mounted" : "5 child starts";
            }
            String[] directories =
                    fire.host.directory().resolve("containers").toFile().list();
            if (!fire.host.groups().isEmpty()) {
                return "4 cgroup made";
            }
            if (directories != null && directories.length > 0) {
                return "3 directories made";
            }
            try (var threads = Files.list(Path.of("/proc", "" + run.pid(), "task"))) {
                for (Path thread : threads.toList()) {
                    if (!Files.readSymbolicLink(thread.resolve("ns/mnt"))
                            .toString()
                            .equals(fire.host.init().namespace("mnt"))) {
                        return "2 unshared";
                    }
                }
            }
            return "1 run starts";
        } catch (IOException | java.io.UncheckedIOException e) {
            return "0 between two";
        }
    }
}
