package workshop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import testkit.Privileged;
import workshop.transcript.Recorder;
import workshop.transcript.Transcript;
import workshop.transcript.Transcripts;

/** What the book shows is what there is to see. */
@Privileged
class TranscriptsIT {
    private static final int PATIENCE = Integer.parseInt(System.getenv().getOrDefault("LAB_PATIENCE", "1"));

    private final Transcripts kept = new Transcripts(Lab.checkout());

    private List<Transcript> all() throws IOException {
        List<Transcript> transcripts = new ArrayList<>();
        for (String name : kept.names()) {
            transcripts.add(kept.read(name));
        }
        return transcripts;
    }

    /** Those for the other kind of cgroups are run on a machine of that kind. */
    @TestFactory
    List<DynamicTest> runAsTheyDid() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Transcript transcript : all()) {
            if (Record.canShow(transcript)) {
                tests.add(dynamicTest(transcript.name() + ": " + transcript.title(), () -> {
                    String diff = Record.diff(transcript, Recorder.record(transcript, Lab.checkout(), PATIENCE));
                    if (!diff.isEmpty()) {
                        fail("stale; ./lab record " + transcript.name() + " would make it so:\n" + diff);
                    }
                }));
            }
        }
        return tests;
    }

    @Test
    void eachStepHasOneAndThoseForOneKindOfCgroupsAreThereForTheOther() throws IOException {
        assertThat(all())
                .extracting(transcript -> transcript.attributes().get("step"))
                .contains("1", "2", "3", "4", "5", "6");
        List<Transcript> ofAKind = all().stream()
                .filter(transcript -> transcript.cgroup().isPresent())
                .toList();
        assertThat(ofAKind).extracting(transcript -> transcript.cgroup().get()).contains("v1", "v2");
        assertThat(ofAKind).allSatisfy(transcript -> assertThat(
                        kept.variants(transcript.name().replaceFirst("\\.v[12]$", "")))
                .hasSize(2));
    }
}
