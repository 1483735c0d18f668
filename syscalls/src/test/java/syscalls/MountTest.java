package syscalls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MountTest {
    private static final List<Mount> MOUNTS = parse("""
            27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard
            31 27 0:27 / /tmp rw,nosuid,nodev,noexec shared:3 - tmpfs tmpfs rw
            32 31 0:28 / /tmp/a\\040b rw - proc proc rw
            33 31 0:29 / /tmp rw - tmpfs tmpfs rw,size=1k
            """);

    private static List<Mount> parse(String mountinfo) {
        return Mount.parse(mountinfo.getBytes(UTF_8));
    }

    @Test
    void readsPointTypeAndOptionsWhateverThePropagationFields() {
        assertThat(MOUNTS.get(0))
                .isEqualTo(new Mount(
                        27,
                        1,
                        "254:0",
                        "/",
                        Path.of("/"),
                        "ext4",
                        List.of("rw", "relatime"),
                        List.of("rw", "discard")));
        assertThat(MOUNTS.get(2).point()).isEqualTo(Path.of("/tmp/a b"));
    }

    @Test
    void namesMayBeOfAnyBytes() {
        String line = "40 27 0:30 / /mnt/%s rw - tmpfs tmpfs rw\n";
        String mountinfo = line.replace("%s", "caf\u00e9") + line.replace("%s", "a\rb\\011\\012\\134$1\\040")
                + "27 1 254:0 / / rw - ext4 x rw\n";

        List<Mount> mounts = Mount.parse(mountinfo.getBytes(ISO_8859_1));

        assertThat(mounts)
                .extracting(mount -> mount.point().toString())
                .containsExactly("/mnt/caf\ufffd", "/mnt/a\rb\t\n\\$1 ", "/");
    }

    /** proc(5): what the kernel escapes, and that all else may come. */
    @Test
    void nothingThatTheKernelPrintsIsTooMuchForIt() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            ByteArrayOutputStream mountinfo = new ByteArrayOutputStream();
            int lines = 1 + random.nextInt(5);
            for (int line = 0; line < lines; line++) {
                mountinfo.writeBytes(("" + line + " 1 0:" + line + " ").getBytes(UTF_8));
                mountinfo.writeBytes(name(random));
                mountinfo.write(' ');
                mountinfo.writeBytes(name(random));
                mountinfo.writeBytes(" rw".getBytes(UTF_8));
                mountinfo.writeBytes(" shared:7".repeat(random.nextInt(3)).getBytes(UTF_8));
                mountinfo.writeBytes(" - ".getBytes(UTF_8));
                mountinfo.writeBytes(List.of("ext4 ", "fuse.a\\040b ", "cgroup2 ")
                        .get(random.nextInt(3))
                        .getBytes(UTF_8));
                mountinfo.writeBytes(name(random));
                mountinfo.write(' ');
                mountinfo.writeBytes(name(random));
                mountinfo.write('\n');
            }

            List<Mount> mounts = Mount.parse(mountinfo.toByteArray());

            assertThat(mounts).as("-Dseed=" + seed + ", round " + round).hasSize(lines);
            mounts.forEach(mount -> mount.isVisible(mounts));
            for (Mount mount : mounts) {
                assertThat(mount.point()).isAbsolute();
                assertThat(mount.device()).isEqualTo("0:" + mount.id());
            }
        }
    }

    private static byte[] name(Random random) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        name.write('/');
        for (int length = random.nextInt(20); length > 0; length--) {
            int octet = 1 + random.nextInt(255);
            if (" \t\n\\#".indexOf(octet) >= 0) {
                name.writeBytes(String.format(Locale.ROOT, "\\%03o", octet).getBytes(UTF_8));
            } else {
                name.write(octet);
            }
        }
        return name.toByteArray();
    }

    @Test
    void theLayersOfAnOverlayMayHaveAnyName() {
        String options = "rw,lowerdir=/high\\134:a:/lo\\134,w\\040b,upperdir=/u,workdir=/w";

        Mount overlay =
                parse("1 0 0:1 / / rw - overlay overlay " + options + "\n").get(0);

        assertThat(overlay.lowerLayers()).containsExactly(Path.of("/high:a"), Path.of("/lo,w b"));
        assertThat(MOUNTS.get(0).lowerLayers()).isEmpty();
    }

    @Test
    void isVisibleUnlessAnotherCoversItOrADirectoryAboveIt() {
        List<Mount> mounts = parse("""
                1 0 254:0 / / rw - ext4 /dev/vda rw
                2 1 0:2 / /sys/fs/cgroup rw - tmpfs tmpfs rw
                3 2 0:3 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
                4 2 0:4 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                5 4 0:5 / /sys/fs/cgroup/memory rw - tmpfs tmpfs rw
                6 1 0:6 / /mnt rw - tmpfs tmpfs rw
                7 6 0:7 / /mnt/a/b rw - tmpfs tmpfs rw
                8 6 0:8 / /mnt/a rw - tmpfs tmpfs rw
                9 8 0:9 / /mnt/a/b rw - tmpfs tmpfs rw
                """);

        assertThat(mounts.stream().filter(mount -> mount.isVisible(mounts)).map(Mount::id))
                .containsExactly(1, 2, 3, 5, 6, 8, 9);
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
