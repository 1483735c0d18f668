package workshop;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.Patch;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import syscalls.Linux;
import testkit.CheckFailure;
import testkit.Running;
import workshop.transcript.Recorder;
import workshop.transcript.Transcript;
import workshop.transcript.Transcripts;

@Command(
        name = "record",
        description =
                "Record what the book shows anew, from real runs: transcripts, those that this machine's cgroups can"
                        + " show, and the tables of xray.")
final class Record implements Callable<Integer> {
    private static final String TABLES = "xray";

    @Option(names = "--check", description = "Change nothing; print how what there is to see now differs.")
    boolean check;

    @Option(
            names = "--patience",
            paramLabel = "TIMES",
            description = "Wait that many times longer than usual (default: ${DEFAULT-VALUE}).",
            defaultValue = "${env:LAB_PATIENCE:-1}")
    int patience;

    @Parameters(paramLabel = "NAME", description = "Only these of docs/transcripts; xray: the tables.")
    List<String> names = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Running.setLimit(Running.LIMIT * patience);
        Transcripts all = new Transcripts(Lab.checkout());
        List<Transcript> transcripts = new ArrayList<>();
        for (String name : names.isEmpty() ? all.names() : names) {
            if (!name.equals(TABLES)) {
                transcripts.addAll(all.variants(name));
            }
        }
        int different = names.isEmpty() || names.contains(TABLES) ? XrayRecorder.recordAll(check) : 0;
        int failed = 0;
        for (Transcript transcript : transcripts) {
            if (!canShow(transcript)) {
                System.out.println(transcript.name() + ": not recorded, this machine has no cgroup "
                        + transcript.cgroup().orElseThrow());
                continue;
            }
            long start = System.nanoTime();
            try {
                Transcript now = Recorder.record(transcript, Lab.checkout(), patience);
                String diff = diff(transcript, now);
                String outcome = diff.isEmpty() ? "the same" : check ? "DIFFERENT" : "changed";
                System.out.printf(
                        Locale.ROOT,
                        "%s: %s (%.1f s)%n%s",
                        transcript.name(),
                        outcome,
                        (System.nanoTime() - start) / 1e9,
                        diff);
                if (!diff.isEmpty()) {
                    different++;
                    if (!check) {
                        Files.writeString(transcript.file(), now.text());
                    }
                }
            } catch (IOException | CheckFailure e) {
                failed++;
                System.out.println(transcript.name() + ": FAILED");
                System.err.println("lab: " + e.getMessage());
            }
        }
        return failed > 0 || check && different > 0 ? 1 : 0;
    }

    /** Whether this machine has the cgroups that it is about. */
    static boolean canShow(Transcript transcript) {
        return transcript.cgroup().isEmpty() || transcript.cgroup().get().equals(kind());
    }

    /** Of the pids controller: v1 or v2, or that there is none. */
    static String kind() {
        try {
            boolean v2 = Files.exists(Linux.cgroupHierarchy("pids").resolve("cgroup.controllers"));
            return v2 ? "v2" : "v1";
        } catch (IOException e) {
            return "without pids";
        }
    }

    /** How what there is to see now differs from what is kept, as a unified diff; nothing if it does not. */
    static String diff(Transcript kept, Transcript now) throws IOException {
        String file = Lab.checkout().relativize(kept.file()).toString();
        List<String> before = Files.readAllLines(kept.file());
        Patch<String> patch = DiffUtils.diff(before, now.text().lines().toList());
        if (patch.getDeltas().isEmpty()) {
            return "";
        }
        int line = patch.getDeltas().get(0).getSource().getPosition() + 1;
        return file + ":" + line + ": from here on it is otherwise now\n"
                + String.join("\n", UnifiedDiffUtils.generateUnifiedDiff(file, file + " (now)", before, patch, 3))
                + "\n";
    }
}
