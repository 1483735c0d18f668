package container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import testkit.Privileged;
import testkit.Result;
import testkit.Running;

/** Right exit codes, and nothing left. It takes longest, so it comes first; the others run beside it. */
@Privileged
@Tag("fire")
@Order(1)
class ManyRunsIT {
    private static final int IN_A_ROW = Fire.FULL ? 500 : 50;
    private static final int ROWS = 2; // beside each other on one host: a single one leaves processors idle
    private static final int AT_ONCE = 30;

    private Fire fire;

    @BeforeEach
    void makeHost() throws IOException {
        Running.setLimit(5 * Running.LIMIT); // of those at once the last waits for all
        fire = new Fire();
    }

    @AfterEach
    void endHost() throws IOException {
        Running.setLimit(Running.LIMIT);
        fire.close();
    }

    /** It writes, deletes and renames, and ends with a code of its own. */
    private static String[] command(int number) {
        return new String[] {"sh", "-c", "echo " + number + " > /n; rm /bin/true; mv /n /m; cat /m; exit $(cat /m)"};
    }

    private static void assertRan(int number, Result result) {
        assertThat(result.exit()).as("run %d: %s", number, result.err()).isEqualTo(number);
        assertThat(result.out()).isEqualTo(number + "\n");
    }

    @Test
    void manyRunsInARow() throws Exception {
        ExecutorService rows = Executors.newFixedThreadPool(ROWS);
        try {
            for (Future<Void> row : rows.invokeAll(Collections.<Callable<Void>>nCopies(ROWS, this::row))) {
                row.get();
            }
        } finally {
            rows.shutdownNow();
        }

        List<String> left = fire.leftovers();
        System.out.printf(Locale.ROOT, "fire: %d runs in %d rows, left: %d%n", IN_A_ROW, ROWS, left.size());
        assertThat(left).isEmpty();
    }

    private Void row() throws IOException {
        for (int i = 0; i < IN_A_ROW / ROWS; i++) {
            assertRan(i % 128, fire.host.run(command(i % 128)));
        }
        return null;
    }

    @Test
    void manyRunsAtOnce() throws IOException {
        fire.limit("pids", "pids.max", "pids.max", "" + 100 * AT_ONCE); // a run has some 36 threads
        List<Running> running = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                running.add(fire.host.start(
                        "sh", "-c", "echo ready; read go; exec \"$@\"", "sh", "sh", "-c", command(i)[2]));
            }
            for (Running each : running) {
                each.awaitOutput("ready");
            }
            assertThat(fire.host.groups()).hasSize(AT_ONCE);
            for (Running each : running) {
                each.type("\n");
            }
            for (int i = 0; i < AT_ONCE; i++) {
                Result result = running.get(i).result();
                assertRan(i, new Result(result.exit(), result.out().replaceFirst("ready\n", ""), result.err()));
            }
        } finally {
            running.forEach(Running::close);
        }

        List<String> left = fire.leftovers();
        System.out.printf(Locale.ROOT, "fire: %d runs at once, left: %d%n", AT_ONCE, left.size());
        assertThat(left).isEmpty();
    }
}
