package testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTest {
    private static final List<Mount> MOUNTS = Mount.parse("""
            27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard
            31 27 0:27 / /tmp rw,nosuid,nodev,noexec shared:3 - tmpfs tmpfs rw
            32 31 0:28 / /tmp/a\\040b rw - proc proc rw
            33 31 0:29 / /tmp rw - tmpfs tmpfs rw,size=1k
            """);

    @Test
    void readsPointTypeAndOptionsWhateverThePropagationFields() {
        assertThat(MOUNTS.get(0))
                .isEqualTo(new Mount(
                        "254:0", "/", Path.of("/"), "ext4", List.of("rw", "relatime"), List.of("rw", "discard")));
        assertThat(MOUNTS.get(2).point()).isEqualTo(Path.of("/tmp/a b"));
    }

    @Test
    void aFileLiesOnTheLastMountThatCoversIt() {
        assertThat(Mount.under(Path.of("/tmp/x"), MOUNTS)).contains(MOUNTS.get(3));
        assertThat(Mount.under(Path.of("/tmpfoo"), MOUNTS)).contains(MOUNTS.get(0));
    }

    @Test
    void belowADirectoryIsOnItToo() {
        assertThat(Mount.below(Path.of("/tmp"), MOUNTS)).hasSize(3);
        assertThat(Mount.below(Path.of("/tm"), MOUNTS)).isEmpty();
    }
}
