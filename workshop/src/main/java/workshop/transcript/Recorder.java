package workshop.transcript;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import testkit.Host;
import testkit.Result;
import testkit.Running;
import workshop.transcript.Transcript.Entry;

/** Types a transcript at real terminals on a host of its own, where its end takes with it all that was started. */
public final class Recorder {
    private static final String HOST_PROMPT = Host.NAME + "# ";

    /** Of the screen, in a message: lines. */
    private static final int SCREEN = 24;

    private final Transcript transcript;
    private final Duration limit;
    private final Scrub scrub;
    private final Map<String, Pane> panes = new LinkedHashMap<>();
    private final Map<Entry, List<String>> outputs = new HashMap<>();

    private Recorder(Transcript transcript, Duration limit) {
        this.transcript = transcript;
        this.limit = limit;
        this.scrub = new Scrub(transcript.rules());
    }

    /**
     * Runs it, which needs root, and says what there was to see then.
     *
     * @param checkout the working directory
     * @param patience how many times longer than elsewhere everything may take here
     * @throws TranscriptException with the line that did not end, and what its terminal showed
     */
    public static Transcript record(Transcript transcript, Path checkout, int patience) throws IOException {
        Recorder recorder = new Recorder(transcript, Duration.ofSeconds((long) transcript.limit() * patience));
        try (Host host = new Host()) {
            recorder.open(host, checkout);
            for (Entry entry : transcript.entries()) {
                recorder.type(entry);
            }
            for (Pane pane : recorder.panes.values()) {
                pane.collect();
            }
        }
        return new Transcript(
                transcript.file(),
                transcript.attributes(),
                transcript.entries().stream()
                        .map(entry -> entry.with(recorder.outputs.getOrDefault(entry, List.of())))
                        .toList());
    }

    private void open(Host host, Path checkout) throws IOException {
        // LAB_HOME in its usual place, sharing what is mounted there with no other. If the kernel cannot be told where
        // PIDs go on, they are used up. So many forks take up to a minute in a guest; on x86_64, where clone(2) has the
        // number 56, one that cannot store its pidfd at address 1 (EFAULT) does as well. 0x5111 is CLONE_VM |
        // CLONE_PIDFD | CLONE_VFORK | SIGCHLD.
        Result result = host.execute(String.format(Locale.ROOT, """
                set -e
                mkdir -p lab /var/lib/lab
                rm rootfs/etc/lab-host
                mv rootfs lab
                mount --bind lab /var/lib/lab
                mount --make-private /var/lib/lab
                mount --make-shared /var/lib/lab
                { echo %1$d > /proc/sys/kernel/ns_last_pid; } 2> /dev/null || {
                    [ "$(uname -m)" != x86_64 ] ||
                    perl -e 'syscall 56, 0x5111, 0, 1, 0, 0 for $$ .. %1$d - 2' || :
                    until : & wait; [ $! -gt %1$d ]; do :; done
                }
                """, Scrub.FIRST_PID));
        if (result.exit() != 0) {
            throw new IOException(
                    "cannot make a host to record on: " + result.err().strip());
        }
        String java = System.getProperty("java.home");
        String shell = "stty cols " + transcript.columns() + " rows 24 && cd " + quoted("" + checkout)
                + " && exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:"
                + quoted(java + "/bin") + " JAVA_HOME=" + quoted(java) + " HOME=/root LANG=C.UTF-8 TERM=dumb"
                + " LAB_HOME=/var/lib/lab HISTFILE=/dev/null PS1='\\h# ' bash --norc --noprofile";
        for (String name : transcript.panes()) {
            panes.put(name, new Pane(name, host.terminal(shell)));
        }
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private void type(Entry entry) throws IOException {
        Pane pane = panes.get(entry.pane());
        pane.awaitPromptOf(entry);
        panes.values().forEach(Pane::peek);
        pane.type(entry);
        if (!entry.running()) {
            pane.awaitAnyPrompt();
        }
    }

    private TranscriptException failure(Entry entry, String what, String shown) {
        List<String> lines = shown.lines().toList();
        String screen = String.join("\n", lines.subList(Math.max(0, lines.size() - SCREEN), lines.size()));
        return new TranscriptException(
                transcript.file(), entry.line(), what + "; the " + entry.pane() + "'s terminal shows\n" + screen);
    }

    private final class Pane {
        private final Running terminal;
        private final Set<String> prompts = new HashSet<>(Set.of(HOST_PROMPT));

        /** What was typed last: its output is what is shown after {@link #echo}, from {@link #start} on. */
        private Entry typed;

        private String echo = "";
        private int start;

        Pane(String name, Running terminal) {
            this.terminal = terminal;
            for (Entry entry : transcript.entries()) {
                if (entry.pane().equals(name) && !entry.prompt().isEmpty()) {
                    prompts.add(entry.prompt());
                    typed = typed == null ? entry : typed; // so that a failure before it has a line
                }
            }
        }

        private String shown() {
            return Terminal.text(new String(terminal.out().getBytes(ISO_8859_1), UTF_8));
        }

        private String sinceTyped() {
            return shown().substring(start);
        }

        private String lastLine() {
            String text = sinceTyped();
            return text.startsWith(echo) ? text.substring(Math.max(echo.length(), text.lastIndexOf('\n') + 1)) : "";
        }

        void awaitAnyPrompt() throws TranscriptException {
            await(() -> prompts.contains(lastLine()));
        }

        /** Before it is typed. */
        void awaitPromptOf(Entry entry) throws TranscriptException {
            if (entry.prompt().isEmpty()) {
                await(() -> sinceTyped().startsWith(echo));
                return;
            }
            if (typed.running() || start == 0) {
                await(() -> lastLine().equals(entry.prompt()));
            }
            if (!lastLine().equals(entry.prompt())) {
                throw failure(entry, "the prompt is not '" + entry.prompt() + "'", shown());
            }
        }

        private void await(BooleanSupplier condition) throws TranscriptException {
            try {
                Awaitility.await()
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(10))
                        .atMost(limit)
                        .until(() -> condition.getAsBoolean() || !terminal.isAlive());
            } catch (ConditionTimeoutException e) {
                throw failure(
                        typed,
                        "stopped: no end of '" + typed.input() + "' within " + limit.toSeconds() + " s",
                        shown());
            }
            if (!condition.getAsBoolean()) {
                throw failure(typed, "'" + typed.input() + "' has ended the terminal", shown());
            }
        }

        void type(Entry entry) throws IOException {
            collect();
            typed = entry;
            echo = entry.isKey() ? entry.input() : scrub.input(entry.input()) + "\n";
            start = shown().length();
            terminal.type(entry.isKey() ? "" + (char) (entry.input().charAt(1) - '@') : echo);
            if (entry.prompt().isEmpty()) {
                int from = start;
                await(() -> shown().indexOf(echo, from) >= 0);
                start = shown().indexOf(echo, from); // the line before may have shown more until then
            }
        }

        /** So that numbers are known which a line that still runs has shown. */
        void peek() {
            if (start > 0 && !typed.hidden()) {
                String text = sinceTyped();
                scrub.output(text.substring(0, text.lastIndexOf('\n') + 1));
            }
        }

        /** Takes what was shown since the last line was typed, without its echo and the prompt at the end. */
        void collect() {
            if (start == 0 || typed.hidden()) {
                return;
            }
            String text = sinceTyped().substring(echo.length());
            int last = text.lastIndexOf('\n') + 1;
            String output = prompts.contains(text.substring(last)) ? text.substring(0, last) : text;
            List<String> lines = new ArrayList<>(scrub.output(output)
                    .lines()
                    .map(Terminal::withoutTabs)
                    .map(String::stripTrailing)
                    .toList());
            Transcript.withoutBlankEnd(lines);
            outputs.put(typed, lines);
        }
    }
}
